"""Numbers that can belong to nobody living: births in 2095-2099, valid control digit."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import gcd
from random import Random

import numpy as np
import numpy.typing as npt

from bot.domain.iin import FIRST_WEIGHTS, NO_DIGIT, SECOND_WEIGHTS

Numbers = npt.NDArray[np.int64]
# Of 36,520,000 places one in 121 has no control digit and is passed over.
MAX_PEOPLE = 36_000_000
_FIRST_DAY = date(2095, 1, 1)
_DAYS = (date(2100, 1, 1) - _FIRST_DAY).days
_CENTURY_DIGITS = (5, 6)
_SERIALS = 10_000
_SPACE = _DAYS * len(_CENTURY_DIGITS) * _SERIALS


def iin_blocks(random: Random, size: int) -> Iterator[Numbers]:
    """Give different numbers in a mixed order that *random* decides, *size* at a time.

    The order is a walk over all places with a stride that shares no divisor with their count: it
    comes to each place once before it comes to any again, so nothing has to be remembered. None
    of the numbers looks like a BIN: a day never begins with 4, 5 or 6.
    """
    stride = int((1 + 2 * random.random()) * _SPACE / 3)
    while gcd(stride, _SPACE) > 1:
        stride += 1
    start = int(random.random() * _SPACE)
    steps = np.arange(size, dtype=np.int64)
    left = np.empty(0, dtype=np.int64)
    for first in range(0, _SPACE, size):
        steps_here = steps[: _SPACE - first] + first
        left = np.concatenate([left, _numbers_at((start + steps_here * stride) % _SPACE)])
        if len(left) >= size:
            yield left[:size]
            left = left[size:]
    if len(left):
        yield left


def synthetic_iins(random: Random) -> Iterator[str]:
    """Give about 36 million different numbers, one by one."""
    for block in iin_blocks(random, 1_000):
        yield from map(str, block.tolist())


def _numbers_at(places: Numbers) -> Numbers:
    """Give the numbers of those places that have a control digit, in their order."""
    rest, serials = np.divmod(places, _SERIALS)
    days, centuries = np.divmod(rest, len(_CENTURY_DIGITS))
    first, second = (
        (of_dates[days] + of_centuries[centuries] + of_serials[serials]) % 11
        for of_dates, of_centuries, of_serials in _SUMS
    )
    control = np.where(first == NO_DIGIT, second, first)
    prefixes = _DATES[days] * 100_000 + _CENTURIES[centuries] * _SERIALS + serials
    numbers: Numbers = (prefixes * 10 + control)[control != NO_DIGIT]
    return numbers


def _weighted(numbers: Numbers, weights: Sequence[int]) -> Numbers:
    """Give the sum of the digits of each number, each times its weight."""
    powers = 10 ** np.arange(len(weights), dtype=np.int64)[::-1]
    digits = numbers[:, np.newaxis] // powers % 10
    sums: Numbers = (digits * np.array(weights, dtype=np.int64)).sum(axis=1)
    return sums


_DATES = np.array([int(f"{_FIRST_DAY + timedelta(day):%y%m%d}") for day in range(_DAYS)], np.int64)
_CENTURIES = np.array(_CENTURY_DIGITS, np.int64)
# The sum of the control digit in three parts, once for the first weights and once for the second.
_SUMS = [
    (
        _weighted(_DATES, weights[:6]),
        _weighted(_CENTURIES, weights[6:7]),
        _weighted(np.arange(_SERIALS, dtype=np.int64), weights[7:]),
    )
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS)
]
