"""Long polling: no update is lost, however the process ends, and none has two effects."""

import asyncio
import json
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.failures.crowd import INSURED, UNINSURED, gather_crowd
from tests.telegram.conftest import bot_settings, running_bot
from tests.telegram.process import BotProcess

pytestmark = pytest.mark.timeout(300)
SECRET_TEXT = "a text that nobody may read in a log"
POISON: list[dict[str, Any]] = [
    {"telepathy": {"text": SECRET_TEXT, "from": {"id": 1}}},
    {"message": {"message_id": SECRET_TEXT, "text": SECRET_TEXT}},
    {"edited_message": {"text": SECRET_TEXT}},
]
OUTAGES: list[dict[str, Any]] = [
    {"kind": "error", "status": 502, "html": True},
    {"kind": "error", "status": 500},
    {"kind": "reset_before"},
]


async def test_f43_sigterm_with_50_updates_in_flight_loses_and_repeats_none(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 50)
    async with BotProcess(own_home, emulator.url) as bot:
        await crowd.fail("sendMessage", 1000, kind="slow", seconds=0.4)
        await crowd.write()
        await asyncio.sleep(random.uniform(0, 0.3))
        began = time.monotonic()

        code = await bot.stop()

        assert code == 0, bot.log
        assert time.monotonic() - began < 10
        await crowd.heal()
        await bot.start()
        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
        assert await bot.stop() == 0
    assert (await crowd.answers()) == answers
    assert set(answers.values()) == {1}


@pytest.mark.parametrize("moment", range(2))
async def test_f01_f07_sigkill_with_50_updates_in_flight_loses_none(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession, moment: int
) -> None:
    crowd = await gather_crowd(api, own_home, 50)
    async with BotProcess(own_home, emulator.url) as bot:
        await crowd.fail("sendMessage", 1000, kind="slow", seconds=0.6)
        await crowd.write()
        await asyncio.sleep(random.uniform(0, 0.5))

        await bot.kill()

        assert (await crowd.answers()).total() < 50
        await crowd.heal()
        await bot.start()
        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
    # An answer whose update was not confirmed yet may come once more.
    assert max(answers.values()) <= 2


async def test_f37_backlog_of_1000_updates_is_answered_once_for_each_number(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 250)
    for text in (UNINSURED, UNINSURED, INSURED, UNINSURED):
        await crowd.write(text)
    # Telegram's dates are whole seconds.
    await asyncio.sleep(1)

    async with BotProcess(own_home, emulator.url):
        await crowd.wait_nothing_waits(90)

    assert await crowd.answers() == dict.fromkeys(crowd.ids, 2)
    assert len(await crowd.calls("deleteMessage")) == 1000


async def test_number_sent_again_after_its_answer_is_answered_again(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    async with running_bot(bot_settings(own_home, emulator.url)):
        for number in (1, 2):
            await crowd.write()
            await crowd.wait_answered(each=number)


async def test_f06_update_that_comes_again_while_a_slow_one_is_in_hand_has_one_effect(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 20)
    slow, *others = crowd.ids
    async with running_bot(bot_settings(own_home, emulator.url)):
        await crowd.fail("sendMessage", chat_id=slow, kind="slow", seconds=3)
        await crowd.write()

        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
        polls = await crowd.calls("getUpdates")

    assert set(answers.values()) == {1}
    shown = Counter(update["update_id"] for poll in polls for update in poll.get("result") or [])
    assert max(shown.values()) > 1
    sent = [call["chat_id"] for call in await crowd.calls("sendMessage") if "result" in call]
    assert sent[-1] == slow
    assert set(others) == set(sent[:-1])


async def test_f06_offset_does_not_pass_over_an_update_in_hand(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 5)
    async with running_bot(bot_settings(own_home, emulator.url)):
        await crowd.fail("sendMessage", chat_id=crowd.ids[0], kind="slow", seconds=2)
        await crowd.write()
        await crowd.wait_answered()
        await crowd.wait_nothing_waits()

    [answered] = [
        call
        for call in await crowd.calls("sendMessage")
        if call["chat_id"] == crowd.ids[0] and call["fault"] == "slow"
    ]
    polls = await crowd.calls("getUpdates")
    first = min(update["update_id"] for poll in polls for update in poll.get("result") or [])
    early = [poll for poll in polls if poll["monotonic"] < answered["monotonic"] + 2]
    assert early[-1]["monotonic"] > answered["monotonic"]
    assert all(poll["params"]["offset"] <= first for poll in early)


async def test_f38_poison_update_is_passed_over_and_never_printed(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 2)
    async with BotProcess(own_home, emulator.url) as bot:
        for poison in POISON:
            await crowd.post("/client/updates", **poison)
        await crowd.write()

        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
        assert await bot.stop() == 0

    assert set(answers.values()) == {1}
    assert SECRET_TEXT not in bot.log
    assert UNINSURED not in bot.log


async def test_f38_update_whose_handler_fails_is_done_with_and_others_are_served(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 3)
    poisoned = crowd.ids[0]
    async with running_bot(bot_settings(own_home, emulator.url)):
        await crowd.fail("sendMessage", 2, chat_id=poisoned, kind="error", status=400)
        await crowd.write()
        await crowd.wait_nothing_waits()
        await crowd.write(people=[poisoned])

        answers = await crowd.wait_answered()

    assert set(answers.values()) == {1}


async def test_f39_bot_goes_on_when_telegram_is_back_and_says_so_once(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 3)
    async with BotProcess(own_home, emulator.url) as bot:
        for number, fault in enumerate(OUTAGES, start=1):
            await crowd.post("/client/faults", method="getUpdates", nth=number, fault=fault)
        await crowd.write()

        answers = await crowd.wait_answered()
        assert await bot.stop() == 0

    assert set(answers.values()) == {1}
    failed = [poll["monotonic"] for poll in await crowd.calls("getUpdates") if poll["fault"]]
    assert len(failed) == len(OUTAGES)
    assert failed[2] - failed[1] > failed[1] - failed[0] > 0.3
    events = [json.loads(line)["event"] for line in bot.log.splitlines()]
    assert events.count("telegram_unreachable") == 1
    assert events.count("telegram_reachable") == 1


async def test_f39_pause_that_telegram_asks_for_is_kept(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    async with running_bot(bot_settings(own_home, emulator.url)):
        await crowd.fail("getUpdates", kind="429", retry_after=2)
        for each in (1, 2):
            await crowd.write()
            await crowd.wait_answered(each=each)

    polls = await crowd.calls("getUpdates")
    [refused] = [number for number, poll in enumerate(polls) if poll["fault"] == "429"]
    assert polls[refused + 1]["monotonic"] - polls[refused]["monotonic"] >= 2


@pytest.mark.parametrize(
    ("method", "status", "code"),
    [
        pytest.param("getUpdates", 401, 78, id="revoked"),
        pytest.param("getUpdates", 404, 78, id="unknown"),
        pytest.param("sendMessage", 401, 78, id="revoked-seen-by-a-handler"),
        pytest.param("getUpdates", 409, 75, id="conflict"),
    ],
)
async def test_f40_refused_process_ends_at_once_with_a_code_and_a_line(
    own_home: Path,
    emulator: Emulator,
    api: aiohttp.ClientSession,
    method: str,
    status: int,
    code: int,
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    async with BotProcess(own_home, emulator.url) as bot:
        await crowd.fail(method, 1000, kind="error", status=status)
        await crowd.write()

        assert await bot.end() == code, bot.log

    refused = [call for call in await crowd.calls(method) if "error" in call]
    assert len(refused) == 1
    assert bot.log.splitlines()[-1].startswith("saqbol: ")
    assert "Traceback" not in bot.log.splitlines()[-1]


async def test_f40_refused_token_at_the_start_ends_with_78(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    for method in ("setMyCommands", "getMe"):
        await crowd.fail(method, 1000, kind="error", status=401)
    bot = BotProcess(own_home, emulator.url)

    await bot.launch()

    assert await bot.end() == 78
    assert "BOT_TOKEN" in bot.log.splitlines()[-1]


async def test_f39_pause_too_long_to_start_ends_with_a_line_and_may_be_tried_again(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    await crowd.fail("getMe", 1000, kind="429", retry_after=3600)
    bot = BotProcess(own_home, emulator.url)

    await bot.launch()

    assert await bot.end() == 1
    assert bot.log.splitlines()[-1].startswith("saqbol: ")
    assert "3600" in bot.log.splitlines()[-1]


async def test_second_process_on_the_same_home_is_refused_and_the_first_goes_on(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 1)
    async with BotProcess(own_home, emulator.url) as first:
        second = BotProcess(own_home, emulator.url)

        await second.launch()

        assert await second.end() == 75
        assert "another bot runs on" in first.log.splitlines()[-1]
        await crowd.write()
        assert await crowd.wait_answered()
        assert await first.stop() == 0
