"""Daily counts add up, whoever writes them, and go after 400 days."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.stats import Kind
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.tables import counters

TODAY = date(2026, 11, 21)


async def test_counts_of_a_day_add_up_over_writes(engine: AsyncEngine) -> None:
    repository = CounterRepository(engine)
    for _ in range(3):
        repository.add(Kind.ANSWERS, "insured")
    repository.add(Kind.REGIONS, "75")
    await repository.write(TODAY)
    repository.add(Kind.ANSWERS, "insured")
    await repository.write(TODAY)
    repository.add(Kind.ANSWERS, "insured")
    await repository.write(TODAY + timedelta(days=1))

    assert await repository.read(TODAY, TODAY + timedelta(days=1)) == {
        TODAY: {Kind.ANSWERS: {"insured": 4}, Kind.REGIONS: {"75": 1}},
        TODAY + timedelta(days=1): {Kind.ANSWERS: {"insured": 1}},
    }


async def test_nothing_is_lost_between_replicas(engine: AsyncEngine, url: str) -> None:
    other = open_engine(url)
    replicas = [CounterRepository(engine), CounterRepository(other)]

    async def count(repository: CounterRepository) -> None:
        for number in range(40):
            repository.add(Kind.ANSWERS, "insured" if number % 2 else "uninsured")
            await repository.write(TODAY)

    await asyncio.gather(*map(count, replicas))
    found = await replicas[0].read(TODAY, TODAY)
    await other.dispose()

    assert found == {TODAY: {Kind.ANSWERS: {"insured": 40, "uninsured": 40}}}


async def test_what_cannot_be_written_waits(engine: AsyncEngine, path: Path) -> None:
    repository = CounterRepository(engine)
    repository.add(Kind.ANSWERS, "insured")
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE counters RENAME TO gone")
        await repository.write(TODAY)
        repository.add(Kind.ANSWERS, "insured")
        database.execute("ALTER TABLE gone RENAME TO counters")

    await repository.write(TODAY)

    assert await repository.read(TODAY, TODAY) == {TODAY: {Kind.ANSWERS: {"insured": 2}}}


async def test_days_are_kept_for_400(engine: AsyncEngine) -> None:
    repository = CounterRepository(engine)
    ages = (0, 399, 400, 401, 500)
    for age in ages:
        repository.add(Kind.ANSWERS, "insured")
        await repository.write(TODAY - timedelta(days=age))

    removed = await repository.purge(TODAY)

    kept = await repository.read(TODAY - timedelta(days=600), TODAY)
    assert removed == 2
    assert sorted((TODAY - day).days for day in kept) == [0, 399, 400]


def test_no_column_could_hold_a_person() -> None:
    assert [column.name for column in counters.c] == ["day", "kind", "label", "number"]
    assert not counters.foreign_keys
    assert max(len(kind) for kind in Kind) <= 16
