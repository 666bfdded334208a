"""What a broadcast says, in each language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.locales import Locale

MAX_BUTTONS = 3
# What is readable on a button.
MAX_LABEL = 64
_LINKS = ("https://", "http://", "tg://")


class WordingError(ValueError):
    """What cannot be sent; the message says what to change."""


class MediaKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Media:
    """A file that Telegram has, by the id that is good for this bot alone."""

    kind: MediaKind
    file_id: str


@dataclass(frozen=True, slots=True)
class Button:
    """Opens a link or one of our guides."""

    label: str
    url: str | None = None
    guide: str | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.label.strip()) <= MAX_LABEL:
            raise WordingError(f"a button needs a label of 1 to {MAX_LABEL} letters")
        if (self.url is None) == (self.guide is None):
            raise WordingError("a button opens either a link or a guide")
        if self.url is not None and not self.url.startswith(_LINKS):
            raise WordingError("a button's link begins with https://, http:// or tg://")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language of a broadcast; *html* is the text or caption as Telegram gave it."""

    html: str
    media: Media | None = None
    buttons: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        if not self.html.strip() and self.media is None:
            raise WordingError("there is neither a text nor a file")
        if len(self.buttons) > MAX_BUTTONS:
            raise WordingError(f"there are more than {MAX_BUTTONS} buttons")


@dataclass(frozen=True, slots=True)
class Wordings:
    """All languages of a broadcast.

    Attributes:
        fallback: who is without a wording in their language gets this one; None does not let a
            broadcast out while somebody is.
    """

    by_locale: Mapping[Locale, Wording]
    fallback: Locale | None = None

    def __post_init__(self) -> None:
        if self.fallback is not None and self.fallback not in self.by_locale:
            raise WordingError(f"there is no wording in {self.fallback} to fall back on")

    def of(self, locale: Locale) -> Wording | None:
        """Give what somebody of this language gets."""
        if locale in self.by_locale:
            return self.by_locale[locale]
        return self.by_locale[self.fallback] if self.fallback is not None else None

    def missing(self, locales: Iterable[Locale]) -> tuple[Locale, ...]:
        """List the languages in which nothing could be said."""
        asked = set(locales)
        return tuple(locale for locale in Locale if locale in asked and not self.of(locale))
