"""Building blocks of made-up lives: months, payments, spells, levels."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import TypeVar

from bot.domain.months import Month
from bot.domain.person import NOT_PAID, Contributions, Level, Payer, Spell, SpellCode

FIRST_CONTRIBUTION = Month.parse("2017-07")
# A month's contribution is due on the 25th of the next month.
_DUE_DAY = 25
_ANY_LEVEL = (None, Level.A, Level.B, Level.B, Level.B, Level.B, Level.C, Level.C, Level.D, Level.E)
_T = TypeVar("_T")


class Draw:
    """Draws for one population as of one day.

    Attributes:
        random: the source of every draw.
        now: the month of the extract.
        due: the last month whose contribution must have been paid by the day of the extract.
    """

    def __init__(self, random: Random, as_of: date) -> None:
        self.random = random
        self.now = Month.of(as_of)
        self.due = self.now.shift(-1 if as_of.day > _DUE_DAY else -2)

    def number(self, low: int, high: int) -> int:
        """Draw a whole number from *low* to *high*, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, items: Sequence[_T]) -> _T:
        return items[int(self.random.random() * len(items))]

    def back(self, low: int, high: int) -> Month:
        """Draw a month so many months before now, not before contributions began."""
        return max(FIRST_CONTRIBUTION, self.now.shift(-self.number(low, high)))

    def paid_through(self) -> Month:
        """Draw the last month that somebody who pays in time has paid."""
        return max(self.due, self.now.shift(-1)) if self.chance(0.4) else self.due

    def level(self) -> Level | None:
        return self.one_of(_ANY_LEVEL)

    def calm_level(self) -> Level | None:
        """Draw a level that gives nobody insurance."""
        return self.one_of(_ANY_LEVEL[:-2])


def paid(payer: Payer, first: Month, last: int) -> Contributions:
    """Give payments for each month from *first* to *last*; nothing when *last* is earlier."""
    if last < first:
        return Contributions()
    return Contributions(first, payer * (last - first + 1))


def without(paid_months: Contributions, holes: Sequence[int]) -> Contributions:
    """Give the same payments with these months unpaid."""
    letters = list(paid_months.letters)
    for hole in holes:
        if 0 <= hole - paid_months.first < len(letters):
            letters[hole - paid_months.first] = NOT_PAID
    return Contributions(paid_months.first, "".join(letters))


def since(code: SpellCode, first: Month) -> tuple[Spell, ...]:
    """Give one spell that goes on."""
    return (Spell(code, first),)


def during(code: SpellCode, first: Month, last: int) -> tuple[Spell, ...]:
    """Give one spell that ended or will end in *last*."""
    return (Spell(code, first, Month(max(first, last))),)
