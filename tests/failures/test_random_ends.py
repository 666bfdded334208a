"""Killed and stopped at random moments under a crowd: nothing is lost, nothing has two effects.

Everybody asks about every number of the sample register at most once, so each answer belongs to
one update. FAILURES_SEED repeats a run, FAILURES_KILLS makes it shorter or longer.
"""

import asyncio
import os
import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.failures.crowd import Crowd, gather_crowd
from tests.failures.disk import rows
from tests.failures.oracles import gather, judge
from tests.failures.running import Way, some_seed, variables
from tests.telegram.numbers import IINS
from tests.telegram.process import BotProcess, free_port

pytestmark = [pytest.mark.long, pytest.mark.timeout(3000)]
_PEOPLE = 400
_KILLS = int(os.environ.get("FAILURES_KILLS", "50"))
_STOPS = max(2, _KILLS // 5)
# The last four digits tell the answers of one person apart.
_NUMBERS = tuple({iin[-4:]: iin for iin in IINS}.values())
_LAST4 = re.compile(r"[0-9]{4}")
_MOST_WAITING = 60
_LONGEST_LIFE_S = 3.0
Question = tuple[int, str]


@dataclass
class Traffic:
    """A crowd that goes on asking whether the bot lives or not."""

    crowd: Crowd
    random: random.Random
    asked: list[Question] = field(default_factory=list)
    answers: Counter[Question] = field(default_factory=Counter)
    tried: Counter[Question] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        return sum(not self.answers[question] for question in self.asked)

    @property
    def repeated(self) -> int:
        return sum(number - 1 for number in self.answers.values() if number)

    async def ask(self) -> None:
        """Let people ask in any order, until cancelled."""
        questions = [(person, iin) for person in self.crowd.ids for iin in _NUMBERS]
        self.random.shuffle(questions)
        for person, iin in questions:
            while await self._waiting() > _MOST_WAITING:  # noqa: ASYNC110 - the server knows
                await asyncio.sleep(0.1)
            await self.crowd.write(iin, people=[person])
            self.asked.append((person, iin[-4:]))
            await asyncio.sleep(self.random.uniform(0, 0.05))
        raise AssertionError("nobody has anything left to ask")

    async def look(self) -> None:
        """Count the answers that arrived, and those that the bot tried to send."""
        for call in await self.crowd.calls("sendMessage"):
            about = _LAST4.search(call["params"]["text"].partition("\n")[2])
            if about is None:
                continue
            question = (call["chat_id"], about[0])
            self.tried[question] += 1
            self.answers[question] += "result" in call

    async def _waiting(self) -> int:
        path = "/bot7000000000:somebody-who-looks-on/getWebhookInfo"
        async with self.crowd.api.get(path) as response:
            return int((await response.json())["result"]["pending_update_count"])


@asynccontextmanager
async def under_traffic(
    way: Way, home: Path, seed: int
) -> AsyncIterator[tuple[BotProcess, Traffic]]:
    """Give a bot and a crowd that asks; at the end everything is answered and the bot stopped."""
    async with (
        Emulator(webhook_retry_s=0.05) as emulator,
        aiohttp.ClientSession(emulator.url) as api,
    ):
        traffic = Traffic(await gather_crowd(api, home, _PEOPLE), random.Random(seed))
        bot = BotProcess(home, emulator.url, **variables(way, free_port()))
        await traffic.crowd.fail("sendMessage", 1_000_000, kind="slow", seconds=0.1)
        async with bot:
            asking = asyncio.create_task(traffic.ask())
            try:
                yield bot, traffic
            finally:
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking
            await traffic.crowd.wait_nothing_waits()
            code = await bot.stop()
        await traffic.look()
        judge(await gather(api, home, bot.log, exit_code=code))


def doubled_rows(home: Path, handled: Counter[Question]) -> int:
    """Count the answers kept beyond one for each time that an answer was sent or tried."""
    query = "SELECT subscriber_id, last4, count(*) FROM answers GROUP BY subscriber_id, last4"
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        kept = {(person, last4): number for person, last4, number in database.execute(query)}
    return sum(max(0, number - handled[question]) for question, number in kept.items())


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_f01_f07_random_kills_under_a_crowd_lose_nothing_and_double_no_effect(
    own_home: Path, way: Way, tell: Callable[[str], None]
) -> None:
    seed = some_seed()
    async with under_traffic(way, own_home, seed) as (bot, traffic):
        for _ in range(_KILLS):
            await asyncio.sleep(traffic.random.uniform(0, _LONGEST_LIFE_S))
            await bot.kill()
            await bot.start()
    doubled = doubled_rows(own_home, traffic.tried)
    tell(
        f"{_KILLS} kills by {way}, seed {seed}: {len(traffic.asked)} updates accepted, "
        f"{traffic.lost} lost, {traffic.repeated} answers repeated, {doubled} doubled effects"
    )

    assert traffic.lost == 0
    assert doubled == 0
    assert rows(own_home / "saqbol.sqlite") == _PEOPLE


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_f43_random_sigterms_under_a_crowd_lose_and_repeat_nothing(
    own_home: Path, way: Way, tell: Callable[[str], None]
) -> None:
    seed = some_seed()
    longest_s = 0.0
    async with under_traffic(way, own_home, seed) as (bot, traffic):
        for _ in range(_STOPS):
            await asyncio.sleep(traffic.random.uniform(0, _LONGEST_LIFE_S))
            began = time.monotonic()
            assert await bot.stop() == 0
            longest_s = max(longest_s, time.monotonic() - began)
            await bot.start()
    doubled = doubled_rows(own_home, traffic.tried)
    tell(
        f"{_STOPS} stops by {way}, seed {seed}: {len(traffic.asked)} updates accepted, "
        f"{traffic.lost} lost, {traffic.repeated} answers repeated, {doubled} doubled effects, "
        f"the longest took {longest_s:.1f} s"
    )

    assert longest_s < 10
    assert traffic.answers == Counter(traffic.asked)
    assert doubled == 0
