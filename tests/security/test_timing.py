"""How long an answer takes does not tell more than the answer."""

from statistics import median
from time import perf_counter

from tests.telegram.client import Client
from tests.telegram.conftest import Newcomer

NEVER_PAID = "950101500019"
NOBODY = "991231500719"
_TIMES = 15
# An answer over the internet takes 100 to 300 ms, with more than this from one to the next.
_ONE_CLASS_S = 0.05


async def seconds(person: Client, iin: str) -> float:
    start = perf_counter()
    await person.send(iin)
    return perf_counter() - start


async def test_no_record_and_not_insured_take_times_of_one_class(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    await person.send(NEVER_PAID)
    await person.send(NOBODY)

    pairs = [
        (await seconds(person, NEVER_PAID), await seconds(person, NOBODY)) for _ in range(_TIMES)
    ]

    assert abs(median(known - unknown for known, unknown in pairs)) < _ONE_CLASS_S
