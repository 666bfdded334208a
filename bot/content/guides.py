"""Guides: Markdown with front matter, one file a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import frontmatter
import yaml
from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.content.errors import ContentError
from bot.content.slugs import Slug
from bot.domain.locales import Locale

# What Telegram can show of Markdown; anything else would be lost or shown raw.
ALLOWED_MARKS = frozenset(
    {
        "heading_open",
        "paragraph_open",
        "bullet_list_open",
        "ordered_list_open",
        "list_item_open",
        "blockquote_open",
        "strong_open",
        "em_open",
        "link_open",
        "code_inline",
        "text",
        "softbreak",
        "hardbreak",
        "inline",
    }
)
# A title is a button's text: longer ones are cut off on phones.
MAX_TITLE = 32


class _Head(BaseModel):
    model_config = ConfigDict(extra="forbid")

    slug: Slug
    title: str = Field(min_length=1, max_length=MAX_TITLE)
    reviewed_on: date
    references: list[str] = Field(min_length=1)
    confidence: Literal["H", "M", "L", "C", "B"]


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide in one language; *body* is Markdown with placeholders in braces."""

    slug: str
    locale: Locale
    title: str
    reviewed_on: date
    confidence: str
    body: str

    @property
    def heading(self) -> str:
        """The first line: the answer of the guide."""
        return self.body.partition("\n")[0].removeprefix("# ")


Guides = Mapping[str, Mapping[Locale, Guide]]


def load_guides(folder: Path) -> Guides:
    """Read ``<folder>/<locale>/guides/*.md``, by slug and locale.

    Raises:
        ContentError: a file is not of its form, or a guide is missing in a language.
    """
    guides: dict[str, dict[Locale, Guide]] = {}
    for locale in Locale:
        for path in sorted((folder / locale / "guides").glob("*.md")):
            guides.setdefault(path.stem, {})[locale] = _load(path, locale)
    for slug, by_locale in guides.items():
        if missing := [locale.value for locale in Locale if locale not in by_locale]:
            raise ContentError(f"guide {slug} is missing in {', '.join(missing)}")
    return guides


def unknown_marks(body: str) -> list[str]:
    """List Markdown in a guide that Telegram cannot show."""
    tokens = MarkdownIt("commonmark").parse(body)
    kinds = {inner.type for token in tokens for inner in (token, *(token.children or ()))}
    return sorted(kind for kind in kinds - ALLOWED_MARKS if not kind.endswith("_close"))


def _load(path: Path, locale: Locale) -> Guide:
    try:
        post = frontmatter.loads(path.read_text(encoding="utf-8"))
        head = _Head.model_validate(post.metadata)
    except UnicodeDecodeError:
        raise ContentError(f"{path} is not UTF-8: save it as UTF-8") from None
    except (ValidationError, yaml.YAMLError) as error:
        raise ContentError(f"{path}: {error}") from error
    if head.slug != path.stem:
        raise ContentError(f"{path}: slug {head.slug!r} differs from the file's name")
    return Guide(head.slug, locale, head.title, head.reviewed_on, head.confidence, post.content)
