"""Administrators read the audit log a page at a time, and hear when it was changed."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import data_of, labels
from tests.telegram.conftest import bot_settings, home_with, own_emulator, running_bot
from tests.telegram.office import Office, open_office
from tests.telegram.texts import LANGUAGES, say


@pytest.fixture(scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with open_office(tmp_path_factory.mktemp("audit"), chiefs=12) as office:
        yield office


async def test_first_page_tells_who_did_what_newest_first(office: Office) -> None:
    author, reader = await office.operator("author"), office.chief()

    page = (await reader.send("/audit"))["text"]

    title, *rows = page.split("\n\n")
    assert title == say("ru", "Audit log")
    assert rows[0].endswith(say("ru", "used: {step}", step="audit"))
    assert str(reader.id) in rows[0]
    gave = say(
        "ru", "gave {operator} the role: {role}", operator=author.id, role=say("ru", "author")
    )
    assert [row for row in rows if row.endswith(gave)]


async def test_older_rows_are_behind_a_button_and_none_is_shown_twice(office: Office) -> None:
    await office.operator("author", "sender", "support", "administrator")
    await office.operator("author", "sender", "support", "administrator")
    await office.operator("author", "sender", "support", "administrator")
    reader = office.chief()
    page = await reader.send("/audit")

    numbers = []
    while True:
        numbers += [int(row.split(" · ")[0]) for row in page["text"].split("\n\n")[1:]]
        if say("ru", "Older") not in labels(page):
            break
        page = await reader.press(page, say("ru", "Older"))

    assert numbers == [*range(numbers[0], 0, -1)]
    assert numbers[0] > 12
    assert labels(page) == [say("ru", "Newest")]
    newest = await reader.press(page, say("ru", "Newest"))
    assert int(newest["text"].split("\n\n")[1].split(" · ")[0]) > numbers[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_refusals_are_there_without_saying_who_it_was(office: Office, language: str) -> None:
    stranger = await office.newcomer("ru")
    await stranger.send("/operators")
    await office.audited(office.mark_of(stranger), "refused", step="operators")
    reader = await office.operator("administrator", language=language)

    page = (await reader.send("/audit"))["text"]

    mark = office.mark_of(stranger)[:9]
    assert say(language, "no operator, {mark}", mark=mark) in page
    assert say(language, "was refused: {step}", step="operators") in page
    assert str(stranger.id) not in page


async def test_somebody_elses_page_button_stays_closed(office: Office) -> None:
    reader, author = await office.operator("administrator"), await office.operator("author")
    page = await reader.send("/audit")
    own = await author.send("/start")

    event = await author.press_for_answer(own, data_of(page, say("ru", "Older")))

    assert event["show_alert"]


async def test_administrators_hear_at_the_start_that_the_log_was_changed(tmp_path: Path) -> None:
    home = home_with(SAMPLE_REGISTER, tmp_path / "home")
    async with own_emulator() as (emulator, newcomer):
        chief = await newcomer("ru", consent=False)
        settings = bot_settings(home, emulator.url, operators=(chief.id,))
        async with running_bot(settings):
            await chief.send("/operators")
            await chief.send("/operators")
        with closing(sqlite3.connect(home / "saqbol.sqlite")) as connection:
            connection.execute("DROP TRIGGER audit_is_not_changed")
            connection.execute("UPDATE audit SET actor = '1' WHERE id = 2")
            connection.commit()
        async with running_bot(settings):
            told = await chief.next_message()

    assert told["text"].startswith(say("ru", "The audit log was changed"))
    assert "2" in told["text"]
