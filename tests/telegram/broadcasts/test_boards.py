"""The card goes on by itself while its broadcast does, and ends with it."""

import asyncio
import itertools
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.broadcasts import BroadcastState, Choices
from tests.telegram.broadcasts.newsroom import (
    Newsroom,
    begins,
    heading,
    prepared,
    settings_of,
    slowly,
)
from tests.telegram.client import Client, Message, until
from tests.telegram.conftest import running_bot
from tests.telegram.process import BotProcess
from tests.telegram.texts import say
from tests.worker.process import WorkerProcess


async def edits_of(room: Newsroom, message: Message) -> list[dict[str, Any]]:
    return [
        call
        for call in await room.journal("editMessageText")
        if call["params"]["chat_id"] == message["chat"]["id"]
        and call["params"]["message_id"] == message["message_id"]
    ]


async def shown_in(person: Client, message: Message) -> str:
    found = [
        each for each in await person.messages() if each["message_id"] == message["message_id"]
    ]
    return str(found[0]["text"])


def boards_of(room: Newsroom, person: Client) -> list[tuple[Any, ...]]:
    return room.rows("SELECT broadcast_id FROM boards WHERE operator_id = ?", person.id)


async def test_cards_move_by_themselves_at_most_every_three_seconds_until_the_end(
    room: Newsroom,
) -> None:
    author, other = await room.operator("author"), await room.operator("sender")
    # Long enough for two edits on the way, on a busy machine too.
    await room.fail("sendMessage", {"kind": "slow", "seconds": 2}, room.ids)
    broadcast_id = await room.confirm(author, 110, choices=slowly())
    first = await room.open_card(author, broadcast_id)
    second = await room.open_card(other, broadcast_id)

    answered: list[float] = []

    async def has_ended() -> bool:
        began = time.monotonic()
        await other.send("/menu")
        answered.append(time.monotonic() - began)
        await asyncio.sleep(1.2)
        return (await shown_in(author, first)).startswith(begins("Done"))

    await until(has_ended, 40)
    await asyncio.sleep(3.5)
    edits = await edits_of(room, first)
    texts = [call["params"]["text"] for call in edits]

    # The first one is of the press that opened the card.
    gaps = [later["at"] - earlier["at"] for earlier, later in itertools.pairwise(edits)]
    assert len(edits) >= 3
    assert min(gaps) >= 2.9
    assert len({*texts}) == len(texts)
    assert begins("Being sent") in texts[1]
    assert say("ru", "Speed: {number} a second", 2).split(":")[0] in "".join(texts)
    assert heading("Done", sent=110, of=110) in texts[-1]
    assert heading("Done", sent=110, of=110) in await shown_in(other, second)
    assert boards_of(room, author) == boards_of(room, other) == []
    assert sorted(answered)[len(answered) // 2] < 1.0
    for each in (author, other):
        await room.retire(each)


async def test_of_two_cards_the_last_one_moves(room: Newsroom) -> None:
    author = await room.operator("author")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    first, second = [await room.confirm(author, 3, choices=later) for _ in range(2)]
    cards = [await room.open_card(author, each) for each in (first, second)]

    for each in (first, second):
        await room.broadcasts.stop(each)
    await room.edited(author, cards[1], lambda shown: shown["text"].startswith(begins("Stopped")))

    assert not (await shown_in(author, cards[0])).startswith(begins("Stopped"))
    await room.retire(author)


async def test_card_that_became_something_else_is_left_alone(room: Newsroom) -> None:
    author = await room.operator("author", "sender")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, 3, choices=later)
    card = await room.open_card(author, broadcast_id)

    listed = await room.press(author, card, "All broadcasts")
    await room.broadcasts.stop(broadcast_id)
    await asyncio.sleep(4)

    assert listed["text"].startswith(say("ru", "Broadcasts"))
    assert await shown_in(author, card) == listed["text"]
    await room.retire(author)


async def test_card_of_somebody_who_lost_the_role_stands_still(room: Newsroom) -> None:
    author = await room.operator("author")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, 3, choices=later)
    card = await room.open_card(author, broadcast_id)
    await room.retire(author)

    await room.broadcasts.stop(broadcast_id)
    await until(lambda: _is_given_up(room, author))

    assert await shown_in(author, card) == card["text"]


async def test_message_that_cannot_be_edited_any_more_is_given_up(room: Newsroom) -> None:
    author = await room.operator("author")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, 3, choices=later)
    card = await room.open_card(author, broadcast_id)
    await until(lambda: _is_kept(room, author))
    fault = {"kind": "error", "status": 400, "description": "Bad Request: message can't be edited"}
    await author.fail("editMessageText", fault)

    await room.broadcasts.stop(broadcast_id)
    await until(lambda: _is_given_up(room, author))
    before = len(await edits_of(room, card))
    await asyncio.sleep(3.5)

    assert len(await edits_of(room, card)) == before
    assert await shown_in(author, card) == card["text"]
    await room.retire(author)


@pytest.mark.long
async def test_card_goes_on_after_a_restart_and_the_report_comes_once(tmp_path: Path) -> None:
    async with prepared(tmp_path, people=6) as room:
        async with running_bot(settings_of(room)):
            author = await room.operator("author", "sender")
            later = Choices(datetime.now(UTC) + timedelta(hours=1), is_paid=True)
            broadcast_id = await room.confirm(author, choices=later)
            card = await room.open_card(author, broadcast_id)
            await until(lambda: _is_kept(room, author))
        room.rows(
            "UPDATE broadcasts SET starts_at = ?", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
        )
        async with running_bot(settings_of(room)):
            await room.wait_for(broadcast_id, BroadcastState.DONE)
            await until(lambda: _is_given_up(room, author))
            await until(lambda: _has_report(author))
        async with running_bot(settings_of(room)):
            await asyncio.sleep(1.5)

        photos = await author.calls("sendPhoto")
        edits = await edits_of(room, card)

    assert card["text"].startswith(say("ru", "Scheduled: it begins on {time}", time="")[:10])
    assert len(photos) == 1
    assert sum(begins("Done") in call["params"]["text"] for call in edits) == 1


@pytest.mark.long
@pytest.mark.timeout(400)
async def test_card_survives_kills_of_the_bot_and_of_a_worker_beside_it(tmp_path: Path) -> None:
    async with prepared(tmp_path, people=300) as room:
        author = await room.operator("author", "sender", consent=False)
        async with BotProcess(room.home, room.emulator.url) as bot:
            worker = WorkerProcess(room.home, room.emulator.url, lease_s=5)
            async with worker:
                broadcast_id = await room.confirm(author, choices=slowly())
                card = await room.open_card(author, broadcast_id)
                await room.edited(author, card)
                await bot.kill()
                await asyncio.sleep(1)
                await bot.start()
                await room.edited(author, card)
                await worker.end_by(signal.SIGKILL)
                await bot.kill()
                await bot.start()
                await room.wait_for(broadcast_id, BroadcastState.DONE, 90)
                await until(lambda: _has_report(author), 60)
                await until(lambda: _is_given_up(room, author), 60)
                await asyncio.sleep(3)
        photos = await author.calls("sendPhoto")
        edits = await edits_of(room, card)
        text = await shown_in(author, card)

    gaps = [later["at"] - earlier["at"] for earlier, later in itertools.pairwise(edits)]
    assert len(photos) == 1
    assert min(gaps) >= 2.9
    assert text.startswith(begins("Done"))


async def _is_kept(room: Newsroom, person: Client) -> bool:
    return bool(boards_of(room, person))


async def _is_given_up(room: Newsroom, person: Client) -> bool:
    return not boards_of(room, person)


async def _has_report(author: Client) -> bool:
    return bool(await author.calls("sendPhoto"))
