"""Building blocks of made-up lives: months, payments, spells, levels, as CSV v1 writes them.

They are text from the start, for a register of twenty million rows is made of them: a person of
the domain for each would cost several times as much.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import TypeVar

from bot.domain.months import Month
from bot.domain.person import NOT_PAID, Payer, Residence, SpellCode

FIRST_CONTRIBUTION = Month.parse("2017-07")
# A month's contribution is due on the 25th of the next month.
_DUE_DAY = 25
_ANY_LEVEL = ("", "A", "B", "B", "B", "B", "C", "C", "D", "E")
_CALM_LEVEL = _ANY_LEVEL[:-2]
_CITIZEN = Residence.CITIZEN.value
_T = TypeVar("_T")

month_text: Callable[[int], str] = cache(lambda month: str(Month(month)))


# Columns: residence, contributions, spells, level, pension_paid, returned.
Life = tuple[str, str, str, str, str, str]


class Draw:
    """Draws for one population as of one day; months are counted as in :class:`Month`.

    Attributes:
        random: the source of every draw, from 0 to below 1. It alone: of the methods of
            :class:`Random` no other is promised to give the same in every version of Python.
        now: the month of the extract.
        due: the last month whose contribution must have been paid by the day of the extract.
    """

    def __init__(self, random: Random, as_of: date) -> None:
        self.random = random.random
        self.now = int(Month.of(as_of))
        self.due = self.now - (1 if as_of.day > _DUE_DAY else 2)

    def number(self, low: int, high: int) -> int:
        """Draw a whole number from *low* to *high*, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        return self.random() < share

    def one_of(self, items: Sequence[_T]) -> _T:
        return items[int(self.random() * len(items))]

    def ago(self, low: int, high: int) -> int:
        """Draw a month so many months before now."""
        return self.now - low - int(self.random() * (high - low + 1))

    def back(self, low: int, high: int) -> int:
        """Draw a month so many months before now, not before contributions began."""
        return max(FIRST_CONTRIBUTION, self.ago(low, high))

    def paid_through(self) -> int:
        """Draw the last month that somebody who pays in time has paid."""
        return self.now - 1 if self.random() < 0.4 else self.due

    def level(self) -> str:
        return _ANY_LEVEL[int(self.random() * 10)]

    def calm_level(self) -> str:
        """Draw a level that gives nobody insurance."""
        return _CALM_LEVEL[int(self.random() * 8)]


def life(
    residence: str = _CITIZEN,
    contributions: str = "",
    spells: str = "",
    level: str = "",
    pension_paid: str = "",
    returned: str = "",
) -> Life:
    """Give the columns of one person that do not depend on the place."""
    return residence, contributions, spells, level, pension_paid, returned


def paid(payer: Payer, first: int, last: int, holes: Collection[int] = ()) -> str:
    """Give payments for each month from *first* to *last* but the *holes*; none if it is earlier.

    The last month is never a hole.
    """
    if last < first:
        return ""
    if not holes:
        return f"{month_text(first)}={payer * (last - first + 1)}"
    letters = [payer.value] * (last - first + 1)
    for hole in holes:
        if first <= hole < last:
            letters[hole - first] = NOT_PAID
    return f"{month_text(first)}={''.join(letters)}"


def since(code: SpellCode, first: int) -> str:
    """Give one spell that goes on."""
    # Twice as fast as to format an enumerated text.
    return code + ":" + month_text(first) + ".."


def during(code: SpellCode, first: int, last: int) -> str:
    """Give one spell that ended or will end in *last*."""
    return since(code, first) + month_text(max(first, last))
