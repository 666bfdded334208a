"""A people database of its own for every test: a real SQLite file, or one of a real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.storage.answers import AnswerRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.databases import backend, postgres
from tests.postgres import Postgres

__all__ = ["backend", "postgres"]

ANNA = Subscriber(SubscriberId(7_000_000_001), Locale.RU, consent_version=3)
AIGUL = Subscriber(SubscriberId(700_000_002), Locale.KK, consent_version=3)
KEY = bytes(range(16))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "saqbol.sqlite"


@pytest.fixture
async def url(backend: str, path: Path, request: pytest.FixtureRequest) -> str:
    if backend == "sqlite":
        return f"sqlite+aiosqlite:///{path}"
    server: Postgres = request.getfixturevalue("postgres")
    return await server.new_database()


@pytest.fixture
async def empty_engine(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def engine(empty_engine: AsyncEngine) -> AsyncEngine:
    """Give the database with its schema and two subscribers."""
    await upgrade(empty_engine)
    repository = SubscriberRepository(empty_engine)
    for subscriber in (ANNA, AIGUL):
        await repository.add(subscriber)
    return empty_engine


@pytest.fixture
async def answers(engine: AsyncEngine) -> AsyncIterator[AnswerRepository]:
    repository = AnswerRepository(engine)
    yield repository
    await repository.close()
