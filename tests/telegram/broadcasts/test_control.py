"""Senders pause, stop and take back; authors see; two presses have one effect."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices, DeliveryState, PauseReason
from tests.telegram.broadcasts.newsroom import Newsroom, begins, heading, slowly
from tests.telegram.client import Client, data_of, labels, until
from tests.telegram.office import STALE, UNKNOWN, take
from tests.telegram.texts import LANGUAGES, say

REVOKED = (
    "It paused by itself: whoever wrote it or let it out may not do that any more. Look at it, "
    "then resume or stop."
)
STEERING = ("Pause", "Resume", "Stop", "Delete for everyone")


async def paused(room: Newsroom, author: Client, people: int = 12) -> BroadcastId:
    """Let a broadcast begin and pause it, with most of it still to come."""
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(author, people, choices=later)
    assert await room.broadcasts.pause(broadcast_id, PauseReason.OPERATOR)
    return broadcast_id


async def test_card_says_how_far_it_is_for_whom_and_who_wrote_it(room: Newsroom) -> None:
    author = await room.operator("author")
    broadcast_id = await room.confirm(author, 6)
    await room.wait_for(broadcast_id, BroadcastState.DONE)

    card = await room.open_card(author, broadcast_id)

    lines = card["text"].splitlines()
    assert lines[0] == say("ru", "Done: {sent} of {all} got it", sent=6, all=6)
    assert lines[1] == "█" * 20 + " 100\u00a0%"
    assert say("ru", "Got it: {number}", number=6) in lines
    assert say("ru", "Written by: {name}", name=f"Тест ({author.id})") in lines
    people = say("ru", "{number} chosen person", 6)
    assert say("ru", "For: {audience}", audience=people) in lines
    await room.retire(author)


async def test_sender_pauses_and_resumes_and_nobody_gets_it_twice(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    broadcast_id = await room.confirm(sender, 60, choices=slowly())
    card = await room.open_card(sender, broadcast_id)

    card = await room.press(sender, card, "Pause")
    await asyncio.sleep(1.0)
    before = await room.counts(broadcast_id)
    await asyncio.sleep(0.7)
    resting = await room.counts(broadcast_id)
    card = await room.press(sender, card, "Resume")
    await room.wait_for(broadcast_id, BroadcastState.DONE)

    assert card["text"].startswith(begins("Being sent"))
    assert before == resting
    assert before[DeliveryState.PENDING] > 0
    assert await room.counts(broadcast_id) == {DeliveryState.SENT: 60}
    assert room.decisions("broadcast_paused", broadcast_id) == [str(sender.id)]
    assert room.decisions("broadcast_resumed", broadcast_id) == [str(sender.id)]
    await room.retire(sender)


async def test_f29_two_seconds_after_stop_nothing_leaves(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    broadcast_id = await room.confirm(sender, 110, choices=slowly())
    card = await room.open_card(sender, broadcast_id)

    pressed_at = time.time()
    stopped = await room.press(sender, card, "Stop")
    await asyncio.sleep(2.5)

    late = await room.sent(since=pressed_at + 2)
    counts = await room.counts(broadcast_id)
    assert stopped["text"].startswith(begins("Stopped"))
    assert late == []
    assert counts[DeliveryState.PENDING] > 20
    assert not room.has(stopped, "Stop")
    await room.retire(sender)


async def test_f28_broadcast_of_an_operator_who_is_removed_pauses_for_another_one(
    room: Newsroom,
) -> None:
    author, chief = await room.operator("author", "sender"), await room.operator("administrator")
    other = await room.operator("sender", language="kk")
    broadcast_id = await room.confirm(author, 75, choices=slowly())
    person = await chief.send(f"/operators {author.id}")

    await until(lambda: room.has_begun(broadcast_id))
    await take(chief, person, author, "sender")
    heard = await other.next_message()
    resting = [await counts_after(room, broadcast_id, 1.0) for _ in range(2)]
    own = await room.open_card(author, broadcast_id)
    refused = await author.press_for_alert(own, f"bc_resume:{broadcast_id}")
    card = await other.press(heard, say("kk", "Resume"))
    await room.wait_for(broadcast_id, BroadcastState.DONE)

    assert heard["text"].startswith(heading("Paused", "kk").split(":")[0])
    assert say("kk", REVOKED) in heard["text"]
    assert resting[0] == resting[1]
    assert resting[0][DeliveryState.PENDING] > 0
    assert refused == say("ru", STALE)
    assert say("kk", "Approved by: {name}", name=f"Тест ({other.id})") in card["text"]
    assert await room.counts(broadcast_id) == {DeliveryState.SENT: 75}
    assert room.decisions("broadcast_resumed", broadcast_id) == [str(other.id)]
    for each in (author, chief, other):
        await room.retire(each)


async def counts_after(
    room: Newsroom, broadcast_id: BroadcastId, seconds: float
) -> dict[DeliveryState, int]:
    await asyncio.sleep(seconds)
    return await room.counts(broadcast_id)


async def test_of_two_operators_who_press_at_once_one_has_an_effect_and_the_other_is_told(
    room: Newsroom,
) -> None:
    first, second = await room.operator("author", "sender"), await room.operator("sender")
    broadcast_id = await paused(room, first)
    cards = [await room.open_card(each, broadcast_id) for each in (first, second)]
    stop = data_of(cards[0], say("ru", "Stop"))

    answers = await asyncio.gather(
        *(
            each.press_for_answer(card, stop)
            for each, card in zip((first, second), cards, strict=True)
        )
    )

    told = say(
        "ru",
        "Your press changed nothing. This broadcast now: {state}.",
        state=say("ru", "stopped"),
    )
    assert sorted((each["show_alert"], each["text"]) for each in answers) == [
        (False, ""),
        (True, told),
    ]
    assert len(room.decisions("broadcast_stopped", broadcast_id)) == 1
    for each in (first, second):
        await room.retire(each)


async def test_double_press_pauses_once_and_says_so(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    later = Choices(datetime.now(UTC) + timedelta(hours=1))
    broadcast_id = await room.confirm(sender, 6, choices=later)
    card = await room.open_card(sender, broadcast_id)
    pause = data_of(card, say("ru", "Pause"))

    await sender.press_for_answer(card, pause)
    again = await sender.press_for_alert(card, pause)

    assert say("ru", "paused") in again
    assert len(room.decisions("broadcast_paused", broadcast_id)) == 1
    await room.retire(sender)


async def test_author_without_the_right_to_send_sees_and_cannot_steer(room: Newsroom) -> None:
    author = await room.operator("author")
    broadcast_id = await paused(room, author)
    card = await room.open_card(author, broadcast_id)

    for prefix in ("bc_resume", "bc_stop", "bc_del", "bc_ask"):
        alert = await author.press_for_alert(card, f"{prefix}:{broadcast_id}")
        assert alert == say("ru", STALE)

    assert not {say("ru", each) for each in STEERING} & {*labels(card)}
    found = await room.broadcasts.get(broadcast_id)
    assert found is not None
    assert found.state is BroadcastState.PAUSED
    await room.retire(author)


@pytest.mark.parametrize("role", ["administrator", "support", None])
async def test_broadcasts_are_not_there_for_others(room: Newsroom, role: str | None) -> None:
    person = await room.operator(*([role] if role else []))

    assert (await person.send("/broadcasts"))["text"].startswith(say("ru", UNKNOWN))


async def test_sender_who_lost_the_role_cannot_stop(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    broadcast_id = await paused(room, sender)
    card = await room.open_card(sender, broadcast_id)
    await room.retire(sender)

    alert = await sender.press_for_alert(card, data_of(card, say("ru", "Stop")))

    assert alert == say("ru", STALE)
    assert room.decisions("broadcast_stopped", broadcast_id) == []


async def test_button_of_a_broadcast_that_is_not_there_is_out_of_date(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    listed = await sender.send("/broadcasts")

    for prefix in (
        "bc",
        "bc_pause",
        "bc_stop",
        "bc_ask",
        "bc_del",
        "bc_text",
        "bc_report",
        "bc_csv",
    ):
        assert await sender.press_for_alert(listed, f"{prefix}:999999") == say("ru", STALE)
    await room.retire(sender)


async def test_what_was_sent_is_deleted_for_everyone_after_one_more_question(
    room: Newsroom,
) -> None:
    sender = await room.operator("author", "sender")
    await room.fail("sendMessage", {"kind": "reset_after"}, room.ids[:1])
    broadcast_id = await room.confirm(sender, 60)
    await room.wait_for(broadcast_id, BroadcastState.DONE)
    card = await room.open_card(sender, broadcast_id)

    question = await room.press(sender, card, "Delete for everyone")
    nothing_yet = await room.journal("deleteMessage")
    back = await room.press(sender, question, "No, back")
    question = await room.press(sender, back, "Delete for everyone")
    began = await room.press(sender, question, "Yes, delete for everyone")
    gone = say("ru", "Deleted: {gone} of {all}", gone=59, all=59)
    ended = await room.edited(sender, card, lambda shown: shown["text"].startswith(gone))
    again = await sender.press_for_alert(ended, f"bc_del:{broadcast_id}")

    assert question["text"].startswith(say("ru", "Delete it for everyone?"))
    assert (
        say("ru", "{number} message of which it is not known whether it arrived stays.", 1)
        in (question["text"])
    )
    people = {*room.ids}
    assert not [call for call in nothing_yet if call["params"]["chat_id"] in people]
    assert (
        began["text"].split(":")[0]
        == (say("ru", "Deleting: {gone} of {all} are gone", gone=0, all=0).split(":")[0])
    )
    assert say("ru", "taken back") in again
    assert not room.has(ended, "Delete for everyone")
    assert room.has(ended, "Write again where it is not known")
    assert room.decisions("broadcast_withdrawn", broadcast_id) == [str(sender.id)]
    await room.retire(sender)


@pytest.mark.long
async def test_running_broadcast_is_stopped_before_it_is_deleted(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    broadcast_id = await room.confirm(sender, 110, choices=slowly())
    card = await room.open_card(sender, broadcast_id)
    while not room.has(card, "Delete for everyone"):
        card = await room.press(sender, card, "Refresh")

    question = await room.press(sender, card, "Delete for everyone")
    await room.press(sender, question, "Yes, delete for everyone")
    said = say("ru", "Deleted: {gone} of {all}", gone=0, all=0).split(":")[0]
    ended = await room.edited(sender, card, lambda shown: shown["text"].startswith(said))

    counts = await room.counts(broadcast_id)
    arrived = counts[DeliveryState.SENT]
    assert say("ru", "The broadcast is stopped first.") in question["text"]
    assert counts.get(DeliveryState.PENDING, 0) == 110 - arrived
    assert ended["text"].splitlines()[0] == say(
        "ru", "Deleted: {gone} of {all}", gone=arrived, all=arrived
    )
    await room.retire(sender)


async def test_after_48_hours_nothing_can_be_deleted(room: Newsroom) -> None:
    sender = await room.operator("author", "sender")
    broadcast_id = await room.confirm(sender, 6)
    await room.wait_for(broadcast_id, BroadcastState.DONE)
    card = await room.open_card(sender, broadcast_id)
    old = f"{datetime.now(UTC) - timedelta(hours=48, minutes=1):%Y-%m-%d %H:%M:%S.%f}"
    room.rows("UPDATE deliveries SET changed_at = ? WHERE broadcast_id = ?", old, broadcast_id)

    alerts = [
        await sender.press_for_alert(card, f"{prefix}:{broadcast_id}")
        for prefix in ("bc_ask", "bc_del")
    ]
    shown = await room.open_card(sender, broadcast_id)

    said = say("ru", "There is nothing to delete: Telegram lets a bot do that for 48 hours.")
    assert alerts == [said, said]
    assert not room.has(shown, "Delete for everyone")
    assert room.rows("SELECT withdrawn_at FROM broadcasts WHERE id = ?", broadcast_id) == [(None,)]
    await room.retire(sender)


async def test_text_is_shown_as_people_get_it_in_each_language(room: Newsroom) -> None:
    author = await room.operator("author")
    broadcast_id = await paused(room, author)
    card = await room.open_card(author, broadcast_id)

    await author.press_data(card, data_of(card, say("ru", "Show the text")))
    shown = [await author.next_message() for _ in range(4)]

    assert shown[0]["text"].startswith(
        say("ru", "Broadcast {number}: this is what people get", broadcast_id)
    )
    assert [each["text"] for each in shown[1:]] == ["Жаңалық", "Новость", "Жаңылык"]
    assert shown[1]["entities"][0]["type"] == "bold"
    await room.retire(author)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_card_and_list_are_in_the_language_of_the_operator(
    room: Newsroom, language: str
) -> None:
    sender = await room.operator("author", "sender", language=language)
    broadcast_id = await paused(room, sender)

    listed = await sender.send("/broadcasts")
    card = await room.open_card(sender, broadcast_id)

    assert listed["text"].startswith(say(language, "Broadcasts"))
    assert card["text"].splitlines()[0] == say(
        language, "Paused: {sent} of {all} got it", sent=0, all=12
    )
    assert say(language, "An operator has paused it.") in card["text"]
    expected = ("Resume", "Stop", "Show the text", "Refresh", "Report", "Table (CSV)")
    assert labels(card) == [say(language, each) for each in (*expected, "All broadcasts")]
    await room.retire(sender)


async def test_list_has_ten_a_page_newest_first_and_opens_each(room: Newsroom) -> None:
    author = await room.operator("author")
    ids = [await paused(room, author, people=3) for _ in range(12)]

    first = await author.send("/broadcasts")
    newest = [int(label.split()[0]) for label in labels(first) if label[0].isdigit()]
    second = await room.press(author, first, "Older")
    older = [int(label.split()[0]) for label in labels(second) if label[0].isdigit()]
    again = await room.press(author, second, "Newest")

    assert newest == ids[:1:-1]
    assert older[:2] == ids[1::-1]
    assert labels(again)[:10] == labels(first)[:10]
    assert f"{ids[-1]} · " in first["text"]
    assert (
        say("ru", "{sent} of {all} ({percent})", sent=0, all=3, percent="0\u00a0%")
        in (first["text"])
    )
    await room.retire(author)
