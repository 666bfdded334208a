"""The months around an answer, one by one: the last twelve and those known ahead."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.assessment import PAID_BY_OTHERS, Assessment, Basis
from bot.domain.coverage import Cover, Coverage
from bot.domain.months import Month, months_between
from bot.domain.person import Payer

_SHOWN_MONTHS = 12


class MonthKind(StrEnum):
    """What a month is for the status."""

    COVERED = "covered"
    HOLE = "hole"
    AWAITED = "awaited"
    GRACE = "grace"


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """One month; *payer* is None where the state or the akimat pays, and where nobody does."""

    month: Month
    kind: MonthKind
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known of each month.

    Attributes:
        past: up to twelve months, the last of them the month asked about.
        ahead: the months after it up to the last known covered one, twelve at most.
        basis: what the status rests on.
    """

    past: tuple[CalendarMonth, ...]
    ahead: tuple[CalendarMonth, ...]
    basis: Basis | None

    @property
    def months(self) -> tuple[CalendarMonth, ...]:
        return self.past + self.ahead

    def for_strangers(self) -> "Calendar":
        """Leave out who paid, and what tells the categories and the levels apart.

        A person without payments who is insured all the same can only have a level or a new
        category. So where others pay, only the months of that cover are left.
        """
        past = self.past[-1:] if self.basis in PAID_BY_OTHERS else self.past
        return replace(self, past=_without_payers(past), ahead=_without_payers(self.ahead))


def find_calendar(coverage: Coverage, assessment: Assessment) -> Calendar:
    """Say of each month around an assessment whether it is covered and by whom.

    Args:
        coverage: the months of the assessed person on the assessed day.
    """
    month = coverage.month
    first_ahead, last_ahead = month + 1, month + _SHOWN_MONTHS
    ahead = [_calendar_month(k, coverage, assessment) for k in range(first_ahead, last_ahead + 1)]
    while ahead and ahead[-1].kind is MonthKind.HOLE:
        ahead.pop()
    past = months_between(month - _SHOWN_MONTHS + 1, month)
    return Calendar(
        past=tuple([_calendar_month(k, coverage, assessment) for k in past]),
        ahead=tuple(ahead),
        basis=assessment.basis,
    )


def _calendar_month(month: int, coverage: Coverage, assessment: Assessment) -> CalendarMonth:
    cover = coverage.cover(month)
    if cover is Cover.PAID:
        payer = coverage.person.contributions.payer(month)
        return CalendarMonth(Month(month), MonthKind.COVERED, payer)
    if _is_covered_by_level(month, coverage, assessment):
        kind = MonthKind.COVERED
    elif cover is Cover.AWAITED:
        kind = MonthKind.AWAITED
    elif cover is not None:
        kind = MonthKind.COVERED
    elif _is_in_grace(month, assessment):
        kind = MonthKind.GRACE
    else:
        kind = MonthKind.HOLE
    return CalendarMonth(Month(month), kind)


def _is_covered_by_level(month: int, coverage: Coverage, assessment: Assessment) -> bool:
    """Tell whether the akimat pays by the level; of earlier months the register says nothing."""
    return (
        assessment.basis is Basis.CRISIS_LEVEL
        and assessment.until is not None
        and coverage.month <= month <= assessment.until
    )


def _is_in_grace(month: int, assessment: Assessment) -> bool:
    return (
        assessment.basis is Basis.GRACE
        and assessment.last_paid is not None
        and assessment.until is not None
        and assessment.last_paid < month <= assessment.until
    )


def _without_payers(months: tuple[CalendarMonth, ...]) -> tuple[CalendarMonth, ...]:
    return tuple([replace(month, payer=None) for month in months])
