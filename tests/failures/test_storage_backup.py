"""F48: a backup gives the same people back, and nobody who has been erased since."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from bot.config import Settings
from bot.registry.keys import registry_key
from bot.storage.engine import open_engine
from bot.storage.schema import downgrade
from tests.cli.conftest import run_here, run_process
from tests.failures import texts
from tests.failures.disk import DAMAGE, rows
from tests.telegram.client import Client
from tests.telegram.conftest import Newcomer, own_emulator
from tests.telegram.process import BotProcess
from tests.telegram.texts import say


class Commands:
    """``saqbol db`` as an administrator runs it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = home / "saqbol.sqlite"
        self.file = home.parent / "backup.sqlite"

    def run(self, *arguments: object, **environment: str) -> tuple[int, str]:
        ended = run_here(self.home, "db", *arguments, **environment)
        return ended.exit_code, ended.stdout + ended.stderr

    def run_apart(self, *arguments: object) -> tuple[int, str]:
        """Run it as a process of its own, as locks between processes need."""
        ended = run_process(self.home.parent, self.home, ("db", *arguments), {})
        return ended.returncode, ended.stdout + ended.stderr

    def contents(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as opened:
            return sorted(opened.iterdump())


async def take_back(file: Path) -> None:
    """Bring a database back to the schema of the first version."""
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    await downgrade(engine, "0001")
    await engine.dispose()


@pytest.fixture
def commands(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    # A developer's .env must not be read.
    monkeypatch.chdir(own_home.parent)
    return Commands(own_home)


async def erase(person: Client) -> None:
    asked = await person.send("/forget")
    erased = await person.press(asked, say("ru", "Yes, erase"))
    assert erased["text"] == texts.ERASED


async def knows(person: Client) -> bool:
    """Tell whether the bot answers the person, or asks for consent."""
    text: str = (await person.send(texts.IIN_UNINSURED))["text"]
    assert texts.UNINSURED in text or texts.WELCOME in text, text
    return text.startswith(texts.UNINSURED)


async def three_people(newcomer: Newcomer) -> tuple[Client, Client, Client]:
    return await newcomer("ru"), await newcomer("ru"), await newcomer("ru")


@pytest.mark.timeout(300)
async def test_f48_backup_of_a_running_bot_restores_all_but_those_erased_since(
    commands: Commands,
) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with BotProcess(commands.home, emulator.url):
            stayer, leaver, returner = await three_people(newcomer)
            await erase(returner)
            await returner.press(await returner.send("/start"), texts.AGREE)
            backed_up = commands.run_apart("backup", commands.file)
            await erase(leaver)
            refused = commands.run_apart("restore", commands.file, "--yes")
        # The disk is lost with all that was on it but the pepper, the register and the erasures.
        commands.database.write_bytes(b"")
        restored = commands.run_apart("restore", commands.file, "--yes")
        async with BotProcess(commands.home, emulator.url):
            known = [await knows(person) for person in (stayer, leaver, returner)]

    assert backed_up[0] == 0, backed_up
    assert "3 people" in backed_up[1]
    assert S_IMODE(commands.file.stat().st_mode) == 0o600
    assert refused[0] == 1
    assert "stop it first" in refused[1]
    assert restored[0] == 0, restored
    assert "1 who erased themselves since" in restored[1]
    assert known == [True, False, True]
    assert list(commands.home.glob("saqbol.sqlite.replaced-*"))
    assert not list(commands.home.glob(".*.tmp*"))


def people(commands: Commands, *ids: int) -> None:
    assert commands.run("upgrade")[0] == 0
    with closing(sqlite3.connect(commands.database)) as opened, opened:
        day = "2026-11-21 10:00:00.000000"
        opened.executemany(
            "INSERT INTO subscribers VALUES (?, 'kk', 2, NULL, ?, NULL, 1)",
            [(number, day) for number in ids],
        )


def test_f48_restore_gives_the_same_state_and_keeps_what_it_replaced(commands: Commands) -> None:
    people(commands, 1, 2, 3)
    before = commands.contents()
    commands.run("backup", commands.file)
    people(commands, 4)

    restored = commands.run("restore", commands.file, "--yes")

    assert restored[0] == 0, restored
    assert commands.contents() == before
    (kept,) = commands.home.glob("saqbol.sqlite.replaced-*")
    assert rows(kept) == 4
    assert S_IMODE(commands.database.stat().st_mode) == 0o600


def test_f48_backup_overwrites_only_when_told_to(commands: Commands) -> None:
    people(commands, 1)
    commands.file.write_text("precious")

    refused = commands.run("backup", commands.file)
    kept = commands.file.read_text()
    forced = commands.run("backup", commands.file, "--force")

    assert (refused[0], kept) == (1, "precious")
    assert "--force" in refused[1]
    assert forced[0] == 0
    assert rows(commands.file) == 1


def test_f48_backup_holds_nothing_of_somebody_erased_before(commands: Commands) -> None:
    people(commands, 1, 2)
    secret = b"a key of somebody who is erased"
    with closing(sqlite3.connect(commands.database, isolation_level=None)) as opened:
        # Some builds of SQLite overwrite what is deleted, others leave it in the file.
        opened.execute("PRAGMA secure_delete = OFF")
        opened.execute("UPDATE subscribers SET phone_key = ? WHERE id = 2", (secret,))
        opened.execute("DELETE FROM subscribers WHERE id = 2")
    assert secret in commands.database.read_bytes()

    commands.run("backup", commands.file)

    assert secret not in commands.file.read_bytes()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_f48_damaged_backup_is_refused_and_changes_nothing(
    commands: Commands, damage: object
) -> None:
    assert callable(damage)
    people(commands, 1, 2)
    commands.run("backup", commands.file)
    commands.file.write_bytes(damage(commands.file.read_bytes()))
    before = commands.contents()

    refused = commands.run("restore", commands.file, "--yes")

    assert refused[0] == 1
    assert "saqbol: " in refused[1]
    assert commands.contents() == before


def test_f48_backup_of_a_newer_version_is_refused(commands: Commands) -> None:
    people(commands, 1)
    commands.run("backup", commands.file)
    with closing(sqlite3.connect(commands.file)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")

    refused = commands.run("restore", commands.file, "--yes")

    assert refused[0] == 1
    assert "newer saqbol" in refused[1]


def test_f48_backup_of_an_older_version_is_brought_up_to_date(commands: Commands) -> None:
    people(commands, 1)
    commands.run("backup", commands.file)
    asyncio.run(take_back(commands.file))

    assert commands.run("restore", commands.file, "--yes")[0] == 0

    assert rows(commands.database) == 1
    assert rows(commands.database, "pictures") == 0


def test_f48_erasures_of_another_pepper_stop_the_restore(commands: Commands) -> None:
    people(commands, 1)
    commands.run("backup", commands.file)
    mark = f"2026-11-21T10:00:00.000000Z 00000000 {bytes(16).hex()}\n"
    (commands.home / "erasures").write_text(mark)

    refused = commands.run("restore", commands.file, "--yes")

    assert refused[0] == 1
    assert "without that pepper" in refused[1]
    assert not list(commands.home.glob("saqbol.sqlite.replaced-*"))


def test_f48_erasure_counts_although_the_clock_was_set_back_before_the_next(
    commands: Commands,
) -> None:
    people(commands, 1, 2)
    commands.run("backup", commands.file)
    key = registry_key(Settings(home_dir=commands.home))
    after, before = "2026-11-21T12:00:00.000000Z", "2026-11-21T09:00:00.000000Z"
    marks = [f"{at} {key.key_id} {key.of_subscriber(1).hex()}\n" for at in (after, before)]
    (commands.home / "erasures").write_text("".join(marks))

    restored = commands.run("restore", commands.file, "--yes")

    assert restored[0] == 0, restored
    assert rows(commands.database) == 1


def test_f48_restore_asks_and_does_nothing_without_a_yes(commands: Commands) -> None:
    people(commands, 1)
    commands.run("backup", commands.file)
    people(commands, 2)

    asked = commands.run("restore", commands.file)

    assert asked[0] == 1
    assert "Replace" in asked[1]
    assert rows(commands.database) == 2


@pytest.mark.parametrize(
    ("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")], ids=str
)
def test_f48_servers_are_left_to_their_own_tools(
    commands: Commands, command: str, tool: str
) -> None:
    commands.file.write_text("")

    ended = commands.run(command, commands.file, DATABASE_URL="postgresql+asyncpg://host/people")

    assert ended[0] == 2
    assert f"use {tool}" in ended[1]


def test_f48_running_broadcast_is_restored_as_paused(commands: Commands) -> None:
    people(commands, 1)
    with closing(sqlite3.connect(commands.database)) as opened, opened:
        opened.executemany(
            "INSERT INTO broadcasts (nonce, author, state, wordings, audience, starts_at,"
            " rather_twice, is_paid, created_at, changed_at)"
            " VALUES (?, 1, ?, '', '', ?, 0, 0, ?, ?)",
            [(state, state, *["2026-11-21 10:00:00.000000"] * 3) for state in _BROADCASTS],
        )
    commands.run("backup", commands.file)

    assert commands.run("restore", commands.file, "--yes")[0] == 0

    with closing(sqlite3.connect(commands.database)) as opened:
        found = opened.execute("SELECT nonce, state, pause_reason FROM broadcasts").fetchall()
    assert found == [
        ("draft", "draft", None),
        ("scheduled", "paused", "restored"),
        ("running", "paused", "restored"),
        ("done", "done", None),
    ]


# What answers were given by the third step of the schema.


_BROADCASTS = ("draft", "scheduled", "running", "done")


def test_f48_reminders_are_silent_on_the_day_after_a_restore(commands: Commands) -> None:
    people(commands, 1)
    with closing(sqlite3.connect(commands.database)) as opened, opened:
        opened.execute(
            "INSERT INTO reminders"
            " (id, subscriber_id, record_key, last4, is_covered, looked_on, as_of, created_at)"
            " VALUES ('r', 1, x'00', '0000', 1, '2026-11-21', '2026-11-21', '2026-11-21')"
        )
    commands.run("backup", commands.file)

    commands.run("restore", commands.file, "--yes")

    with closing(sqlite3.connect(commands.database)) as opened:
        assert opened.execute("SELECT looked_on FROM reminders").fetchall() == [(None,)]
