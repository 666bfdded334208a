"""Which months are covered, by whom, and how long the runs of covered months are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from bot.domain.assumptions import Assumptions
from bot.domain.months import Month, months_between
from bot.domain.person import (
    CATEGORIES,
    NOT_PAID,
    PAYER_RELATIONS,
    Contributions,
    Payer,
    Person,
    Spell,
    SpellCode,
)

STATE_PAID = CATEGORIES | {SpellCode.SERVICE}
UNEMPLOYED = frozenset({SpellCode.UNEMPLOYED})
EMPLOYER_PAYS_INSTEAD = frozenset({SpellCode.SUBSIDISED_JOB, SpellCode.EMPLOYER_TRAINING})
PAY_FOR_THEMSELVES = frozenset({SpellCode.PROPRIETOR, SpellCode.FARM})
# Figures of the law begin in 2020, and nobody looks back ten years from the day asked about.
_ORIGIN = Month.parse("2000-01")
_AS_BITS = {ord(payer.value): "1" for payer in Payer} | {ord(NOT_PAID): "0"}
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

    Months are the bits of a number, the lowest one for January 2000: a question about a row of
    months is one step. Of a spell that goes on all later bits are set: the number is negative.

    Args:
        due_day: the day of the following month by which a month must be paid.

    Attributes:
        month: the one asked about.
        last_due: the newest month that must have been paid by the day.
    """

    def __init__(self, person: Person, on: date, due_day: int, assumptions: Assumptions) -> None:
        self.person = person
        self.month = Month.of(on)
        self.assumptions = assumptions
        self.last_due = self.month.shift(-1 if on.day > due_day else -2)
        self._paid = _paid_bits(person.contributions)
        self._state, self._akimat = _spell_bits(person.spells)
        self._covered = self._paid | self._state | self._akimat
        self._awaited = self._awaited_bits()
        self._covered |= self._awaited
        self._counting = self._covered
        if not assumptions.hole_breaks_run:
            self._counting |= (self._covered << 1) & (self._covered >> 1)

    def cover(self, month: int) -> Cover | None:
        """Say why *month* is covered, None where it is a hole."""
        bit = _bit(month)
        if not self._covered & bit:
            return None
        if self._paid & bit:
            return Cover.PAID
        if self._state & bit:
            return Cover.STATE
        return Cover.AKIMAT if self._akimat & bit else Cover.AWAITED

    def is_covered(self, month: int) -> bool:
        return bool(self._covered & _bit(month))

    def is_state_paid(self, month: int) -> bool:
        """Tell whether a category or service holds, whoever else pays."""
        return bool(self._state & _bit(month))

    def is_akimat_paid(self, month: int) -> bool:
        """Tell whether the person is registered as unemployed and no employer pays instead."""
        return bool(self._akimat & _bit(month))

    def are_paid(self, first: int, last: int, *, or_by_the_state: bool) -> bool:
        """Tell whether every month from *first* to *last* is paid for, not only awaited."""
        return not ~self._paid_for(or_by_the_state) & _bits(first, last)

    def paid_months(self, first: int, last: int, *, or_by_the_state: bool) -> tuple[Month, ...]:
        """List the months from *first* to *last* that are paid for, not only awaited."""
        return _months(self._paid_for(or_by_the_state) & _bits(first, last))

    def holes(self, first: int, last: int) -> tuple[Month, ...]:
        """List the months from *first* to *last* that nobody covers."""
        return _months(~self._covered & _bits(first, last))

    def run(self, month: int, look_back: int) -> Run | None:
        """Find the run that contains *month*, looking back no further than *look_back* months."""
        if not self._counting & _bit(month):
            return None
        breaks = ~self._counting & _bits(month - look_back, month)
        first = _ORIGIN + breaks.bit_length() if breaks else month - look_back
        return Run(Month(first), self.run_end(month))

    def run_end(self, month: int) -> Month | None:
        """Give the last month of the run that goes on from *month*, taken as covered."""
        later = self._counting >> month + 1 - _ORIGIN
        # The lowest bit that is not set; of a number whose bits are all set there is none.
        length = (~later & later + 1).bit_length() - 1
        return Month(month + length) if 0 <= length <= _HORIZON_MONTHS else None

    def relation_goes_on(self) -> bool:
        """Tell whether somebody is due to pay after the month asked about."""
        return self.person.has(PAYER_RELATIONS, self.month + 1)

    def own_awaited_months(self) -> tuple[Month, ...]:
        """List awaited months that the person pays, not an employer, a customer or a platform."""
        recent = months_between(self.month - 1, self.month)
        return tuple(
            month
            for month in recent
            if self._awaited & _bit(month)
            and (
                self.person.has(PAY_FOR_THEMSELVES, month)
                or not self.person.has(PAYER_RELATIONS, month)
            )
        )

    def _paid_for(self, or_by_the_state: bool) -> int:
        return self._covered & ~self._awaited if or_by_the_state else self._paid

    def _awaited_bits(self) -> int:
        """Find months that somebody is to pay and that are not due yet."""
        if not self.assumptions.awaited_is_not_debt:
            return 0
        awaited = 0
        for month in _months(~self._covered & _bits(self.last_due + 1, self.month)):
            if self.person.has(PAYER_RELATIONS, month) or self._independent_payer_goes_on(month):
                awaited |= _bit(month)
        return awaited

    def _independent_payer_goes_on(self, month: int) -> bool:
        """Tell whether the last payment was an independent payer's, with no debt since."""
        earlier = self._paid & _bits(_ORIGIN, month - 1)
        if not earlier:
            return False
        last_paid = _ORIGIN + earlier.bit_length() - 1
        payer = self.person.contributions.payer(last_paid)
        debts = ~self._covered & _bits(last_paid + 1, min(month - 1, self.last_due))
        return payer is Payer.INDEPENDENT and not debts


def _paid_bits(contributions: Contributions) -> int:
    if not contributions.letters:
        return 0
    paid = int(contributions.letters.translate(_AS_BITS)[::-1], 2)
    place = contributions.first - _ORIGIN
    return paid << place if place >= 0 else paid >> -place


def _spell_bits(spells: Iterable[Spell]) -> tuple[int, int]:
    """Give the months that the state pays, and those that the akimat pays."""
    state = unemployed = instead = 0
    for spell in spells:
        if spell.code in STATE_PAID:
            state |= _bits(spell.first, spell.last)
        elif spell.code in UNEMPLOYED:
            unemployed |= _bits(spell.first, spell.last)
        elif spell.code in EMPLOYER_PAYS_INSTEAD:
            instead |= _bits(spell.first, spell.last)
    return state, unemployed & ~instead


def _bit(month: int) -> int:
    return 1 << month - _ORIGIN if month >= _ORIGIN else 0


@lru_cache(maxsize=4096)
def _bits(first: int, last: int | None) -> int:
    """Give the bits of the months from *first* to *last*, both included, or of all later ones."""
    start = max(first - _ORIGIN, 0)
    if last is None:
        return -1 << start
    end = last - _ORIGIN + 1
    return (1 << end) - (1 << start) if end > start else 0


# The same few patterns come up again and again.
@lru_cache(maxsize=4096)
def _months(bits: int) -> tuple[Month, ...]:
    """List the months of these bits."""
    return tuple(
        [Month(_ORIGIN + place) for place, bit in enumerate(f"{bits:b}"[::-1]) if bit == "1"]
    )
