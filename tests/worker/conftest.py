"""An emulator and a field of people for each test."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.emulator import Emulator
from tests.databases import backend, postgres
from tests.failures.conftest import tell
from tests.postgres import Postgres
from tests.telegram.conftest import _plain_logs
from tests.worker.field import Field, field_with

__all__ = ["_plain_logs", "backend", "postgres", "tell"]

FieldOf = Callable[[int], AbstractAsyncContextManager[Field]]


@pytest.fixture
async def database(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Give the address of an empty database."""
    if backend == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}"
    server: Postgres = request.getfixturevalue("postgres")
    return await server.new_database()


@pytest.fixture
async def field_of(database: str) -> AsyncIterator[FieldOf]:
    """Give a function that opens a field with so many people."""
    async with Emulator() as emulator:
        yield lambda number: field_with(emulator.url, database, number)


@pytest.fixture
async def field(field_of: FieldOf) -> AsyncIterator[Field]:
    """Give a field of thirty people."""
    async with field_of(30) as field:
        yield field
