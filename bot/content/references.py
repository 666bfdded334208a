"""Provisions of the law as a reader sees them."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import RootModel

from bot.content.yaml_files import read_yaml
from bot.domain.locales import Locale


class _File(RootModel[dict[str, dict[Locale, str]]]):
    pass


class References:
    """Short names of provisions by key, in three languages."""

    def __init__(self, texts: Mapping[str, Mapping[Locale, str]]) -> None:
        self._texts = texts

    def text(self, key: str, locale: Locale) -> str:
        return self._texts[key][locale]

    @property
    def texts(self) -> Mapping[str, Mapping[Locale, str]]:
        return self._texts


def load_references(path: Path) -> References:
    """Read data/references.yaml.

    Raises:
        ContentError: the file is missing or not of its form.
    """
    return References(read_yaml(path, _File).root)
