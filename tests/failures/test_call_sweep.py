"""Whichever call to Telegram fails in a talk, the next message gets the right answer.

The 1st, the 2nd, the 3rd … call fails, until the whole talk passes without a failure, as SQLite
tests itself (https://www.sqlite.org/testing.html#i_o_error_testing). Some talk at the same time,
each with a fault of their own.
"""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.failures.oracles import gather, judge
from tests.failures.running import Way, bot_by, readiness, written_log
from tests.failures.talk import Talk
from tests.telegram.client import Events
from tests.telegram.conftest import Newcomer, bringer

FAULTS: dict[str, dict[str, Any]] = {
    "429": {"kind": "429", "retry_after": 1},
    "500-json": {"kind": "error", "status": 500},
    "502-html": {"kind": "error", "status": 502, "html": True},
    "reset-before": {"kind": "reset_before"},
    "reset-after": {"kind": "reset_after"},
    "hang": {"kind": "hang"},
    "slow": {"kind": "slow", "seconds": 3},
    "400": {"kind": "error", "status": 400},
    "403": {"kind": "error", "status": 403},
}
_MOST_CALLS = 60
_AT_ONCE = 8


async def talk_with(
    fault: dict[str, Any], number: int, api: aiohttp.ClientSession, newcomer: Newcomer
) -> Talk:
    """Let somebody go through the talk whose n-th call fails; 0 for none."""
    person = await newcomer("ru", consent=False)
    if number:
        body = {"chat_id": person.id, "nth": number, "fault": fault}
        async with api.post("/client/faults", json=body) as response:
            assert response.ok, await response.text()
    talk = Talk(api, person)
    await talk.go_through()
    return talk


async def calls_of(api: aiohttp.ClientSession, talk: Talk) -> int:
    """Count what the bot called in a talk."""
    async with api.get("/client/journal") as response:
        journal = await response.json()
    chat, query = talk.person.id, "callback_query_id"
    return sum(call["chat_id"] == chat or query in call["params"] for call in journal)


async def sweep(way: Way, faults: list[str], home: Path) -> list[int]:
    """Give how often each had to repeat something, the last one without a fault.

    Of several faults the calls meet them by turns.
    """
    with written_log() as log:
        async with (
            Emulator(webhook_retry_s=0.2) as emulator,
            aiohttp.ClientSession(emulator.url) as api,
            Events(api) as events,
            bot_by(way, home, emulator.url) as port,
        ):
            newcomer = bringer(api, events)
            calls = await calls_of(api, await talk_with({}, 0, api, newcomer))
            assert 15 < calls < _MOST_CALLS
            numbers = [*range(1, calls + 1), calls + 3]
            places = asyncio.Semaphore(_AT_ONCE)

            async def talk(fault: str, number: int) -> Talk:
                async with places:
                    return await talk_with(FAULTS[fault], number, api, newcomer)

            chosen = zip(numbers, itertools.cycle(faults), strict=False)
            talks = await asyncio.gather(*(talk(fault, number) for number, fault in chosen))
            ready = await readiness(port)
            evidence = await gather(api, home, log.getvalue(), readiness=ready)
    judge(evidence)
    assert sum(call["fault"] is not None for call in evidence.journal) == calls
    return [talk.repeats for talk in talks]


@pytest.mark.timeout(120)
async def test_f02_f04_next_message_is_answered_whichever_call_fails(own_home: Path) -> None:
    repeats = await sweep("webhook", ["429", "reset-after"], own_home)

    assert repeats[-1] == 0
    assert max(repeats) <= 1


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_f02_f03_f04_f05_f30_next_message_is_answered_whichever_call_fails(
    own_home: Path, way: Way, fault: str
) -> None:
    repeats = await sweep(way, [fault], own_home)

    assert repeats[-1] == 0
    assert max(repeats) <= 1
