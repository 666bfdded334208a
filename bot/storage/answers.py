"""Answers given: what a button needs to open one again."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NewType

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.log import get_logger
from bot.storage.engine import reading
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import answers

log = get_logger(__name__)

AnswerId = NewType("AnswerId", str)
# Older buttons say that they are out of date.
KEPT_FOR = timedelta(days=30)
_WRITE_DELAY_S = 0.05
_MAX_PENDING = 10_000
# A server that refuses connections is an OSError of the driver.
_FAILURES = (SQLAlchemyError, OSError)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    id: AnswerId
    subscriber_id: SubscriberId
    record_key: bytes
    last4: str
    created_at: datetime


class AnswerRepository:
    """Remembers answers, writing a moment behind.

    One commit costs more than the whole answer, so rows wait up to 50 ms and go in one
    transaction; until then they are found in memory. A crash in that moment costs no more than
    buttons that say they are out of date.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._pending: dict[AnswerId, StoredAnswer] = {}
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    def add(self, subscriber_id: SubscriberId, record_key: bytes, last4: str) -> StoredAnswer:
        """Remember an answer under a new id that cannot be guessed."""
        stored = StoredAnswer(
            AnswerId(secrets.token_urlsafe(16)),
            subscriber_id,
            record_key,
            last4,
            datetime.now(UTC),
        )
        if len(self._pending) >= _MAX_PENDING:
            self._pending.pop(next(iter(self._pending)))
        self._pending[stored.id] = stored
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())
        return stored

    async def get(self, answer_id: AnswerId, subscriber_id: SubscriberId) -> StoredAnswer | None:
        """Give the answer if it belongs to the subscriber and is not too old."""
        if answer_id in self._pending:
            pending = self._pending[answer_id]
            return pending if pending.subscriber_id == subscriber_id else None
        return await self._first(
            select(answers).where(
                answers.c.id == answer_id,
                answers.c.subscriber_id == subscriber_id,
                answers.c.created_at > _oldest(),
            )
        )

    async def latest(self, subscriber_id: SubscriberId) -> StoredAnswer | None:
        await self.flush()
        return await self._first(
            select(answers)
            .where(answers.c.subscriber_id == subscriber_id, answers.c.created_at > _oldest())
            .order_by(answers.c.created_at.desc())
            .limit(1)
        )

    async def purge(self) -> int:
        """Remove answers that are too old to open; give their number."""
        try:
            async with self._engine.begin() as connection:
                result = await connection.execute(
                    delete(answers).where(answers.c.created_at <= _oldest())
                )
        except _FAILURES as error:
            log.error("answers_not_purged", error=type(error).__name__)
            return 0
        return result.rowcount

    async def flush(self) -> None:
        """Write what waits; what cannot be written now stays for the next time."""
        async with self._writing:
            batch = list(self._pending.values())
            if not batch:
                return
            try:
                await self._insert(batch)
            except IntegrityError:
                # Somebody of the batch was erased meanwhile, on another replica perhaps.
                batch = [stored for stored in batch if await self._insert_alone(stored)]
            except _FAILURES as error:
                log.error("answers_not_written", number=len(batch), error=type(error).__name__)
                return
            for stored in batch:
                self._pending.pop(stored.id, None)

    async def close(self) -> None:
        """Write what waits, for good."""
        if self._writer is not None:
            await self._writer
        await self.flush()

    async def _write_soon(self) -> None:
        await asyncio.sleep(_WRITE_DELAY_S)
        await self.flush()

    async def _insert(self, batch: list[StoredAnswer]) -> None:
        rows = [
            {
                "id": stored.id,
                "subscriber_id": stored.subscriber_id,
                "record_key": stored.record_key,
                "last4": stored.last4,
                "created_at": stored.created_at,
            }
            for stored in batch
        ]
        async with self._engine.begin() as connection:
            await connection.execute(insert(answers), rows)

    async def _insert_alone(self, stored: StoredAnswer) -> bool:
        """Write one row; tell whether it is done with, written or not."""
        try:
            await self._insert([stored])
        except IntegrityError:
            log.info("answer_of_erased_subscriber_dropped")
        except _FAILURES as error:
            log.error("answers_not_written", number=1, error=type(error).__name__)
            return False
        return True

    async def _first(self, query: Select[tuple[object, ...]]) -> StoredAnswer | None:
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        created_at = row["created_at"].replace(tzinfo=UTC)  # SQLite forgets the zone
        return StoredAnswer(**{**row, "created_at": created_at})


def _oldest() -> datetime:
    return datetime.now(UTC) - KEPT_FOR
