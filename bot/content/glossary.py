"""Words that mislead: found in texts before readers meet them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from bot.content.guides import Guide
from bot.content.translated import Translated
from bot.content.yaml_files import read_yaml
from bot.domain.locales import Locale

_LIST_ITEM = re.compile(r"^(?:[0-9]+\.|-) (.*)$", re.MULTILINE)


def _check_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_check_pattern)]


class Avoided(BaseModel):
    """A word that must not stand in a line, and what to say instead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    locale: Locale | Literal["all"]
    pattern: Pattern
    say: str
    unless: Pattern | None = None


class Glossary(BaseModel):
    """What every text is checked against.

    Attributes:
        twins: the words of each language for one thing that is easily taken for another.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    avoid: list[Avoided]
    twins: list[Translated]

    def violations(self, locale: Locale, text: str) -> Iterator[str]:
        """Find the avoided words of a text; each problem names the word."""
        for rule in self.avoid:
            if rule.locale not in (locale, "all"):
                continue
            for line in text.splitlines():
                found = re.search(rule.pattern, line, re.IGNORECASE)
                if found and not (rule.unless and re.search(rule.unless, line)):
                    yield f"{found[0]!r}: say {rule.say}"

    def swapped(self, guides: Mapping[Locale, Guide]) -> Iterator[str]:
        """Find twins that do not stand in the same place of a list in every language."""
        for words in self.twins:
            places = {locale: _places(guides[locale].body, word) for locale, word in words.items()}
            if len(set(places.values())) > 1:
                told = ", ".join(
                    f"{locale.value} {words[locale]} {p}" for locale, p in places.items()
                )
                yield f"different places in the list: {told}"


def load_glossary(path: Path) -> Glossary:
    """Read data/glossary.yaml.

    Raises:
        ContentError: the file is missing or not of its form.
    """
    return read_yaml(path, Glossary)


def _places(body: str, word: str) -> tuple[int, ...]:
    """Say in which items of the guide's lists a word comes first."""
    items = _LIST_ITEM.findall(body)
    return tuple(place for place, item in enumerate(items) if item.lower().startswith(word.lower()))
