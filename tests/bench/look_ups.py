"""How long the register keeps an event loop that asks it."""

import asyncio
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from statistics import quantiles

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.iin import Iin, parse_iin
from bot.registry.keys import RegistryKey
from bot.registry.registry import Registry
from bot.services.judging import judge

_WARM_UP = 2_000
_BETWEEN_S = 0.005
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Times:
    """Of many look-ups, in microseconds."""

    median: float
    p99: float

    def __str__(self) -> str:
        return f"{self.median:,.1f} / {self.p99:,.1f} us"


class LookUps:
    """Asks one register about people of its extract."""

    def __init__(self, home: Path, key: RegistryKey, iins: Sequence[Iin], on: date) -> None:
        self._home = home
        self._key = key
        self._iins = iins
        self._on = on
        self._parameters = load_parameters(SHARE / "data" / "parameters")

    def find(self) -> Times:
        """One after the other, everybody once."""
        with Registry(self._home, self._key) as registry:
            return asyncio.run(_timed(registry.find, self._iins))

    def find_and_judge(self) -> Times:
        """The same with what the service does to answer."""
        with Registry(self._home, self._key) as registry:

            def answer(iin: Iin) -> None:
                entry = registry.find(iin)
                judge(
                    None if entry is None else entry.person,
                    self._on,
                    self._parameters,
                    data_age_days=0,
                    max_age_days=7,
                )

            return asyncio.run(_timed(answer, self._iins))

    def find_cold(self, people: int) -> Times:
        """The same after the file was taken out of the memory of the system."""
        with Registry(self._home, self._key) as registry:
            path = self._home / "registry" / registry.info.generation
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return asyncio.run(_timed(registry.find, self._iins[:people], warm_up=0))

    def find_while(self, is_over: Callable[[], bool]) -> Times:
        """200 a second until something is over."""
        with Registry(self._home, self._key) as registry:
            return asyncio.run(_paced(registry.find, self._iins, is_over))


def draw_iins(extract: Path, people: int) -> list[Iin]:
    """Draw people of an extract, in any order, some of them perhaps twice."""
    size_bytes, draw = extract.stat().st_size, random.Random(1)
    iins: list[Iin] = []
    with extract.open("rb") as file:
        while len(iins) < people:
            file.seek(draw.randrange(size_bytes))
            file.readline()
            if line := file.readline():
                iins.append(parse_iin(line[:12].decode()))
    return iins


async def _timed(
    function: Callable[[Iin], object], iins: Sequence[Iin], warm_up: int = _WARM_UP
) -> Times:
    for iin in iins[:warm_up]:
        function(iin)
    return _summed([_time(function, iin) for iin in iins])


async def _paced(
    function: Callable[[Iin], object], iins: Sequence[Iin], is_over: Callable[[], bool]
) -> Times:
    times = []
    for iin in cycle(iins):
        times.append(_time(function, iin))
        if is_over():
            return _summed(times)
        await asyncio.sleep(_BETWEEN_S)
    raise AssertionError("nobody to ask about")


def _time(function: Callable[[Iin], object], iin: Iin) -> float:
    began = time.perf_counter_ns()
    function(iin)
    return (time.perf_counter_ns() - began) / 1000


def _summed(times: list[float]) -> Times:
    hundredths = quantiles(times, n=100)
    return Times(hundredths[49], hundredths[98])
