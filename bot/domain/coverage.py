"""Which months are covered, by whom, and how long the runs of covered months are."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.assumptions import Assumptions
from bot.domain.months import Month, months_between
from bot.domain.person import CATEGORIES, PAYER_RELATIONS, Payer, Person, SpellCode

STATE_PAID = CATEGORIES | {SpellCode.SERVICE}
UNEMPLOYED = frozenset({SpellCode.UNEMPLOYED})
EMPLOYER_PAYS_INSTEAD = frozenset({SpellCode.SUBSIDISED_JOB, SpellCode.EMPLOYER_TRAINING})
PAY_FOR_THEMSELVES = frozenset({SpellCode.PROPRIETOR, SpellCode.FARM})
# A run of covered months that goes on this long after the month asked about has no end to name.
_HORIZON_MONTHS = 1200


class Cover(StrEnum):
    """Why a month counts."""

    PAID = "paid"
    STATE = "state"
    AKIMAT = "akimat"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class Run:
    """Unbroken covered months, both ends included; *last* is None where no end is known."""

    first: Month
    last: Month | None


class Coverage:
    """The months of one person as seen on one day (domain rules §1.2).

    Args:
        due_day: the day of the following month by which a month must be paid.
    """

    def __init__(self, person: Person, on: date, due_day: int, assumptions: Assumptions) -> None:
        self.person = person
        self.month = Month.of(on)
        self.assumptions = assumptions
        self._last_month_is_due = on.day > due_day
        self._known: dict[int, Cover | None] = {}

    def cover(self, month: int) -> Cover | None:
        """Say why *month* is covered, None where it is a hole."""
        try:
            return self._known[month]
        except KeyError:
            self._known[month] = found = self._find_cover(month)
            return found

    def is_covered(self, month: int) -> bool:
        return self.cover(month) is not None

    def holes(self, first: int, last: int) -> tuple[Month, ...]:
        return tuple([month for month in months_between(first, last) if self.cover(month) is None])

    def run(self, month: int, look_back: int) -> Run | None:
        """Find the run that contains *month*, looking back no further than *look_back* months."""
        if not self._counts(month):
            return None
        first = month
        while first > month - look_back and self._counts(first - 1):
            first -= 1
        return Run(Month(first), self.run_end(month))

    def run_end(self, month: int) -> Month | None:
        """Give the last month of the run that goes on from *month*, taken as covered."""
        last = month
        while self._counts(last + 1):
            last += 1
            if last - month > _HORIZON_MONTHS:
                return None
        return Month(last)

    def relation_goes_on(self) -> bool:
        """Tell whether somebody is due to pay after the month asked about."""
        return self.person.has(PAYER_RELATIONS, self.month + 1)

    def own_awaited_months(self) -> tuple[Month, ...]:
        """List awaited months that the person pays, not an employer, a customer or a platform."""
        recent = months_between(self.month - 1, self.month)
        return tuple(
            month
            for month in recent
            if self.cover(month) is Cover.AWAITED
            and (
                self.person.has(PAY_FOR_THEMSELVES, month)
                or not self.person.has(PAYER_RELATIONS, month)
            )
        )

    def is_past_due(self, month: int) -> bool:
        return month < self.month - 1 or (month == self.month - 1 and self._last_month_is_due)

    def _counts(self, month: int) -> bool:
        if self.is_covered(month):
            return True
        return (
            not self.assumptions.hole_breaks_run
            and self.is_covered(month - 1)
            and self.is_covered(month + 1)
        )

    def _find_cover(self, month: int) -> Cover | None:
        if self.person.contributions.payer(month) is not None:
            return Cover.PAID
        return self._other_cover(month) or self._awaited(month)

    def _other_cover(self, month: int) -> Cover | None:
        if not self.person.spells:
            return None
        if self.person.has(STATE_PAID, month):
            return Cover.STATE
        if is_akimat_paid(self.person, month):
            return Cover.AKIMAT
        return None

    def _awaited(self, month: int) -> Cover | None:
        if (
            not self.assumptions.awaited_is_not_debt
            or month > self.month
            or self.is_past_due(month)
        ):
            return None
        if self.person.has(PAYER_RELATIONS, month) or self._independent_payer_goes_on(month):
            return Cover.AWAITED
        return None

    def _independent_payer_goes_on(self, month: int) -> bool:
        """Tell whether the last payment was an independent payer's, with no debt since."""
        contributions = self.person.contributions
        earlier = month - 1
        while earlier >= contributions.first:
            payer = contributions.payer(earlier)
            if payer is not None:
                return payer is Payer.INDEPENDENT
            if self.is_past_due(earlier) and self._other_cover(earlier) is None:
                return False
            earlier -= 1
        return False


def is_akimat_paid(person: Person, month: int) -> bool:
    """Tell whether the person is registered as unemployed and no employer pays instead."""
    return person.has(UNEMPLOYED, month) and not person.has(EMPLOYER_PAYS_INSTEAD, month)
