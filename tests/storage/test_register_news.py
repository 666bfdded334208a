"""Of several processes one alone tells an administrator of a generation."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import open_engine
from bot.storage.register_news import KEPT_FOR, RegisterNewsRepository
from bot.storage.schema import upgrade
from bot.storage.tables import register_news

GENERATION = "2026-11-21-0a0a0a0a.sqlite"


@pytest.fixture
async def engines(tmp_path: Path) -> AsyncIterator[list[AsyncEngine]]:
    """Give the same database as five processes have it."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}"
    engines = [open_engine(url) for _ in range(5)]
    await upgrade(engines[0])
    yield engines
    for engine in engines:
        await engine.dispose()


async def test_one_process_alone_tells_an_administrator_of_a_generation(
    engines: list[AsyncEngine],
) -> None:
    repositories = [RegisterNewsRepository(engine) for engine in engines]

    claims = await asyncio.gather(*(each.claim(GENERATION, 42) for each in repositories))

    assert sorted(claims) == [False] * 4 + [True]
    assert await repositories[0].claim(GENERATION, 43)
    assert await repositories[0].claim("2026-11-22-0b0b0b0b.sqlite", 42)


async def test_news_given_back_is_told_by_whoever_comes_next(engines: list[AsyncEngine]) -> None:
    first, second = (RegisterNewsRepository(engine) for engine in engines[:2])
    await first.claim(GENERATION, 42)

    await first.give_back(GENERATION, 42)

    assert await second.claim(GENERATION, 42)
    assert not await first.claim(GENERATION, 42)


async def test_old_news_is_forgotten(engines: list[AsyncEngine]) -> None:
    repository = RegisterNewsRepository(engines[0])
    await repository.claim(GENERATION, 42)
    async with engines[0].begin() as connection:
        await connection.execute(
            insert(register_news).values(
                generation="old", operator_id=42, told_at=datetime.now(UTC) - KEPT_FOR
            )
        )

    assert await repository.purge() == 1
    assert not await repository.claim(GENERATION, 42)
