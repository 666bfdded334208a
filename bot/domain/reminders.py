"""When somebody is reminded: before the cover ends, when it was lost, when it is back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.domain.assessment import Assessment, Status
from bot.domain.broadcasts import Hours

# Nobody is woken, and nobody reads late at night that something is lost.
REMINDING_HOURS = Hours(time(10), time(20))


class NoticeKind(StrEnum):
    """What a reminder says; the numbers are days before the last insured day."""

    DAYS_30 = "30"
    DAYS_14 = "14"
    DAYS_7 = "7"
    DAYS_1 = "1"
    LOST = "lost"
    BACK = "back"


_STEPS = (NoticeKind.DAYS_1, NoticeKind.DAYS_7, NoticeKind.DAYS_14, NoticeKind.DAYS_30)


@dataclass(frozen=True, slots=True)
class Cover:
    """What decides about reminders.

    Attributes:
        ends_on: the last day of the status; None where no end is known, and for the uninsured.
    """

    is_covered: bool
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told, at most once.

    Attributes:
        day: the last insured day that a step counts to; else the day on which it was found out.
    """

    kind: NoticeKind
    day: date


def cover_of(assessment: Assessment) -> Cover | None:
    """Read an assessment; None where nothing is known."""
    if assessment.status is Status.UNKNOWN:
        return None
    is_covered = assessment.status.is_covered
    until = assessment.until if is_covered else None
    return Cover(is_covered, until.shift(1).first_day - timedelta(days=1) if until else None)


def can_be_reminded(assessment: Assessment) -> bool:
    """Tell whether there is something to wait for: a known end, or being insured again."""
    cover = cover_of(assessment)
    if cover is None:
        return False
    return cover.ends_on is not None or assessment.status is Status.UNINSURED


def find_step(cover: Cover, on: date) -> Notice | None:
    """Give the nearest step that has begun on a day; the earlier ones are past."""
    if cover.ends_on is None:
        return None
    days_left = (cover.ends_on - on).days
    for kind in _STEPS:
        if days_left <= int(kind):
            return Notice(kind, cover.ends_on)
    return None


def find_notices(cover: Cover, on: date, *, was_covered: bool) -> Sequence[Notice]:
    """Find what is to be told, first of all; the rest goes without saying then."""
    if not cover.is_covered:
        return [Notice(NoticeKind.LOST, on)] if was_covered else []
    step = find_step(cover, on)
    steps = [step] if step else []
    # Who hears until when they are insured again needs no step on the same day.
    return steps if was_covered else [Notice(NoticeKind.BACK, on), *steps]
