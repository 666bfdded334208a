"""Numbers that can belong to nobody living: births in 2095-2099, valid control digit."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import gcd
from random import Random

from bot.domain.iin import control_digit

_FIRST_DAY = date(2095, 1, 1)
_DAYS = (date(2100, 1, 1) - _FIRST_DAY).days
_CENTURY_DIGITS = "56"
_SERIALS = 10_000
_SPACE = _DAYS * len(_CENTURY_DIGITS) * _SERIALS


def synthetic_iins(random: Random) -> Iterator[str]:
    """Give about 36 million different numbers in a mixed order that *random* decides.

    The order is a walk with a stride that shares no divisor with the number of places, so nothing
    has to be remembered. None of them looks like a BIN: a day never begins with 4, 5 or 6.
    """
    stride = random.randrange(_SPACE // 3, _SPACE)
    while gcd(stride, _SPACE) > 1:
        stride += 1
    place = random.randrange(_SPACE)
    prefixes = [f"{_FIRST_DAY + timedelta(days):%y%m%d}" for days in range(_DAYS)]
    for _ in range(_SPACE):
        place = (place + stride) % _SPACE
        rest, serial = divmod(place, _SERIALS)
        day, century = divmod(rest, len(_CENTURY_DIGITS))
        prefix = f"{prefixes[day]}{_CENTURY_DIGITS[century]}{serial:04d}"
        control = control_digit(prefix)
        if control is not None:
            yield f"{prefix}{control}"
