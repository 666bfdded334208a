"""Opens the people database: SQLite by default, PostgreSQL at scale."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage.errors import StorageError

# What any use of the database may raise; a server that refuses connections is an OSError.
DATABASE_FAILURES = (SQLAlchemyError, OSError)
# Longer than any transaction of ours, shorter than the patience of a person.
_BUSY_TIMEOUT_S = 5.0
# Each has a thread. Reads take less than a millisecond, and of those who write only one at a time
# has a connection (see writing), so that nobody waits for these for long.
_CONNECTIONS = 10
# A process that freezes within a transaction keeps others from its rows no longer than this.
_SERVER_SETTINGS = {"idle_in_transaction_session_timeout": "10s"}


@dataclass(slots=True)
class _Turns:
    """SQLite has one writer at a time, and those who wait for it poll, ever more rarely: a hundred
    at once took five seconds. Those of one process take turns instead.

    Attributes:
        refused_at: when the one in front could not begin; seconds that never go back.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    refused_at: float = float("-inf")


_turns: WeakKeyDictionary[AsyncEngine, _Turns] = WeakKeyDictionary()


def open_engine(database_url: str) -> AsyncEngine:
    """Open the database; the folder of a SQLite file is made where it is missing.

    Raises:
        StorageError: the URL is malformed, or of a database that is not supported.
    """
    path = sqlite_path(database_url)
    if path is None:
        try:
            return create_async_engine(
                database_url,
                connect_args={"server_settings": _SERVER_SETTINGS},
                pool_pre_ping=True,
                hide_parameters=True,
            )
        except (ArgumentError, ModuleNotFoundError) as error:
            raise StorageError(f"DATABASE_URL: {error}") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        database_url,
        connect_args={"timeout": _BUSY_TIMEOUT_S},
        pool_timeout=_BUSY_TIMEOUT_S,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def sqlite_path(database_url: str) -> Path | None:
    """Give the file of a SQLite database; None for a server.

    Raises:
        StorageError: the URL is malformed.
    """
    url = _parsed(database_url)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise StorageError("DATABASE_URL: people are kept in a file, name it after sqlite:///")
    return Path(url.database)


def _parsed(database_url: str) -> URL:
    try:
        return make_url(database_url)
    except ArgumentError:
        # The text of the error would quote the URL, and with it perhaps a password.
        raise StorageError("DATABASE_URL is not a URL such as sqlite+aiosqlite:///FILE") from None


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection for reads alone: no transaction, so no writer waits for it."""
    async with engine.connect() as connection:
        yield await connection.execution_options(isolation_level="AUTOCOMMIT")


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a transaction, which ends with the block.

    Raises:
        TimeoutError: the one before could not begin, as when another process holds the database.
    """
    if engine.dialect.name != "sqlite":
        async with engine.begin() as connection:
            yield connection
        return
    turns = _turns.setdefault(engine, _Turns())
    came_at = time.monotonic()
    async with turns.lock:
        if turns.refused_at > came_at:
            # To try as long once more, one after the other, would keep the last for minutes.
            raise TimeoutError
        has_begun = False
        try:
            async with engine.begin() as connection:
                has_begun = True
                yield connection
        except DATABASE_FAILURES:
            if not has_begun:
                turns.refused_at = time.monotonic()
            raise


def utc(instant: datetime) -> datetime:
    """Give the zone back that SQLite forgets."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: see _begin_immediate.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # What a person was told is kept, a power cut too.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is erased is gone from the file too.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that turns into a writer fails at once when another one writes,
    # whatever the timeout; one that begins as a writer waits for its turn.
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
