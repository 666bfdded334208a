"""Administrators hear once that the register is too old, and once that it no longer is."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.registry.registry import Registry
from bot.services.freshness import Freshness
from bot.services.health import Health, check_health
from bot.storage.audit import AuditRepository
from bot.storage.watch import DatabaseWatch
from tests.conftest import SAMPLE_DAY


async def health(engine: AsyncEngine, registry: Registry, age_days: int) -> Health:
    today = SAMPLE_DAY + timedelta(days=age_days)
    return await check_health(DatabaseWatch(engine), registry, lambda: today, 7)


async def turns(freshness: Freshness, engine: AsyncEngine, registry: Registry) -> list[bool]:
    """Tell what is told while the data grow old, are renewed, and grow old again."""
    days = (0, 7, 8, 9, 3, 4, 8)
    return [await freshness.has_turned(await health(engine, registry, day)) for day in days]


async def test_each_turn_is_told_once(engine: AsyncEngine, registry: Registry) -> None:
    told = await turns(Freshness(AuditRepository(engine)), engine, registry)

    assert told == [False, False, True, False, True, False, True]


async def test_new_process_knows_what_was_told(engine: AsyncEngine, registry: Registry) -> None:
    told = []
    for day in (0, 8, 8, 9, 3, 3, 8):
        freshness = Freshness(AuditRepository(engine))
        told.append(await freshness.has_turned(await health(engine, registry, day)))

    assert told == [False, True, False, False, True, False, True]


async def test_one_of_many_processes_tells(engine: AsyncEngine, registry: Registry) -> None:
    stale = await health(engine, registry, 8)
    processes = [Freshness(AuditRepository(engine)) for _ in range(8)]

    told = await asyncio.gather(*(process.has_turned(stale) for process in processes))

    assert sorted(told) == [False] * 7 + [True]


async def test_turn_that_cannot_be_noted_is_told_later(
    engine: AsyncEngine, registry: Registry
) -> None:
    stale, freshness = await health(engine, registry, 8), Freshness(AuditRepository(engine))
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE audit RENAME TO away")

    during = await freshness.has_turned(stale)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE away RENAME TO audit")

    assert [during, await freshness.has_turned(stale)] == [False, True]


@pytest.mark.parametrize("age_days", [8, 100])
async def test_old_data_are_ready_and_say_that_they_are_old(
    engine: AsyncEngine, registry: Registry, age_days: int
) -> None:
    found = await health(engine, registry, age_days)

    assert found.is_stale
    assert found.is_ready
