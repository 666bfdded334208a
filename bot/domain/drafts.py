"""A broadcast that is still being written: what comes next, when it starts, its price."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.domain.broadcasts import KAZAKHSTAN
from bot.domain.locales import Locale

# Telegram's FAQ on broadcasting: up to 1000 messages a second, of which 30 are free each second.
_STARS = Decimal("0.1")
_START = re.compile(
    r"(?:(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}|\d{2}))?,? +)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
)
_HALF_A_YEAR = timedelta(days=183)
FARTHEST = timedelta(days=365)


class AwaitedKind(StrEnum):
    """What the author's next message will be."""

    TEXT = "text"
    BUTTON = "button"
    START = "start"


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a draft waits for; a start has no language."""

    kind: AwaitedKind
    locale: Locale | None = None


class StartProblem(StrEnum):
    """Why a text is no start of a broadcast."""

    FORM = "form"
    PAST = "past"
    FAR = "far"  # more than a year away: a slip of the finger


class StartError(ValueError):
    """A text that says no time at which a broadcast could begin."""

    def __init__(self, problem: StartProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def read_start(text: str, now: datetime) -> datetime:
    """Read ``25.11 10:30``, ``25.11.2026 10:30`` or ``10:30`` by the clocks of Kazakhstan.

    Without a year it is this one, or the next for a day that was more than half a year ago: at the
    end of December people write 05.01.

    Raises:
        StartError: it is of another form, has passed, or is more than a year away.
    """
    here = now.astimezone(KAZAKHSTAN)
    found = _START.fullmatch(text.strip())
    if found is None:
        raise StartError(StartProblem.FORM)
    part = {name: int(value) for name, value in found.groupdict().items() if value}
    year = part.get("year", here.year)
    try:
        start = datetime(
            year if year >= 100 else 2000 + year,
            part.get("month", here.month),
            part.get("day", here.day),
            part["hour"],
            part["minute"],
            tzinfo=KAZAKHSTAN,
        )
        if "year" not in part and "day" in part and start < here - _HALF_A_YEAR:
            start = start.replace(year=year + 1)
    except ValueError:
        raise StartError(StartProblem.FORM) from None
    if start <= here:
        raise StartError(StartProblem.PAST)
    if start > here + FARTHEST:
        raise StartError(StartProblem.FAR)
    return start.astimezone(UTC)


def price_in_stars(messages: int) -> Decimal:
    """Give the most that a paid broadcast costs, by ``allow_paid_broadcast`` of the Bot API."""
    return messages * _STARS
