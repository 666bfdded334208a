"""Ready letters: for offices of Kazakhstan, so in Kazakh and in Russian."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, RootModel

from bot.content.errors import ContentError
from bot.content.slugs import Slug
from bot.content.translated import Translated
from bot.content.yaml_files import read_yaml

LetterLanguage = Literal["kk", "ru"]
LETTER_LANGUAGES: tuple[LetterLanguage, ...] = get_args(LetterLanguage)
BLANK = "________"
_MAX_CHARACTERS = 2000


class LetterHead(BaseModel):
    """What a reader sees before opening a letter.

    Attributes:
        title: a button's text.
        about: what the letter says, in a sentence.
        guides: the guides that offer it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Translated
    about: Translated
    guides: list[str]


class _File(RootModel[dict[Slug, LetterHead]]):
    pass


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter; a body may name ``{months}``, the months it is about."""

    slug: str
    head: LetterHead
    bodies: Mapping[LetterLanguage, str]

    def filled(self, language: LetterLanguage, months: str = "") -> str:
        """Write the letter; what is not known stays a blank to fill by hand."""
        return self.bodies[language].format(months=months or BLANK)


class Letters:
    def __init__(self, letters: Iterable[Letter]) -> None:
        self._by_slug = {letter.slug: letter for letter in letters}

    def __iter__(self) -> Iterator[Letter]:
        return iter(self._by_slug.values())

    def get(self, slug: str) -> Letter | None:
        return self._by_slug.get(slug)

    def of_guide(self, guide: str) -> list[Letter]:
        return [letter for letter in self._by_slug.values() if guide in letter.head.guides]


def load_letters(path: Path, locales: Path, guides: Iterable[str]) -> Letters:
    """Read data/letters.yaml and the bodies beside the guides.

    Raises:
        ContentError: a body is missing or too long, or a letter belongs to no known guide.
    """
    known = set(guides)
    letters = []
    for slug, head in read_yaml(path, _File).root.items():
        if not head.guides or set(head.guides) - known:
            raise ContentError(f"{path}: {slug} must belong to guides that exist")
        bodies = {
            language: _body(locales / language / "letters" / f"{slug}.md")
            for language in LETTER_LANGUAGES
        }
        letters.append(Letter(slug, head, bodies))
    return Letters(letters)


def _body(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
        fields = {part[1:] for part in Formatter().parse(text) if part[1] is not None}
    except (OSError, ValueError) as error:
        raise ContentError(f"{path}: {error}") from error
    if len(text) > _MAX_CHARACTERS:
        raise ContentError(f"{path}: {len(text)} characters, over {_MAX_CHARACTERS}")
    if fields - {("months", "", None)}:
        raise ContentError(f"{path}: a letter knows no placeholder but {{months}}")
    return text
