"""getUpdates: offsets, waiting, kinds of updates, and one poller at a time."""

import asyncio
import time

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from bot.emulator import Emulator
from tests.emulator.conftest import Clock, People


async def test_updates_stay_until_their_offset_is_passed(
    bot: Bot, people: People, person: int
) -> None:
    for text in ("one", "two", "three"):
        await people.write(person, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert [update.update_id for update in first] == [update.update_id for update in again]
    assert [update.message.text for update in rest if update.message] == ["three"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == []
    assert [update.update_id for update in first + rest] == list(
        range(first[0].update_id, first[0].update_id + 3)
    )


async def test_negative_offset_forgets_all_but_the_newest(
    bot: Bot, people: People, person: int
) -> None:
    for text in ("one", "two"):
        await people.write(person, text)

    (update,) = await bot.get_updates(offset=-1)

    assert update.message
    assert update.message.text == "two"
    assert len(await bot.get_updates()) == 1


async def test_poll_waits_for_the_next_update(bot: Bot, people: People, person: int) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()

    await people.write(person, "late")

    (update,) = await asyncio.wait_for(poll, 1)
    assert update.message
    assert update.message.text == "late"


async def test_poll_ends_empty_after_its_timeout(bot: Bot, person: int) -> None:
    start = time.monotonic()

    assert await bot.get_updates(timeout=1) == []

    assert 0.9 < time.monotonic() - start < 3


async def test_second_poll_ends_the_first(bot: Bot, people: People, person: int) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=5))

    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await asyncio.wait_for(first, 1)
    await people.write(person, "for the second")
    assert len(await asyncio.wait_for(second, 1)) == 1


async def test_only_allowed_updates_are_queued_and_the_choice_is_remembered(
    bot: Bot, people: People, person: int
) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await people.write(person, "unseen")
    await people.press(person, 1)

    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == ["callback_query"]

    await bot.get_updates(offset=updates[-1].update_id + 1, allowed_updates=[])
    await people.write(person, "seen")
    assert [update.event_type for update in await bot.get_updates()] == ["message"]


@pytest.mark.parametrize(("wait_s", "left"), [(149, 2), (151, 1), (24 * 3600, 0)])
async def test_updates_grow_too_old(
    bot: Bot, people: People, person: int, clock: Clock, wait_s: int, left: int
) -> None:
    await people.write(person, "lives a day")
    await people.press(person, 1)
    clock.now += wait_s

    assert len(await bot.get_updates()) == left


async def test_numbers_go_on_after_a_restart(people: People, clock: Clock) -> None:
    numbers = []
    for _ in range(2):
        async with Emulator(clock=clock) as emulator:
            others = People(emulator.url, people.session)
            await others.write(await others.add())
            _, answer = await others.call("getUpdates")
            numbers.append(answer["result"][0]["update_id"])
        clock.now += 60

    assert numbers[1] > numbers[0]


async def test_stop_lets_a_waiting_poll_go(people: People) -> None:
    async with Emulator() as emulator:
        others = People(emulator.url, people.session)
        poll = asyncio.create_task(others.call("getUpdates", timeout=50))
        await asyncio.sleep(0.05)

    assert await asyncio.wait_for(poll, 2) == (200, {"ok": True, "result": []})
