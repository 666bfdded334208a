"""What the picture of a broadcast's report shows; drawn by report.py."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageBar:
    """The people of one language: how many of each fate, and that in words."""

    name: str
    numbers: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What became of it in one step of time; without those who still wait."""

    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a picture shows, in words and numbers."""

    title: str
    subtitle: str
    fates: tuple[str, ...]
    by_language: str
    languages: tuple[LanguageBar, ...]
    over_time: str
    moments: tuple[Moment, ...]
