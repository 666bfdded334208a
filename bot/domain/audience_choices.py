"""The choices by which an author narrows an audience, one at a time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.assessment import ReasonCode, Status
from bot.domain.audience import Audience
from bot.domain.locales import Locale
from bot.domain.regions import REGIONS

# Days offered; 0 is no choice.
ENDING_DAYS = (7, 14, 30, 60)
ACTIVE_DAYS = (1, 7, 30)
REST_DAYS = (1, 3, 7, 30)
# Databases keep the numbers of broadcasts in four bytes.
_END_OF_IDS = 2**31


class Facet(StrEnum):
    """What an audience may be narrowed by; short, for they are in buttons."""

    LOCALE = "l"
    REGION = "g"
    STATUS = "s"
    REASON = "r"
    ENDING = "e"  # cover ends within so many days
    ACTIVE = "a"  # asked in the last so many days
    REST = "t"  # got no broadcast in the last so many days
    UNCERTAIN = "u"  # nobody knows whether that broadcast reached them
    EVERYBODY = "x"
    MYSELF = "m"


def choose(
    audience: Audience, facet: Facet, value: str, *, is_chosen: bool, author: int, today: date
) -> Audience:
    """Give the audience with one choice more, or one less.

    A correction stays one: whom it concerns is not for this to widen.

    Raises:
        ValueError: there is no such choice.
    """
    if facet in {Facet.EVERYBODY, Facet.MYSELF}:
        only = frozenset({author}) if facet is Facet.MYSELF and is_chosen else frozenset()
        return Audience(only=only, answered_from=audience.answered_from)
    if facet in _SETS:
        name, read = _SETS[facet]
        chosen: frozenset[object] = getattr(audience, name)
        changed: Any = chosen | {read(value)} if is_chosen else chosen - {read(value)}
    else:
        name, changed = _number(facet, int(value) if is_chosen else 0, today)
    return replace(audience, only=frozenset(), **{name: changed})


def _number(facet: Facet, number: int, today: date) -> tuple[str, object]:
    """Give what a number of days, or of a broadcast, narrows; 0 does not."""
    is_offered = number in _OFFERED[facet] if facet in _OFFERED else 0 < number < _END_OF_IDS
    if number and not is_offered:
        raise ValueError(number)
    span = timedelta(days=number)
    match facet:
        case Facet.ENDING:
            return "covered_until", (today, today + span) if number else None
        case Facet.ACTIVE:
            return "asked_since", today - span if number else None
        case Facet.REST:
            return "rest_days", number
        case _:
            return "uncertain_of", number or None


def _region(code: str) -> str:
    if code not in REGIONS:
        raise ValueError(code)
    return code


_SETS: Mapping[Facet, tuple[str, Callable[[str], object]]] = {
    Facet.LOCALE: ("locales", Locale),
    Facet.REGION: ("regions", _region),
    Facet.STATUS: ("statuses", Status),
    Facet.REASON: ("reasons", ReasonCode),
}
_OFFERED = {Facet.ENDING: ENDING_DAYS, Facet.ACTIVE: ACTIVE_DAYS, Facet.REST: REST_DAYS}
