"""Migrations go up, down and up again, and end where the tables say."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import open_engine
from bot.storage.errors import StorageError
from bot.storage.schema import downgrade, prepare, upgrade
from bot.storage.tables import metadata
from tests.databases import on_both

VERSION = {"alembic_version"}


async def table_names(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


def find_differences(connection: Connection) -> list[Any]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@on_both
async def test_migrations_go_up_down_and_up_again(empty_engine: AsyncEngine) -> None:
    await upgrade(empty_engine)
    first = await table_names(empty_engine)
    await downgrade(empty_engine, "base")
    emptied = await table_names(empty_engine)
    await upgrade(empty_engine)

    assert first == await table_names(empty_engine) == {*metadata.tables} | VERSION
    assert emptied == VERSION


@on_both
async def test_tables_equal_the_migrations(empty_engine: AsyncEngine) -> None:
    await upgrade(empty_engine)

    async with empty_engine.connect() as connection:
        assert await connection.run_sync(find_differences) == []


@on_both
async def test_foreign_keys_of_the_migrations_equal_those_of_the_tables(
    empty_engine: AsyncEngine,
) -> None:
    await upgrade(empty_engine)

    async with empty_engine.connect() as connection:
        (key,) = await connection.run_sync(lambda sync: inspect(sync).get_foreign_keys("answers"))

    assert key["referred_table"] == "subscribers"
    assert key["options"]["ondelete"] == "CASCADE"


@on_both
async def test_a_second_upgrade_keeps_what_is_there(engine: AsyncEngine) -> None:
    await upgrade(engine)

    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM subscribers")
        assert rows.scalar_one() == 2


@on_both
async def test_pictures_come_and_go_beside_what_is_there(engine: AsyncEngine) -> None:
    await downgrade(engine, "0001")
    before = await table_names(engine)
    await upgrade(engine, "0002")

    assert await table_names(engine) - before == {"pictures"}
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM subscribers")
        assert rows.scalar_one() == 2


@on_both
async def test_database_of_a_newer_version_is_refused_and_left_alone(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StorageError, match="newer saqbol"):
        await prepare(engine)

    assert {*metadata.tables} <= await table_names(engine)


async def test_database_that_is_up_to_date_is_not_written_to(
    engine: AsyncEngine, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        await prepare(engine)


async def test_url_that_cannot_be_read_is_not_repeated() -> None:
    with pytest.raises(StorageError) as refusal:
        open_engine("postgresql//anna:secret@host/people")

    assert "secret" not in str(refusal.value)
