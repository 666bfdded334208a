"""What the bot should say: catalogue entries, dates and sums in a person's language."""

import gettext
from datetime import date
from functools import cache
from typing import Any

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.config import SHARE
from tests.telegram.client import Message

LANGUAGES = ("kk", "ru", "ky")
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "ky": "Кыргызча"}
STATUSES = (
    "✅ Insured",
    "⛔ Not insured",
    "⚠️ Insured conditionally, until {day}",
    "ℹ️ Outside the insurance system",
    "❔ No record for this IIN",
    "❔ The status is not known today",
)


@cache
def _catalogue(language: str) -> Catalog:
    with (SHARE / "locales" / language / "LC_MESSAGES" / "bot.po").open("rb") as file:
        return read_po(file, locale=language)


def say(language: str, msgid: str, number: int | None = None, **values: Any) -> str:
    """Give the catalogue's text with the values put in."""
    catalogue = _catalogue(language)
    entry = catalogue.get(msgid)
    assert entry is not None, f"{language}: no entry {msgid!r}"
    text = entry.string
    if isinstance(text, list | tuple):
        assert number is not None, msgid
        plural = gettext.c2py(catalogue.plural_expr)
        text = text[plural(number)]
    assert text, f"{language}: {msgid!r} is not translated"
    return str(text).format(number=number, **values)


def day(language: str, when: date) -> str:
    return str(format_date(when, "long", locale=language))


def month(language: str, when: date) -> str:
    return str(format_date(when, "LLLL", locale=language))


def sum_of(tenge: int) -> str:
    return f"{tenge:,} ₸".replace(",", "\u00a0").replace(" ", "\u00a0")


def status_marks() -> set[str]:
    """Give the signs that open the first line of an answer."""
    return {status.split()[0] for status in STATUSES}


def has_status(message: Message) -> bool:
    text = message.get("text", "")
    return any(mark in text for mark in status_marks())
