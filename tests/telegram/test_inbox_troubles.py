"""The inbox where there is no group, where the group is not fit, after a crash, and in time."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.app import assemble
from bot.config import SHARE
from bot.content.inbox import load_inbox
from bot.domain.inbox import ConversationState, CopyState
from bot.services.audit import AuditLog
from bot.services.inbox import Inbox
from bot.storage.audit import AuditRepository
from bot.storage.engine import open_engine
from bot.storage.inbox import InboxRepository
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import conversations, metadata, mirrored
from tests.failures.disk import held_by_another_process
from tests.telegram.client import Client, Message, data_of, labels, until
from tests.telegram.conftest import Newcomer
from tests.telegram.desk import Desk, open_desk
from tests.telegram.texts import say

ASK = "Ask a person"


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


async def test_without_a_group_nobody_is_offered_a_person(newcomer: Newcomer) -> None:
    resident = await newcomer("ru")

    menu = await resident.send("/menu")
    unknown = await resident.send("/nothing")
    await resident.press_data(menu, "i")
    told = await resident.next_message()
    await resident.press_for_answer(menu, "b")
    found = await resident.send("как оплатить за себя ОСМС")

    assert say("ru", ASK) not in labels(menu) + labels(unknown)
    assert "1414" in unknown["text"]
    assert told["text"].startswith(say("ru", "Operators cannot be reached here right now"))
    assert say("ru", "Guides") not in found["text"]


@pytest.mark.parametrize(
    ("about", "way_out"),
    [
        pytest.param(
            {"is_forum": False}, "Switch on topics in the settings of the group.", id="no forum"
        ),
        pytest.param(
            {"bot_status": "member"},
            "Make the bot an administrator of the group.",
            id="plain member",
        ),
        pytest.param(
            {"bot_status": "left"},
            "The bot is not in the group of INBOX_CHAT, or the number is wrong.",
            id="not there",
        ),
        pytest.param(
            {"bot_lacks": frozenset({"can_manage_topics"})},
            "Give the bot the right to manage topics.",
            id="no topics",
        ),
        pytest.param(
            {"bot_lacks": frozenset({"can_delete_messages"})},
            "Give the bot the right to delete messages: /forget needs it.",
            id="no deletion",
        ),
    ],
)
async def test_group_that_is_not_fit_is_told_with_the_way_out_and_nobody_is_offered_a_person(
    desk: Desk, about: dict[str, Any], way_out: str
) -> None:
    resident = await desk.resident("ru")
    chat = desk.emulator._world.chats[desk.group]
    was = (chat.bot_status, chat.bot_lacks, chat.about)

    if "is_forum" in about:
        chat.about = {**chat.about, "is_forum": False}
    else:
        for name, value in about.items():
            setattr(chat, name, value)
    await tell_rights(desk)
    told = await next_with(
        desk.chief, "Residents cannot ask a person: the operators' group is not fit"
    )
    without = await resident.send("/menu")
    chat.bot_status, chat.bot_lacks, chat.about = was
    await tell_rights(desk)
    await next_with(desk.chief, "The operators' group works again")
    with_person = await resident.send("/menu")

    assert say("ru", way_out) in told["text"]
    assert say("ru", ASK) not in labels(without)
    assert say("ru", ASK) in labels(with_person)
    assert await desk.calls("leaveChat") == []


async def next_with(person: Client, msgid: str) -> Message:
    while True:
        message = await person.next_message()
        if message["text"].startswith(say("ru", msgid)):
            return message


async def tell_rights(desk: Desk) -> None:
    """Let Telegram say that the bot's rights in the group have changed."""
    member = {"user": desk.emulator._world.bot, "status": "member"}
    event = {
        "chat": {"id": desk.group, "type": "supergroup", "title": "О"},
        "from": {"id": desk.operator.id, "is_bot": False, "first_name": "Т"},
        "date": 1_795_219_200,
        "old_chat_member": member,
        "new_chat_member": member,
    }
    await desk.api.post("/client/updates", json={"my_chat_member": event})
    await desk.settled()


async def test_copy_that_was_on_its_way_at_a_crash_is_not_sent_again(desk: Desk) -> None:
    talk = await desk.conversation()
    engine = open_engine(desk.settings.database)
    async with engine.begin() as connection:
        row = {"side": "resident", "source_id": 900_000, "state": CopyState.SENDING.value}
        mine = conversations.c.subscriber_id == talk.resident.id
        number = (await connection.execute(select(conversations.c.id).where(mine))).scalar_one()
        await connection.execute(
            insert(mirrored).values(subscriber_id=talk.resident.id, conversation_id=number, **row)
        )
    before = await talk.texts()

    for _ in range(2):
        await talk.resident.put_update(text="Дошло ли?")
    told = await talk.resident.next_message()
    await desk.settled()

    text = "I cannot tell whether this message reached the operators. If it matters, send it again."
    assert told["text"] == say("ru", text)
    assert [m["text"] for m in await talk.resident.messages()].count(told["text"]) == 1
    assert await talk.texts() == before
    await engine.dispose()


async def test_export_has_the_conversation_and_says_what_each_column_is(desk: Desk) -> None:
    talk = await desk.conversation("kk")
    await talk.say("құпия сөз")
    await talk.resident.next_message()

    asked = await talk.resident.send("/export")
    button = data_of(asked, say("kk", "Yes, send the file"))
    await talk.resident.press_data(asked, button)
    sent = await talk.resident.next_message()
    async with desk.api.get(f"/client/files/{sent['document']['file_id']}") as response:
        export = json.loads(await response.read())

    tables = {table["table"]: table for table in export["database"]}
    names = ("correspondents", "conversations", "mirrored")
    assert [len(tables[name]["rows"]) for name in names] == [1, 1, 2]
    for name in names:
        assert set(tables[name]["columns"]) == {column.name for column in metadata.tables[name].c}
    assert "құпия сөз" not in json.dumps(export, ensure_ascii=False)


def content_of(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("saqbol.sqlite*"))


async def test_nothing_of_the_texts_is_in_the_database(desk: Desk) -> None:
    talk = await desk.conversation(text="сердечный приступ у бабушки")
    await talk.say("неразглашаемый ответ")
    await talk.resident.next_message()

    content = content_of(desk.settings.home_dir)

    for text in ("сердечный приступ", "неразглашаемый"):
        assert text.encode() not in content


async def test_abandoned_conversation_ends_and_is_removed_with_its_topic_after_ninety_days(
    desk: Desk,
) -> None:
    talk = await desk.conversation()
    engine = open_engine(desk.settings.database)
    kept = InboxRepository(engine)
    long_ago = datetime.now(UTC) - timedelta(days=15)
    async with engine.begin() as connection:
        await connection.execute(
            update(conversations)
            .where(conversations.c.subscriber_id == talk.resident.id)
            .values(changed_at=long_ago)
        )

    async with assemble(desk.settings) as app:
        ended = await talk.resident.next_message()
        await until(talk.is_closed)
        async with engine.begin() as connection:
            closed_at = datetime.now(UTC) - timedelta(days=91)
            await connection.execute(
                update(conversations)
                .where(conversations.c.subscriber_id == talk.resident.id)
                .values(closed_at=closed_at)
            )
        await app.desk.tidy(app.dispatcher["inbox"])
    dropped = await kept.correspondent(SubscriberId(talk.resident.id))
    last = await kept.latest(SubscriberId(talk.resident.id))
    await engine.dispose()

    assert say("ru", "The conversation has ended: nobody wrote for two weeks") in ended["text"]
    assert (dropped, last) == (None, None)
    assert talk.topic not in await desk.topics()


def inbox_at(desk: Desk, engine: Any, now: datetime) -> Inbox:
    hours = load_inbox(SHARE / "data" / "inbox").hours
    audit = AuditLog(AuditRepository(engine), lambda _id: b"")
    return Inbox(InboxRepository(engine), hours, audit, lambda: now)


async def test_waiting_time_is_that_of_working_hours_and_said_only_with_enough_answers(
    desk: Desk,
) -> None:
    talk = await desk.conversation()
    engine = open_engine(desk.settings.database)
    # A Wednesday at noon by the clocks of Kazakhstan, far from the other tests.
    noon = datetime(2027, 3, 17, 7, tzinfo=UTC)
    inbox = inbox_at(desk, engine, noon)
    few = await inbox.expectation()
    async with engine.begin() as connection:
        for number in range(12):
            asked = noon - timedelta(hours=1) if number < 10 else noon - timedelta(hours=14)
            wait = timedelta(minutes=number + 1) if number < 10 else timedelta(hours=10)
            await connection.execute(
                insert(conversations).values(
                    subscriber_id=talk.resident.id,
                    state=ConversationState.CLOSED.value,
                    opened_at=asked,
                    asked_at=asked,
                    answered_at=asked + wait,
                    changed_at=asked,
                    closed_at=asked,
                )
            )
    enough = await inbox.expectation()
    evening = await inbox_at(desk, engine, noon + timedelta(hours=9)).expectation()
    figures = await inbox.figures()
    await engine.dispose()

    assert (few.is_open, few.usual) == (True, None)
    assert (enough.is_open, enough.usual) == (True, timedelta(minutes=5))
    assert not evening.is_open
    assert f"{evening.opens_at:%d %H:%M}" == "18 09:00"
    assert (figures.answered, figures.half) == (12, timedelta(minutes=6))
    assert figures.most == timedelta(hours=10)


async def test_just_closed_conversation_goes_on_for_a_day(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.say("/close")
    await talk.resident.next_message()
    engine = open_engine(desk.settings.database)
    now = datetime.now(UTC)

    soon = await inbox_at(desk, engine, now + timedelta(hours=23)).current(
        SubscriberId(talk.resident.id)
    )
    late = await inbox_at(desk, engine, now + timedelta(hours=25)).current(
        SubscriberId(talk.resident.id)
    )
    await engine.dispose()

    assert soon is not None
    assert late is None


async def test_what_operators_decide_is_in_the_audit_log(desk: Desk) -> None:
    talk = await desk.conversation()
    await talk.say("/ban")
    await talk.resident.next_message()
    await desk.settled()
    engine = open_engine(desk.settings.database)
    async with engine.connect() as connection:
        found = await connection.execute(
            select(metadata.tables["audit"].c.actor, metadata.tables["audit"].c.action)
        )
        rows = [tuple(row) for row in found]
    await engine.dispose()

    actor = str(desk.operator.id)
    for action in ("used", "resident_banned", "conversation_closed"):
        assert (actor, action) in rows
    assert await open_conversation_is_refused(talk)


async def open_conversation_is_refused(talk: Any) -> bool:
    menu = await talk.resident.send("/menu")
    await talk.resident.press_data(menu, data_of(menu, say("ru", ASK)))
    shown = await talk.resident.next_message()
    return say("ru", "I understand, begin") not in labels(shown)


async def test_answer_while_the_database_is_held_is_told_in_the_topic(desk: Desk) -> None:
    talk = await desk.conversation()
    database = Path(desk.settings.home_dir) / "saqbol.sqlite"
    async with held_by_another_process(database):
        written = await talk.say("Ответ")
        told = await talk.wait_text(say("ru", "Not delivered. Try again a little later."))

    assert told["reply_to_message"]["message_id"] == written["message_id"]
