"""A made-up register with realistic shares, and with numbers that nobody living can have."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from bot.domain.iin import Iin
from bot.domain.person import Person
from bot.registry.payload import columns_of
from bot.registry.rows import COLUMNS
from bot.registry.synthetic.draw import Draw
from bot.registry.synthetic.iins import synthetic_iins
from bot.registry.synthetic.places import draw_clinic, draw_region
from bot.registry.synthetic.profiles import draw_person

_WITH_PHONE = 0.85
_WITH_CLINIC = 0.96
# No operator has this range; from the 10,001st person on the numbers are also too long to dial.
_PHONE_PREFIX = "+7700000"


def generate(people: int, seed: int, as_of: date) -> Iterator[str]:
    """Give the lines of a made-up CSV v1, the header first, without line ends.

    Needs the same memory for any number of people. The same seed and day give the same lines, and
    more people only add lines at the end.

    Args:
        people: how many, up to 36 million.
        seed: chooses the population.
        as_of: the day of the extract.

    Raises:
        ValueError: more people than there are numbers.
    """
    yield ",".join(COLUMNS)
    numbers = synthetic_iins(Random(seed))  # noqa: S311 - made-up people, not secrets
    random = Random(seed + 1)  # noqa: S311 - as above
    draw = Draw(random, as_of)
    for index in range(people):
        digits = next(numbers, None)
        if digits is None:
            raise ValueError(f"there are numbers for {index} people only, not for {people}")
        region = draw_region(random)
        person = replace(
            draw_person(draw),
            region=region,
            clinic=draw_clinic(region, random) if draw.chance(_WITH_CLINIC) else None,
        )
        phone = f"{_PHONE_PREFIX}{index:04d}" if draw.chance(_WITH_PHONE) else None
        yield format_row(Iin(digits), person, phone)


def format_row(iin: Iin, person: Person, phone: str | None) -> str:
    """Write one line of CSV v1, in the order of its columns and without a line end."""
    residence, region, clinic, *facts = columns_of(person)
    return ",".join((iin.digits, residence, region, clinic, phone or "", *facts))
