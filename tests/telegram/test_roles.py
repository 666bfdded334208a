"""Administrators give roles and take them; whoever has lost one has lost it at the next step."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import insert

from bot.domain.roles import Role
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import operators
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import data_of, labels, until
from tests.telegram.conftest import bot_settings, home_with, own_emulator, running_bot
from tests.telegram.office import (
    STALE,
    UNKNOWN,
    Office,
    Row,
    give,
    open_office,
    role_button,
    take,
)
from tests.telegram.texts import LANGUAGES, say


async def keep_role(database_url: str, person_id: int, role: Role) -> None:
    """Put a role into the database before any bot runs, as if given earlier."""
    engine = open_engine(database_url)
    await upgrade(engine)
    values = {"id": person_id, "role": role.value, "granted_at": datetime.now(UTC)}
    async with engine.begin() as connection:
        await connection.execute(insert(operators).values(**values))
    await engine.dispose()


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("roles"), chiefs=30) as office:
        yield office


async def test_administrator_of_the_settings_sees_everybody_with_their_roles(
    office: Office,
) -> None:
    author = await office.operator("author", "support")
    chief = office.chief()

    listed = await chief.send("/operators")

    text = listed["text"]
    assert text.startswith(say("ru", "Operators and their roles"))
    assert f"Тест ({author.id}): {say('ru', 'author')}, {say('ru', 'support')}" in text
    assert f"({chief.id}): {say('ru', 'administrator')}" in text


async def test_new_operator_is_chosen_with_telegrams_own_list(office: Office) -> None:
    chief, person = office.chief(), await office.newcomer("kk")
    listed = await chief.send("/operators")

    await chief.press_data(listed, data_of(listed, say("ru", "Add an operator")))
    question = await chief.next_message()
    [[choose]] = question["reply_markup"]["keyboard"]
    request_id = choose["request_users"]["request_id"]
    thanks = await chief.send(users_shared={"request_id": request_id, "user_ids": [person.id]})
    card = await chief.next_message()
    changed = await chief.press(card, role_button("ru", "Give the role: {role}", "administrator"))
    heard = await person.next_message()

    assert choose["request_users"]["user_is_bot"] is False
    assert thanks["reply_markup"] == {"remove_keyboard": True}
    assert say("ru", "no role") in card["text"]
    assert f"({person.id}): {say('ru', 'administrator')}" in changed["text"]
    assert heard["text"].startswith(say("kk", "You are an operator of this bot"))
    assert "/operators, /audit, /stats" in heard["text"]
    assert (await person.send("/operators"))["text"].startswith(
        say("kk", "Operators and their roles")
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_commands_come_into_the_menu_with_the_role_and_go_with_it(
    office: Office, language: str
) -> None:
    chief, person = office.chief(), await office.newcomer(language)
    card = await chief.send(f"/operators {person.id}")
    before = await office.menu_of(person)

    card = await give(chief, card, person, "administrator")
    with_role = await office.menu_of(person)
    await take(chief, card, person, "administrator")
    await person.next_message()
    farewell = await person.next_message()

    assert before == []
    own = ["operators", "audit", "stats", "inbox"]
    assert with_role == ["start", "reminders", "language", "export", "forget", *own]
    assert await office.menu_of(person) == []
    assert farewell["text"] == say(language, "You are no operator any more")


async def test_operator_who_first_starts_the_bot_later_finds_the_commands(office: Office) -> None:
    chief, person = office.chief(), await office.newcomer("ru")
    fault = {"method": "setMyCommands", "fault": {"kind": "error", "status": 403}}
    async with aiohttp.ClientSession(office.emulator.url) as api:
        await api.post("/client/faults", json=fault)
    await give(chief, await chief.send(f"/operators {person.id}"), person, "support")
    before = await office.menu_of(person)

    await person.send("/start")

    async def has_commands() -> bool:
        return "inbox" in await office.menu_of(person)

    assert before == []
    await until(has_commands)


async def test_residents_never_see_operators_commands(office: Office) -> None:
    resident = await office.newcomer("ru")

    assert await office.menu_of(resident) == []


@pytest.mark.parametrize("typed", ["abc", "0", "-5", "12 34", "9" * 16])
async def test_what_is_no_telegram_id_is_explained(office: Office, typed: str) -> None:
    chief = office.chief()

    answer = await chief.send(f"/operators {typed}")

    assert answer["text"] == say("ru", "This is no Telegram ID. It is a number such as 700000002.")


async def test_iin_in_the_place_of_an_id_is_deleted_and_makes_no_operator(office: Office) -> None:
    chief = office.chief()

    sent = await chief.write("/operators 950101500019")
    await chief.wait_gone(sent["message_id"])

    assert "950101500019" not in str(await chief.messages())
    assert "950101500019" not in str(office.audit())


async def test_pressed_twice_a_role_is_given_once(office: Office) -> None:
    chief, person = office.chief(), await office.newcomer("ru")
    card = await chief.send(f"/operators {person.id}")
    data = f"op_role:{person.id}:sender:1"

    for _ in range(2):
        await chief.press_data(card, data)
    await chief.press_for_answer(card, data)
    await person.send("/start")

    granted = Row(str(chief.id), "role_granted", {"operator": person.id, "role": "sender"})
    assert office.audit().count(granted) == 1
    heard = [message["text"] for message in await person.messages()]
    assert sum(say("ru", "You are an operator of this bot") in text for text in heard) == 1


async def test_removed_administrator_has_no_power_at_the_very_next_step(office: Office) -> None:
    chief, removed = office.chief(), await office.operator("administrator")
    listed = await removed.send("/operators")
    card = await chief.send(f"/operators {removed.id}")
    await take(chief, card, removed, "administrator")

    alerts = [
        await removed.press_for_alert(listed, data)
        for data in (
            data_of(listed, say("ru", "Add an operator")),
            f"op_role:{removed.id}:administrator:1",
            "audit:0",
        )
    ]
    answer = await removed.send("/operators")

    assert alerts == [say("ru", STALE)] * 3
    assert answer["text"].startswith(say("ru", UNKNOWN))
    await office.audited(office.mark_of(removed), "refused", step="op_role")


async def test_administrator_can_leave_while_another_one_stays(office: Office) -> None:
    leaving = await office.operator("administrator")
    card = await leaving.send(f"/operators {leaving.id}")

    shown = await take(leaving, card, leaving, "administrator")

    assert shown["text"] == say("ru", "You are no administrator any more.")
    assert labels(shown) == []


async def test_administrator_of_the_settings_is_not_removed_by_chat(office: Office) -> None:
    chief, other = office.chief(), await office.operator("administrator")
    card = await other.send(f"/operators {chief.id}")

    alert = await other.press_for_alert(card, f"op_role:{chief.id}:administrator:0")

    assert alert == say(
        "ru", "Administrator by the setting OPERATORS: to take this role, change the setting."
    )
    assert role_button("ru", "Take the role: {role}", "administrator") not in labels(card)
    assert (await chief.send("/operators"))["text"].startswith(
        say("ru", "Operators and their roles")
    )
    refused = {"operator": chief.id, "role": "administrator", "reason": "from_settings"}
    assert Row(str(other.id), "role_change_refused", refused) in office.audit()


async def test_last_administrator_cannot_leave(tmp_path: Path) -> None:
    home = home_with(SAMPLE_REGISTER, tmp_path / "home")
    async with own_emulator() as (emulator, newcomer):
        last = await newcomer("ru", consent=False)
        settings = bot_settings(home, emulator.url)
        await keep_role(settings.database, last.id, Role.ADMINISTRATOR)
        async with running_bot(settings):
            card = await last.send(f"/operators {last.id}")
            alert = await last.press_for_alert(card, f"op_role:{last.id}:administrator:0")
            stays = await last.send("/operators")

    assert alert == say(
        "ru", "You are the last administrator. Give this role to somebody else first."
    )
    assert f"({last.id}): {say('ru', 'administrator')}" in stays["text"]


async def test_somebody_whom_the_bot_cannot_write_to_is_told_later(office: Office) -> None:
    chief, person = office.chief(), await office.newcomer("ru", consent=False)
    card = await chief.send(f"/operators {person.id}")
    unreached = await give(chief, card, person, "administrator")
    await person.send("/start")

    told = await chief.press(unreached, say("ru", "Tell them"))
    heard = await person.next_message()

    assert say("ru", "Tell them") in labels(unreached)
    assert say("ru", "Tell them") not in labels(told)
    assert heard["text"].startswith(say("ru", "You are an operator of this bot"))
    assert "operators" in await office.menu_of(person)


async def test_operator_with_another_role_gets_what_a_stranger_gets(office: Office) -> None:
    author, stranger = await office.operator("author"), await office.newcomer("ru")

    answers = [await person.send("/audit") for person in (author, stranger)]
    alert = await author.press_for_alert(answers[0], "audit:0")

    assert answers[0]["text"] == answers[1]["text"]
    assert alert == say("ru", STALE)
    await office.audited(str(author.id), "refused", step="audit")


async def test_forged_id_in_a_button_is_out_of_date(office: Office) -> None:
    chief = office.chief()
    listed = await chief.send("/operators")

    for data in ("op_role:-1:author:1", "op_role:5:king:1", f"operator:{2**60}", "audit:-1"):
        assert await chief.press_for_alert(listed, data) == say("ru", STALE)
