"""F13: the people database or the register is damaged."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.locales import Locale
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.schema import prepare
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.cli.conftest import run_process
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures import texts
from tests.failures.disk import DAMAGE, flip_bytes, rows
from tests.failures.running import NOBODY
from tests.telegram.client import Client
from tests.telegram.conftest import (
    bot_settings,
    bot_with_operator,
    own_emulator,
    running_bot,
)
from tests.telegram.texts import day, say

Damage = Callable[[bytes], bytes]
_MISSED = {"flipped-bytes": (texts.AGREE_FIRST,)}
every_damage = pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())


async def people(database: Path, number: int = 200) -> None:
    """Write a database with so many people."""
    engine = open_engine(f"sqlite+aiosqlite:///{database}")
    await prepare(engine)
    for telegram_id in range(700_000_001, 700_000_001 + number):
        await SubscriberRepository(engine).add(Subscriber(SubscriberId(telegram_id), Locale.KK))
    await engine.dispose()


@every_damage
async def test_f13_damaged_people_database_is_refused_and_left_as_it_is(
    own_home: Path, damage: Damage
) -> None:
    database = own_home / "saqbol.sqlite"
    await people(database)
    damaged = damage(database.read_bytes())
    database.write_bytes(damaged)
    engine = open_engine(f"sqlite+aiosqlite:///{database}")

    with pytest.raises(StorageError, match="saqbol db restore"):
        await prepare(engine)

    await engine.dispose()
    assert database.read_bytes() == damaged


async def test_f13_bot_does_not_start_on_a_damaged_people_database(
    own_home: Path, tmp_path: Path
) -> None:
    database = own_home / "saqbol.sqlite"
    await people(database)
    database.write_bytes(flip_bytes(database.read_bytes()))

    ended = run_process(tmp_path, own_home, ("run",), NOBODY)

    assert ended.returncode == 1
    assert f"saqbol: the people database {database} is damaged" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_f13_bot_does_not_start_on_a_damaged_register(own_home: Path, tmp_path: Path) -> None:
    (snapshot,) = (own_home / "registry").glob("*.sqlite")
    snapshot.write_bytes(snapshot.read_bytes()[:8192])

    ended = run_process(tmp_path, own_home, ("run",), NOBODY)

    assert ended.returncode == 1
    assert f"saqbol: register file {snapshot.name}" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_f13_database_damaged_under_the_bot_says_nothing_wrong_to_anybody(
    own_home: Path,
) -> None:
    database, heard = own_home / "saqbol.sqlite", {}
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            first = await newcomer("ru")
            groups = [[await newcomer("ru") for _ in range(3)] for _ in DAMAGE]
        whole = database.read_bytes()
        async with running_bot(settings):
            await _answer(first)
            for (name, damage), group in zip(DAMAGE.items(), groups, strict=True):
                database.write_bytes(damage(whole))
                heard[name] = [await _answer(person) for person in group]
        database.write_bytes(whole)
        for rest in ("-wal", "-shm"):
            database.with_name(database.name + rest).unlink(missing_ok=True)
        async with running_bot(settings):
            again = [await _answer(group[0]) for group in groups]

    for name, answers in heard.items():
        # SQLite has no checksums: it may miss a row of changed bytes, whose person is asked again.
        allowed = (texts.LATER, texts.UNINSURED, *_MISSED.get(name, ()))
        assert [text for text in answers if not text.startswith(allowed)] == [], name
    assert [text for text in again if not text.startswith(texts.UNINSURED)] == []
    assert rows(database) == 1 + 3 * len(DAMAGE)


async def test_f13_database_that_cannot_be_read_puts_people_off_until_it_can(
    own_home: Path,
) -> None:
    database = own_home / "saqbol.sqlite"
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            operator, known = await newcomer("ky"), await newcomer("ru")
        settings = bot_settings(own_home, emulator.url, operators=(operator.id,))
        async with running_bot(settings):
            await newcomer("ru")
            for table in ("alembic_version", "subscribers"):
                await asyncio.to_thread(_rename, database, table, f"lost_{table}")
            during = await _answer(known)
            # The language of the operator is in the database too, and remembered for a minute.
            await texts.wait_heard(operator, say("ky", "The people database cannot be read"))
            for table in ("alembic_version", "subscribers"):
                await asyncio.to_thread(_rename, database, f"lost_{table}", table)
            again = await _answer(known)
            await texts.wait_heard(operator, say("ky", "The people database works again"))

    assert during == texts.LATER
    assert again.startswith(texts.UNINSURED)


def _rename(database: Path, table: str, name: str) -> None:
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA legacy_alter_table = ON")
        opened.execute(f"ALTER TABLE {table} RENAME TO {name}")


async def _answer(person: Client) -> str:
    return str((await person.send(texts.IIN_UNINSURED))["text"])


async def test_f13_damaged_new_generation_leaves_the_old_one_answering_and_is_told_once(
    own_home: Path,
) -> None:
    (old,) = (own_home / "registry").glob("*.sqlite")
    async with bot_with_operator(own_home, "kk") as (operator, newcomer):
        person = await newcomer("ru")
        before = await _answer(person)
        tomorrow = SAMPLE_DAY.replace(day=SAMPLE_DAY.day + 1)
        staged = own_home.parent / "staged"
        shutil.copytree(own_home, staged)
        key = registry_key(Settings(home_dir=own_home, _env_file=None))
        report = import_csv(SAMPLE_REGISTER, as_of=tomorrow, home=staged, key=key)
        new, pointer = (staged / "registry" / name for name in (report.generation, "current"))
        (own_home / "registry" / new.name).write_bytes(new.read_bytes()[:-8192])
        pointer.replace(own_home / "registry" / "current")

        refused = say("kk", "The new register could not be opened")
        await texts.wait_heard(operator, refused)
        during = await _answer(person)
        (own_home / "registry" / new.name).write_bytes(new.read_bytes())
        await texts.wait_heard(operator, say("kk", "The register works again"))
        told = await texts.heard(operator, refused)
        after = await _answer(person)

    assert old.exists()
    assert before == during
    assert told == 1
    assert day("ru", tomorrow) in after


async def test_f13_register_damaged_in_use_is_told_once_and_answers_again_when_put_right(
    large_home: Path,
) -> None:
    (snapshot,) = (large_home / "registry").glob("*.sqlite")
    whole = snapshot.read_bytes()
    async with bot_with_operator(large_home, "ky") as (operator, newcomer):
        person = await newcomer("ru")
        snapshot.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
        heard = [
            (await person.send(iin))["text"]
            for iin in (texts.IIN_UNINSURED, texts.IIN_INSURED, texts.IIN_NOBODY)
        ]
        await texts.wait_heard(operator, say("ky", "The register is damaged"))
        snapshot.write_bytes(whole)
        await texts.wait_heard(operator, say("ky", "The register works again"))
        again = await _answer(person)
        told = await texts.heard(operator, say("ky", "The register is damaged"))

    right = (texts.UNINSURED, texts.INSURED, texts.NO_RECORD)
    for text, status in zip(heard, right, strict=True):
        assert text.startswith((texts.LATER, status))
    assert texts.LATER in heard
    assert again.startswith(texts.UNINSURED)
    assert told == 1
