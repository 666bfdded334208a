"""What broadcasts need to know of people: who blocked the bot, and what they were told."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.telegram.client import until
from tests.telegram.conftest import bot_settings, own_emulator, running_bot

UNINSURED = "950101500019"


def rows(home: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        return database.execute(query).fetchall()


def inactive(home: Path, number: int) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        query = "SELECT count(*) FROM subscribers WHERE inactive_since IS NOT NULL"
        return bool(rows(home, query) == [(number,)])

    return found


async def test_f30_blocking_and_coming_back_are_noted(own_home: Path) -> None:
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        person = await newcomer("ru")
        await person.block()
        await until(inactive(own_home, 1))
        # To write again is to unblock.
        await person.send("/start")
        await until(inactive(own_home, 0))


async def test_f30_who_was_found_unreachable_is_active_again_with_the_next_message(
    own_home: Path,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            person = await newcomer("ru")
        with closing(sqlite3.connect(own_home / "saqbol.sqlite")) as database, database:
            database.execute("UPDATE subscribers SET inactive_since = '2026-11-21 00:00:00.000000'")
        async with running_bot(bot_settings(own_home, emulator.url)):
            await person.send("/start")
            await until(inactive(own_home, 0))


async def test_answer_keeps_what_was_told_and_in_which_message(own_home: Path) -> None:
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        person = await newcomer("ru")
        shown = await person.send(UNINSURED)
    query = (
        "SELECT message_id, status, reason, rules_version, generation, covered_until FROM answers"
    )
    [(message_id, status, reason, version, generation, until_day)] = rows(own_home, query)

    assert message_id == shown["message_id"]
    assert status == "uninsured"
    assert reason
    assert len(version) == 12
    assert (own_home / "registry" / generation).exists()
    assert until_day is None
