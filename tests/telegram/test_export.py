"""/export sends everything the bot keeps about a person to that person, and nothing to match by."""

import json
import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.emulator import Emulator
from bot.storage.personal import personal_columns
from bot.storage.tables import metadata
from tests.telegram.client import Client, Message, data_of, labels, until
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, say

OWN_IIN, UNKNOWN_IIN, PHONE = "960919501016", "991231500719", "+77000000001"
HIDDEN = "kept as a coded mark, which is shown to nobody"
SENT = "Everything the bot keeps about you."
AGAIN = "You can ask for it again in {number} minute."
TOO_SOON = "You have just got your data. You can ask for it again in {number} minute."
# Every table that knows people, by the column with their Telegram id.
PERSONAL = {name: column.name for name, column in personal_columns().items()}


async def ask(person: Client) -> Message:
    """Ask for the export, confirm, and give the message with the document."""
    asked = await person.send("/export")
    language = str(person.person["language_code"])
    await person.press_data(asked, data_of(asked, say(language, "Yes, send the file")))
    return await person.next_message()


async def read(sent: Message, url: str) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession(url) as api,
        api.get(f"/client/files/{sent['document']['file_id']}") as response,
    ):
        content: dict[str, Any] = json.loads(await response.read())
        return content


def rows_of(home: Path, person: Client) -> dict[str, list[dict[str, Any]]]:
    """Read every column about the person past the bot."""
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        database.row_factory = sqlite3.Row
        return {
            table: [
                dict(row)
                for row in database.execute(
                    f'SELECT * FROM "{table}" WHERE "{column}" = ?',  # noqa: S608 - names of ours
                    (person.id,),
                )
            ]
            for table, column in PERSONAL.items()
        }


def as_shown(rows: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    def shown(name: str, value: Any) -> Any:
        if isinstance(value, bytes):
            return say(language, HIDDEN)
        if name.endswith("_at"):
            at = datetime.fromisoformat(value).replace(tzinfo=UTC)
            return at.isoformat(timespec="seconds")
        return value

    return [{name: shown(name, value) for name, value in row.items()} for row in rows]


def secrets_of(rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Give every keyed hash as somebody might write it."""
    raw = [v for each in rows.values() for row in each for v in row.values() if type(v) is bytes]
    return [text for key in raw for text in (key.hex(), b64encode(key).decode().rstrip("="))]


async def known_person(newcomer: Newcomer, home: Path) -> Client:
    """Bring somebody about whom everything is kept that can be."""
    person = await newcomer("kk", phone=PHONE)
    answer = await person.send(OWN_IIN)
    await person.send(UNKNOWN_IIN)
    prove = data_of(answer, say("kk", "Show details to me as the owner"))
    await person.press_data(answer, prove)
    await person.next_message()
    await person.send(contact=True)
    await person.next_message()

    async def written() -> bool:
        rows = rows_of(home, person)
        return bool(rows["subscribers"] and rows["answers"])

    await until(written, 3)
    return person


async def test_export_has_every_column_of_every_table_and_no_key(
    newcomer: Newcomer, emulator: Emulator, sample_home: Path
) -> None:
    person, other = await known_person(newcomer, sample_home), await newcomer("ru")
    await other.send("950101500019")

    rows = rows_of(sample_home, person)
    export = await read(await ask(person), emulator.url)

    tables = {table["table"]: table for table in export["database"]}
    assert [name for name, each in rows.items() if each] == ["subscribers", "answers"]
    for name, each in rows.items():
        assert tables[name]["rows"] == as_shown(each, "kk")
        assert set(tables[name]["columns"]) == {column.name for column in metadata.tables[name].c}
        assert all(tables[name]["columns"].values())
    assert len(secrets_of(rows)) == 4  # a proved phone and a record, each in two spellings
    written = json.dumps(export, ensure_ascii=False)
    for secret in (*secrets_of(rows), OWN_IIN, UNKNOWN_IIN, PHONE[1:]):
        assert secret not in written
    assert str(other.id) not in written
    assert export["erasures"]["rows"] == []
    assert export["memory"]["people_asked_about"]["number"] == 2
    assert export["memory"]["numbers_not_in_the_register"]["number"] == 1
    assert export["memory"]["last_view"]["name"] == "phone"


async def test_after_forget_the_export_has_the_mark_of_it_alone(
    newcomer: Newcomer, emulator: Emulator, sample_home: Path
) -> None:
    person = await known_person(newcomer, sample_home)
    asked = await person.send("/forget")
    await person.press(asked, say("kk", "Yes, erase"))

    export = await read(await ask(person), emulator.url)

    assert {table["table"]: table["rows"] for table in export["database"]} == {
        name: [] for name in PERSONAL
    }
    (mark,) = export["erasures"]["rows"]
    at, _, coded = (sample_home / "erasures").read_text().split()[-3:]
    assert datetime.fromisoformat(mark["at"]) == datetime.fromisoformat(at).replace(microsecond=0)
    assert mark["mark"] == say("kk", HIDDEN)
    assert coded not in json.dumps(export)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_export_says_when_it_can_be_had_again_and_keeps_to_it(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    asked = await person.send("/export")
    yes = data_of(asked, say(language, "Yes, send the file"))

    await person.press_data(asked, yes)
    sent = await person.next_message()
    alert = await person.press_for_alert(asked, yes)
    refused = await person.send("/export")

    again = say(language, AGAIN, 10)
    assert sent["caption"] == f"{say(language, SENT)} {again}"
    assert sent["document"]["file_name"] == "saqbol-my-data.json"
    assert alert == refused["text"] == say(language, TOO_SOON, 10)
    assert labels(refused) == []
    assert len(await person.calls("sendDocument")) == 1


async def test_export_that_did_not_arrive_can_be_asked_for_at_once(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    asked = await person.send("/export")
    yes = data_of(asked, say("ru", "Yes, send the file"))
    refusal = {"kind": "error", "status": 400, "description": "Bad Request: failed"}
    await person.fail("sendDocument", refusal)

    await person.press_data(asked, yes)
    later = await person.next_message()
    await person.press_data(asked, yes)
    sent = await person.next_message()

    assert later["text"] == say(
        "ru", "The service cannot answer right now. Please try again in a few minutes."
    )
    assert sent["caption"].startswith(say("ru", SENT))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nothing_is_sent_without_confirmation(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    menu = await person.send("/start")

    privacy = await person.press(menu, say(language, "Privacy and my data"))
    asked = await person.press(privacy, say(language, "Get my data"))
    await person.press(asked, say(language, "Menu"))

    assert "/export" in privacy["text"]
    assert asked["text"].startswith(say(language, "Send you everything the bot keeps about you?"))
    assert await person.calls("sendDocument") == []


async def test_stranger_learns_that_nothing_is_kept(
    newcomer: Newcomer, api: aiohttp.ClientSession
) -> None:
    person = await newcomer("ru", consent=False)

    sent = await ask(person)
    async with api.get(f"/client/files/{sent['document']['file_id']}") as response:
        export = json.loads(await response.read())

    assert {table["table"]: table["rows"] for table in export["database"]} == {
        name: [] for name in PERSONAL
    }


async def test_button_in_a_group_sends_nothing(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    asked = await person.send("/export")
    update = {
        "id": "77001",
        "from": {"id": person.id, "is_bot": False, "first_name": "X", "language_code": "ru"},
        "chat_instance": "1",
        "data": data_of(asked, say("ru", "Yes, send the file")),
        "message": {
            "message_id": 5,
            "date": 1_795_219_200,
            "chat": {"id": -100_500, "type": "group", "title": "X"},
            "text": "X",
        },
    }

    await person._post("/client/updates", {"callback_query": update})
    answer = await person.send("950101500019")

    assert answer["text"].startswith(say("ru", "⛔ Not insured"))
    assert await person.calls("sendDocument") == []


async def test_commands_name_the_export_in_three_languages(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    async with person._session.get("/client/journal") as response:
        calls = [call for call in await response.json() if call["method"] == "setMyCommands"]

    named = {
        command["description"]
        for call in calls
        for command in call["params"]["commands"]
        if command["command"] == "export"
    }

    assert named == {say(language, "Get my data") for language in LANGUAGES}
