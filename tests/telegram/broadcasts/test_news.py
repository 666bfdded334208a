"""What happens to a broadcast without anybody is told once; the end by a report."""

import asyncio
import csv
import io
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.config import Settings
from bot.domain.broadcasts import (
    KAZAKHSTAN,
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    Hours,
    PauseReason,
)
from bot.registry.keys import registry_key
from bot.storage.backup import back_up, restore
from bot.storage.erasures import ErasureFile
from tests.telegram.broadcasts.newsroom import (
    Newsroom,
    begins,
    heading,
    prepared,
    settings_of,
    slowly,
)
from tests.telegram.client import Client, data_of, labels, until
from tests.telegram.conftest import TOKEN, running_bot
from tests.telegram.texts import LANGUAGES, say

RESTORED = (
    "It paused by itself: the database was put back from a backup, which does not know who got the "
    "message later. After Resume some may get it twice."
)
ERRORS = (
    "It paused by itself: too many of the last messages came to nothing. The table (CSV) has the "
    "reasons. Put them right and resume, or stop."
)


async def news_for(person: Client) -> list[str]:
    """List the texts that came as messages of their own, the first words left out."""
    calls = [*await person.calls("sendMessage"), *await person.calls("sendPhoto")]
    texts = [call["params"].get("text") or call["params"].get("caption", "") for call in calls]
    return [text for text in texts if begins("Paused") in text or begins("Done") in text]


async def test_pause_by_itself_is_told_once_to_the_author_and_to_senders(room: Newsroom) -> None:
    author, sender = await room.operator("author"), await room.operator("sender", language="kk")
    other, support = await room.operator("author"), await room.operator("support")
    fault = {"kind": "error", "status": 400, "description": "Bad Request: can't parse entities"}
    await room.fail("sendMessage", fault, room.ids[:30])

    broadcast_id = await room.confirm(author, 30)
    heard = [await each.next_message() for each in (author, sender)]
    await asyncio.sleep(2.5)
    often = await news_for(author)
    card = await sender.press(heard[1], say("kk", "Stop"))
    report = await author.next_message()

    assert heard[0]["text"].startswith(begins("Paused"))
    assert say("ru", ERRORS) in heard[0]["text"]
    assert say("kk", ERRORS) in heard[1]["text"]
    assert labels(heard[0]) == [say("ru", "Open the card")]
    assert labels(heard[1]) == [say("kk", each) for each in ("Resume", "Stop", "Open the card")]
    assert len(often) == 1
    assert card["text"].startswith(heading("Stopped", "kk", sent=0, of=30))
    assert report["caption"].startswith(heading("Stopped", sent=0, of=30))
    assert room.decisions("broadcast_stopped", broadcast_id) == [str(sender.id)]
    assert [*await news_for(other), *await news_for(support)] == []
    for each in (author, sender, other, support):
        await room.retire(each)


async def test_each_pause_is_told_anew(room: Newsroom) -> None:
    author = await room.operator("author", "sender")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, 3, choices=later)

    await room.broadcasts.pause(broadcast_id, PauseReason.TELEGRAM)
    first = await author.next_message()
    card = await author.press(first, say("ru", "Resume"))
    await room.broadcasts.pause(broadcast_id, PauseReason.LATE)
    second = await author.next_message()

    assert card["text"].startswith(say("ru", "Scheduled: it begins on {time}", time="")[:10])
    assert first["text"] != second["text"]
    assert second["text"].startswith(begins("Paused"))
    await room.retire(author)


async def test_operator_who_paused_it_is_not_told_so(room: Newsroom) -> None:
    author = await room.operator("author", "sender")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, 6, choices=later)

    await room.broadcasts.pause(broadcast_id, PauseReason.OPERATOR)
    await asyncio.sleep(2.5)

    assert await news_for(author) == []
    await room.retire(author)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_author_gets_the_final_report_with_a_picture(room: Newsroom, language: str) -> None:
    author = await room.operator("author", language=language)
    await room.fail("sendMessage", {"kind": "reset_after"}, room.ids[:1])

    broadcast_id = await room.confirm(author, 6)
    report = await author.next_message()
    await author.press_data(report, data_of(report, say(language, "Open the card")))
    card = await author.next_message()

    lines = report["caption"].splitlines()
    follow = say(language, "Write again where it is not known")
    assert lines[0] == heading("Done", language, sent=5, of=6)
    assert say(language, "Not known whether it arrived: {number}", 1) in lines
    assert report["photo"][-1]["width"] == 1000
    assert labels(report) == [say(language, "Table (CSV)"), say(language, "Open the card")]
    assert card["text"].splitlines()[0] == lines[0]
    assert data_of(card, follow) == f"bd_from:{broadcast_id}:1"
    await room.retire(author)


async def test_report_comes_again_by_the_button(room: Newsroom) -> None:
    author = await room.operator("author")
    broadcast_id = await room.confirm(author, 3)
    first = await author.next_message()
    card = await room.open_card(author, broadcast_id)

    await author.press_data(card, data_of(card, say("ru", "Report")))
    again = await author.next_message()

    assert again["caption"] == first["caption"]
    await room.retire(author)


@pytest.mark.long
async def test_report_that_telegram_did_not_take_waits_for_another_try(room: Newsroom) -> None:
    author = await room.operator("author")
    await author.fail("sendPhoto", {"kind": "429", "retry_after": 31})

    broadcast_id = await room.confirm(author, 3)
    await until(lambda: _was_tried(author))
    await asyncio.sleep(0.5)

    assert room.rows("SELECT * FROM news WHERE broadcast_id = ?", broadcast_id) == []
    await room.retire(author)


@pytest.mark.long
async def test_report_of_which_nobody_knows_is_not_sent_twice(room: Newsroom) -> None:
    author = await room.operator("author")
    await author.fail("sendPhoto", {"kind": "reset_after"})

    await room.confirm(author, 3)
    await until(lambda: _was_tried(author))
    await asyncio.sleep(2.5)

    assert len(await author.calls("sendPhoto")) == 1
    await room.retire(author)


async def test_table_has_nobody_in_it_and_no_small_group(room: Newsroom) -> None:
    author = await room.operator("author")
    await room.fail("sendMessage", {"kind": "reset_after"}, room.ids[:2])
    broadcast_id = await room.confirm(author, 90)
    report = await author.next_message()

    await author.press_data(report, data_of(report, say("ru", "Table (CSV)")))
    file = (await author.next_message())["document"]
    content = await download(room, file["file_id"])
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))

    names = ("What became of it", "Language", "Reason", "Minute", "Number of people")
    assert file["file_name"] == f"saqbol-broadcast-{broadcast_id}.csv"
    assert header == [say("ru", each) for each in names]
    assert sum(int(row[-1]) for row in rows) == 90
    assert all(int(row[-1]) >= 10 for row in rows)
    assert not [person for person in room.ids if str(person) in content.decode()]
    assert say("ru", "got it") in {row[0] for row in rows}
    await room.retire(author)


@pytest.mark.long
async def test_after_90_days_report_and_table_have_the_totals(room: Newsroom) -> None:
    author = await room.operator("author")
    broadcast_id = await room.confirm(author, 12)
    await author.next_message()
    old = f"{datetime.now(UTC) - timedelta(days=91):%Y-%m-%d %H:%M:%S.%f}"
    room.rows("UPDATE broadcasts SET changed_at = ? WHERE id = ?", old, broadcast_id)
    await room.broadcasts.purge()
    card = await room.open_card(author, broadcast_id)

    await author.press_data(card, data_of(card, say("ru", "Report")))
    report = await author.next_message()
    await author.press_data(card, data_of(card, say("ru", "Table (CSV)")))
    file = (await author.next_message())["document"]
    rows = list(
        csv.reader(io.StringIO((await download(room, file["file_id"])).decode("utf-8-sig")))
    )

    assert card["text"].startswith(heading("Done", sent=12, of=12))
    assert say("ru", "After 90 days only these totals are kept.") in report["text"]
    assert rows[1:] == [[say("ru", "got it"), "", "", "", "12"]]
    await room.retire(author)


@pytest.mark.long
async def test_f48_operators_hear_of_a_broadcast_that_a_restored_backup_paused(
    tmp_path: Path,
) -> None:
    async with prepared(tmp_path, people=50) as room:
        database, backup = room.home / "saqbol.sqlite", tmp_path / "backup"
        async with running_bot(settings_of(room)):
            author, sender = await room.operator("author"), await room.operator("sender")
            broadcast_id = await room.confirm(author, choices=slowly())
            await until(lambda: room.has_begun(broadcast_id))
            back_up(database, backup)
            at_backup = len(await room.sent())
        await room.engine.dispose()
        before = await room.sent()
        key = registry_key(Settings(home_dir=room.home, _env_file=None))
        erasures = ErasureFile(settings_of(room).erasures_file, key.of_subscriber, key.key_id)
        await asyncio.to_thread(restore, backup, database, erasures)
        async with running_bot(settings_of(room)):
            heard = [await each.next_message() for each in (author, sender)]
            await asyncio.sleep(1.5)
            again = [await news_for(each) for each in (author, sender)]
            counts = await room.counts(broadcast_id)
            after = await room.sent()

    assert 0 < counts[DeliveryState.PENDING] < 50
    assert counts[DeliveryState.SENT] <= at_backup
    assert after == before
    assert all(say("ru", RESTORED) in each["text"] for each in heard)
    assert [len(each) for each in again] == [1, 1]
    assert say("ru", "Resume") in labels(heard[1])


def asleep() -> Choices:
    """Let it begin now and send in hours that are not now, whatever the time of day is."""
    is_early = datetime.now(KAZAKHSTAN).hour < 12
    hours = Hours(time(22), time(23)) if is_early else Hours(time(1), time(2))
    return Choices(datetime.now(UTC), hours)


async def test_card_says_when_its_hours_begin(room: Newsroom) -> None:
    author = await room.operator("author")
    choices = asleep()
    assert choices.hours is not None
    broadcast_id = await room.confirm(author, 3, choices=choices)
    await room.wait_for(broadcast_id, BroadcastState.RUNNING)

    card = await room.open_card(author, broadcast_id)

    at = f"{choices.hours.opens:%H:%M}"
    assert card["text"].startswith(heading("Waits for its hours", sent=0, of=3))
    assert say("ru", "It goes on at {time} by the clocks of Kazakhstan.", time=at) in card["text"]
    await room.broadcasts.stop(BroadcastId(broadcast_id))
    await room.retire(author)


async def _was_tried(author: Client) -> bool:
    return bool(await author.calls("sendPhoto"))


async def download(room: Newsroom, file_id: str) -> bytes:
    async with aiohttp.ClientSession(room.emulator.url) as api:
        async with api.get(f"/bot{TOKEN}/getFile", params={"file_id": file_id}) as response:
            path = (await response.json())["result"]["file_path"]
        async with api.get(f"/file/bot{TOKEN}/{path}") as response:
            return await response.read()
