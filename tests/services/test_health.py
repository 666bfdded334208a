"""Health names what does not work, and readiness follows from it."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.registry.registry import Registry
from bot.services.health import DatabaseState, RegisterState, check_health
from bot.storage.schema import downgrade
from bot.storage.watch import DatabaseWatch
from tests.conftest import SAMPLE_DAY


@pytest.fixture
def database(engine: AsyncEngine) -> DatabaseWatch:
    return DatabaseWatch(engine)


async def test_all_is_well_and_the_age_of_the_data_is_told(
    database: DatabaseWatch, registry: Registry
) -> None:
    health = await check_health(database, registry, lambda: SAMPLE_DAY + timedelta(days=3), 2)

    assert (health.database, health.register) == (DatabaseState.WELL, RegisterState.WELL)
    assert (health.generation, health.age_days) == (registry.info.generation, 3)
    assert health.is_stale
    assert health.is_ready


async def test_database_that_does_not_read_is_not_ready(
    engine: AsyncEngine, database: DatabaseWatch, registry: Registry
) -> None:
    await downgrade(engine, "base")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE alembic_version")

    health = await check_health(database, registry, lambda: SAMPLE_DAY, 7)

    assert health.database is DatabaseState.NOT_READING
    assert not health.is_ready
