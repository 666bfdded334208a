"""/forget asks once, then nothing about the person is left."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.telegram.client import data_of, labels, until
from tests.telegram.conftest import Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, say

# Tables in which nobody is known.
NOBODYS = {"alembic_version", "counters", "turns"}
STALE = "This button is out of date. Send the IIN again."


@pytest.fixture
async def people(own_home: Path) -> AsyncIterator[Newcomer]:
    """Give people and a bot whose database nobody else writes to."""
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        yield newcomer


def rows(home: Path) -> dict[str, int]:
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = {name for (name,) in database.execute(query)} - NOBODYS
        counts = {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in tables
        }
    return {name: count for name, count in counts.items() if count}


async def wait_rows(home: Path, **counts: int) -> None:
    """Wait for the rows: answers may be written a little after they are given."""

    async def written() -> bool:
        return rows(home) == counts

    await until(written, 3)


async def test_forget_erases_everything_and_starts_from_consent(
    people: Newcomer, own_home: Path
) -> None:
    person = await people("kk", phone="+77000000001")
    answer = await person.send("960919501016")
    await person.press_data(answer, data_of(answer, say("kk", "Show details to me as the owner")))
    await person.next_message()
    await person.send(contact=True)
    await person.next_message()
    await wait_rows(own_home, answers=1, subscribers=1)

    asked = await person.send("/forget")
    erased = await person.press(asked, say("kk", "Yes, erase"))

    text = (
        "Erased. All that stays is a coded mark, so that no backup brings you back. Send /start to "
        "begin again."
    )
    assert erased["text"] == say("kk", text)
    assert rows(own_home) == {}
    old = await person.press(answer, say("kk", "Why?"))
    assert say("kk", "I agree, start") in labels(old)
    assert "1016" not in old["text"]
    asked = await person.send("950101500019")
    assert say("kk", "I agree, start") in labels(asked)
    assert rows(own_home).get("answers", 0) == 0


async def test_forget_of_one_leaves_the_others(people: Newcomer, own_home: Path) -> None:
    leaver, stayer = await people("ru"), await people("ru")
    for person in (leaver, stayer):
        await person.send("950101500019")
    await wait_rows(own_home, answers=2, subscribers=2)

    asked = await leaver.send("/forget")
    await leaver.press(asked, say("ru", "Yes, erase"))

    assert rows(own_home) == {"answers": 1, "subscribers": 1}
    answer = await stayer.send("991231500707")
    assert answer["text"].startswith(say("ru", "✅ Insured"))


async def test_answer_given_just_before_forget_is_not_written_after_it(
    people: Newcomer, own_home: Path
) -> None:
    leaver, stayer = await people("ru"), await people("ru")
    asked = await leaver.send("/forget")

    await leaver.send("950101500019")
    await leaver.press(asked, say("ru", "Yes, erase"))
    await stayer.send("950101500019")

    await wait_rows(own_home, answers=1, subscribers=1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_forget_does_nothing_without_confirmation(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    asked = await person.send("/forget")
    menu = await person.press(asked, say(language, "Menu"))

    assert asked["text"].startswith(say(language, "Erase everything about you?"))
    assert menu["text"].startswith(say(language, "Send an IIN: 12 digits"))
    answer = await person.send("950101500019")
    assert answer["text"].startswith(say(language, "⛔ Not insured"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_privacy_leads_to_erasing_in_two_taps(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    menu = await person.send("/start")

    privacy = await person.press(menu, say(language, "Privacy and my data"))
    asked = await person.press(privacy, say(language, "Erase my data"))

    assert "/forget" in privacy["text"]
    assert say(language, "Yes, erase") in labels(asked)


async def test_erasing_twice_does_no_harm(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    asked = await person.send("/forget")
    data = data_of(asked, say("ru", "Yes, erase"))
    await person.press(asked, say("ru", "Yes, erase"))

    await person.press_for_answer(asked, data)

    assert say("ru", "I agree, start") in labels(await person.send("/start"))
