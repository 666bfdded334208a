"""The watch tells when the database does not read or write, and when it does again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.schema import downgrade
from bot.storage.subscribers import SubscriberRepository
from bot.storage.watch import CALM_S, DatabaseWatch

from .conftest import ANNA


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(engine: AsyncEngine, clock: Clock) -> DatabaseWatch:
    return DatabaseWatch(engine, clock=clock)


async def fill_up(engine: AsyncEngine) -> None:
    """Let no connection add a page: SQLite says that the disk is full."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")


async def write_much(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO pictures VALUES ('k', zeroblob(99999), 'd')")


async def test_healthy_database_reads_and_writes(watch: DatabaseWatch) -> None:
    await watch.check()

    assert (watch.reads, watch.writes) == (True, True)


async def test_write_that_fails_is_noticed_at_once_and_one_that_works_is_not_yet_a_recovery(
    engine: AsyncEngine, watch: DatabaseWatch, clock: Clock
) -> None:
    await fill_up(engine)
    clock.now += 1
    with pytest.raises(OperationalError, match="full"):
        await write_much(engine)
    after_failure = watch.writes
    await watch.check()
    after_success = watch.writes
    clock.now += CALM_S
    await watch.check()

    assert (after_failure, after_success, watch.writes) == (False, False, True)
    assert watch.reads


async def test_nothing_written_since_a_failure_is_no_recovery(
    engine: AsyncEngine, watch: DatabaseWatch, clock: Clock
) -> None:
    await fill_up(engine)
    with pytest.raises(OperationalError):
        await write_much(engine)

    clock.now += 100 * CALM_S

    assert not watch.writes


async def test_database_without_its_tables_does_not_read(
    engine: AsyncEngine, watch: DatabaseWatch, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE subscribers")

    await watch.check()

    assert not watch.reads


async def test_row_that_another_one_forbids_is_no_trouble_of_the_database(
    engine: AsyncEngine, watch: DatabaseWatch
) -> None:
    with pytest.raises(IntegrityError):
        async with engine.begin() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO answers (id, subscriber_id, record_key, last4, created_at)"
                " VALUES ('a', -1, '', '', '')"
            )

    assert watch.writes


async def test_failed_read_is_no_trouble_of_writing(
    engine: AsyncEngine, watch: DatabaseWatch
) -> None:
    await downgrade(engine, "base")

    with pytest.raises(OperationalError):
        await SubscriberRepository(engine).get(ANNA.id)

    assert watch.writes


async def test_connection_that_is_found_dead_and_replaced_before_its_use_is_no_failure(
    engine: AsyncEngine, url: str, clock: Clock
) -> None:
    # As the connections to a server are looked at, of which some are cut while nobody uses them.
    pinging = create_async_engine(url, pool_pre_ping=True)
    watch = DatabaseWatch(pinging, clock=clock)
    async with pinging.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.close()

    clock.now += 1
    await watch.check()
    await pinging.dispose()

    assert (watch.reads, watch.writes) == (True, True)
