"""Turns are given out once, whoever asks, by the server's clock."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import open_engine
from bot.storage.turns import TurnRepository
from bot.telegram.shared_turns import Bucket, SharedTurns

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
# A second each: what the test itself takes does not count.
_BULK = Bucket("bulk", 1.0, "broadcast")


@pytest.fixture
async def other(engine: AsyncEngine, url: str) -> AsyncIterator[AsyncEngine]:
    """Give the database as another process has it."""
    other = open_engine(url)
    yield other
    await other.dispose()


async def test_turns_of_two_processes_are_an_interval_apart(
    engine: AsyncEngine, other: AsyncEngine
) -> None:
    processes = [SharedTurns(TurnRepository(each)) for each in (engine, other)]

    turns = await asyncio.gather(*(each.take(_BULK) for each in processes * 10))

    waits = sorted(round(turn.wait_s) for turn in turns)
    assert waits == [*range(20)]


async def test_buckets_do_not_wait_for_each_other(engine: AsyncEngine) -> None:
    turns = TurnRepository(engine)

    await turns.take("bulk", 50, 1.0, "broadcast")

    assert (await turns.take("paid", 1, 1.0, "broadcast")).wait_s < 0.5
    assert (await turns.take("bulk", 1, 1.0, "reminder")).wait_s > 45


async def test_turns_that_nobody_took_are_not_saved_up(engine: AsyncEngine) -> None:
    turns = TurnRepository(engine)

    first, second = [await turns.take("bulk", 1, 60.0, "broadcast") for _ in range(2)]

    assert first.wait_s == 0
    assert 55 < second.wait_s <= 60


async def test_hold_of_one_kind_is_heard_of_by_all_and_shortened_by_nobody(
    engine: AsyncEngine, other: AsyncEngine
) -> None:
    mine, theirs = TurnRepository(engine), TurnRepository(other)

    await mine.hold("broadcast", 60)
    await theirs.hold("broadcast", 5)

    assert 55 < (await theirs.take("paid", 1, 0.001, "broadcast")).held_s <= 60
    assert (await theirs.take("bulk", 1, 0.04, "reminder")).held_s < 0


async def test_who_was_called_back_takes_no_turn(engine: AsyncEngine) -> None:
    turns = SharedTurns(TurnRepository(engine))
    first = asyncio.create_task(turns.take(_BULK))
    called_back = [asyncio.create_task(turns.take(_BULK)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in called_back:
        task.cancel()
    await first

    assert 0 < (await turns.take(_BULK)).wait_s <= 1


async def test_without_the_database_a_process_keeps_to_its_own_bucket(
    engine: AsyncEngine,
) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE turns")
    turns = SharedTurns(TurnRepository(engine))

    assert (await turns.take(_BULK)).wait_s == 0
    await turns.hold("broadcast", 60)
