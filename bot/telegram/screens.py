"""What a person sees at once: a text or a picture, and its buttons."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.storage.subscribers import Subscriber


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG; *key* names its content, so that the same one is neither drawn nor sent twice."""

    key: str
    draw: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML and its buttons; under a picture the HTML is the caption."""

    text: str
    keyboard: InlineKeyboardMarkup | None
    picture: Picture | None = None


Opener = Callable[[Any, Subscriber], Awaitable[Screen | None]]


class Feature(Protocol):
    """Views that belong together."""

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        """Give, for each view, what draws it; None for a button that is out of date."""
