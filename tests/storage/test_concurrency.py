"""Many writers lose nothing; a locked database delays and does not lose either."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.storage.answers import _MAX_PENDING, AnswerRepository
from bot.storage.engine import open_engine
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.telegram.client import until

from .conftest import ANNA, KEY

_WRITERS = 60


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the only write lock of the database, as a long transaction of another process."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def be_impatient(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 50")


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        return int(number)


async def test_two_replicas_on_one_file_lose_no_write(
    engine: AsyncEngine, url: str, path: Path
) -> None:
    other = open_engine(url)
    replicas = [(SubscriberRepository(each), AnswerRepository(each)) for each in (engine, other)]

    async def serve(number: int) -> str:
        subscribers, answers = replicas[number % 2]
        subscriber = Subscriber(SubscriberId(1000 + number), Locale.KY, consent_version=1)
        await subscribers.add(subscriber)
        stored = answers.add(subscriber.id, KEY, "0019")
        assert await subscribers.get(subscriber.id) == subscriber
        return stored.id

    try:
        ids = await asyncio.gather(*(serve(number) for number in range(_WRITERS)))
        for _, answers in replicas:
            await answers.close()
    finally:
        await other.dispose()

    assert len(set(ids)) == _WRITERS
    assert count(path, "subscribers") == _WRITERS + 2
    assert count(path, "answers") == _WRITERS


async def test_f14_commits_wait_for_the_disk(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        journal = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one()

    assert journal == "wal"
    assert synchronous == 2  # FULL


async def test_reading_does_not_wait_for_a_writer(engine: AsyncEngine, path: Path) -> None:
    with locked(path):
        async with asyncio.timeout(1):
            assert await SubscriberRepository(engine).get(ANNA.id) == ANNA


@pytest.fixture
async def impatient(engine: AsyncEngine, url: str) -> AsyncIterator[AnswerRepository]:
    """Give answers that wait for a lock for a moment only: the test has no five seconds."""
    own = open_engine(url)
    event.listen(own.sync_engine, "connect", be_impatient)
    answers = AnswerRepository(own)
    yield answers
    await answers.close()
    await own.dispose()


async def test_answers_wait_for_a_locked_database_and_are_written_later(
    impatient: AnswerRepository, path: Path
) -> None:
    with locked(path):
        stored = impatient.add(ANNA.id, KEY, "0019")
        await impatient.flush()
        found = await impatient.get(stored.id, ANNA.id)
        written = count(path, "answers")
    impatient.add(ANNA.id, KEY, "0707")
    await impatient.close()

    assert found == stored
    assert written == 0
    assert count(path, "answers") == 2


async def test_what_waits_for_a_database_is_bounded_and_written_without_another_answer(
    impatient: AnswerRepository, path: Path
) -> None:
    with locked(path):
        first = impatient.add(ANNA.id, KEY, "0019")
        for _ in range(_MAX_PENDING):
            last = impatient.add(ANNA.id, KEY, "0707")
        assert not await impatient.flush()

    async def is_written() -> bool:
        return count(path, "answers") == _MAX_PENDING

    await until(is_written)
    found = [await impatient.get(stored.id, ANNA.id) for stored in (first, last)]

    assert found == [None, last]


async def test_bot_stops_although_the_database_does_not_write(
    impatient: AnswerRepository, path: Path
) -> None:
    with locked(path):
        impatient.add(ANNA.id, KEY, "0019")
        async with asyncio.timeout(2):
            await impatient.close()
        written = count(path, "answers")

    assert written == 0


async def test_hundred_newcomers_at_once_wait_little_longer_than_one_after_another(
    engine: AsyncEngine,
) -> None:
    repository = SubscriberRepository(engine)
    numbers = [SubscriberId(8_000_000_000 + number) for number in range(200)]

    began = time.monotonic()
    for number in numbers[:100]:
        await repository.add(Subscriber(number, Locale.RU))
    one_by_one_s = time.monotonic() - began
    began = time.monotonic()
    await asyncio.gather(*(repository.add(Subscriber(each, Locale.RU)) for each in numbers[100:]))
    at_once_s = time.monotonic() - began

    assert at_once_s < 3 * one_by_one_s + 0.5
