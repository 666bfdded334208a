"""Calendar months, the unit of the law on insurance."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

_FORM = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Month(int):
    """A whole calendar month, counted from January of year 0, so that months subtract.

    ``str()`` gives ``YYYY-MM``. The difference of two months is a number of months.
    """

    __slots__ = ()

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year * 12 + day.month - 1)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``YYYY-MM``.

        Raises:
            ValueError: not such a month.
        """
        match = _FORM.fullmatch(text)
        if match is None or match[1] == "0000":
            raise ValueError(f"month {text[:12]!r} is not YYYY-MM")
        return cls(int(match[1]) * 12 + int(match[2]) - 1)

    @property
    def year(self) -> int:
        return int(self) // 12

    @property
    def number(self) -> int:
        """1 for January … 12 for December."""
        return int(self) % 12 + 1

    @property
    def first_day(self) -> date:
        return _first_day(int(self))

    def shift(self, months: int) -> "Month":
        """Give the month so many months later (earlier when negative)."""
        return Month(int(self) + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def __repr__(self) -> str:
        return f"Month({self})"


def months_between(first: int, last: int) -> Iterator[Month]:
    """Give the months from *first* to *last*, both included; nothing when last < first."""
    return map(Month, range(first, last + 1))


@lru_cache(maxsize=4096)
def _first_day(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
