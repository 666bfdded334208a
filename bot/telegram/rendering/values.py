"""Months, days, sums and lists as people write them."""

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape, unescape

from babel.dates import format_date, get_month_names

from bot.domain.locales import Locale
from bot.domain.months import Month
from bot.services.clock import time_in_kazakhstan
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _

_TAG = re.compile(r"<[^>]+>")
# They turn the reading direction of what follows: a name could rewrite the sentence around it.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Make any text safe inside Telegram's HTML: the one place where that is done."""
    return escape(_BIDI.sub("", text), quote=False)


def bold(text: str) -> str:
    """Make a text bold, escaped."""
    return f"<b>{escaped(text)}</b>"


def titled(title: str, *paragraphs: str) -> str:
    """Write a bold first line and paragraphs, all escaped."""
    return "\n\n".join((bold(title), *map(escaped, paragraphs)))


def plain_text(html: str) -> str:
    """Take the marks out of Telegram's HTML."""
    return unescape(_TAG.sub("", html))


def day(value: date) -> str:
    """Write a calendar day: 21 November 2026."""
    return _long_date(value, current_locale().value)


def moment(instant: datetime) -> str:
    """Write a day and a time by the clocks of Kazakhstan."""
    here = time_in_kazakhstan(instant)
    return f"{day(here.date())}, {here:%H:%M}"


def span(first: datetime, last: datetime) -> str:
    """Write from when to when, the day only once where it is the same."""
    begin, end = time_in_kazakhstan(first), time_in_kazakhstan(last)
    if begin.date() == end.date():
        return f"{day(begin.date())}, {begin:%H:%M}–{end:%H:%M}"
    return f"{moment(first)} – {moment(last)}"


def number_text(number: int) -> str:
    """Write a number with spaces between thousands."""
    return f"{number:,}".replace(",", "\u00a0")


def load_dates() -> None:
    """Read the names of months and days now: the first use costs 20 ms, an answer less than one."""
    for locale in Locale:
        _long_date(date(2000, 1, 1), locale.value)
        _month_name(1, locale.value)


def last_day(month: Month) -> date:
    """Give the last day of a month, for "until"."""
    return date(month.year, month.number, calendar.monthrange(month.year, month.number)[1])


def month_name(month: Month) -> str:
    """Write one month with its year."""
    name = _month_name(month.number, current_locale().value)
    # NOTE: one month standing alone, "September 2026"; the month comes in the nominative case.
    return _("{month} {year}").format(month=name, year=month.year)


def month_short_name(month: Month) -> str:
    """Write the name of a month alone, as short as calendars do."""
    return _short_month_name(month.number, current_locale().value)


def months_text(months: Sequence[Month]) -> str:
    """Write months as ranges: "June – September 2026, November 2026"."""
    return "; ".join(_range(first, last) for first, last in ranges(months))


def ranges(months: Sequence[Month]) -> list[tuple[Month, Month]]:
    """Join neighbouring months, which come oldest first."""
    joined: list[tuple[Month, Month]] = []
    for month in months:
        if joined and month - joined[-1][1] == 1:
            joined[-1] = (joined[-1][0], month)
        else:
            joined.append((month, month))
    return joined


def _range(first: Month, last: Month) -> str:
    if first == last:
        return month_name(first)
    if first.year != last.year:
        return f"{month_name(first)} – {month_name(last)}"
    locale = current_locale().value
    # NOTE: several months of one year, "June – September 2026".
    return _("{first} – {last} {year}").format(
        first=_month_name(first.number, locale),
        last=_month_name(last.number, locale),
        year=first.year,
    )


@lru_cache(maxsize=512)
def _long_date(value: date, locale: str) -> str:
    return str(format_date(value, "long", locale=locale))


@lru_cache(maxsize=64)
def _month_name(number: int, locale: str) -> str:
    names = get_month_names("wide", context="stand-alone", locale=locale)
    return str(names[number]).lower()


@lru_cache(maxsize=64)
def _short_month_name(number: int, locale: str) -> str:
    names = get_month_names("abbreviated", context="stand-alone", locale=locale)
    return str(names[number]).lower()
