"""Answers given: what a button needs to open one again."""

import asyncio
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NewType

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, reading, utc, writing
from bot.storage.purging import remove_rows
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import answers, subscribers

log = get_logger(__name__)

AnswerId = NewType("AnswerId", str)
# Older buttons say that they are out of date.
KEPT_FOR = timedelta(days=30)
_WRITE_DELAY_S = 0.05
_MAX_PENDING = 10_000
_BATCH = 500
# A database that does not write is tried again and again, ever more rarely.
_MAX_DELAY_S = 5.0
_TOLD = ("status", "reason", "region", "covered_until", "rules_version", "generation")
_NOTE_MESSAGE = (
    update(answers).where(answers.c.id == bindparam("of")).values(message_id=bindparam("shown_as"))
)


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer said and what it rested on, to find the people whom a broadcast concerns.

    Attributes:
        reason: the first one.
        covered_until: the last insured day.
        generation: file name of the register's generation.
    """

    status: str | None = None
    reason: str | None = None
    region: str | None = None
    covered_until: date | None = None
    rules_version: str | None = None
    generation: str | None = None


_NOTHING = Told()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer that was given.

    Attributes:
        message_id: the message in the private chat that shows it; None when that is not known.
    """

    id: AnswerId
    subscriber_id: SubscriberId
    record_key: bytes
    last4: str
    created_at: datetime
    told: Told = _NOTHING
    message_id: int | None = None


class AnswerRepository:
    """Remembers answers, writing a moment behind.

    One commit costs more than the whole answer, so rows wait up to 50 ms and go in one
    transaction; until then they are found in memory. A crash in that moment costs no more than
    buttons that say they are out of date. While the database does not write, the last 10,000 wait
    until it does.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        is_postgresql = engine.dialect.name == "postgresql"
        self._insert_into = insert_postgresql if is_postgresql else insert_sqlite
        self._pending: dict[AnswerId, StoredAnswer] = {}
        self._shown: dict[AnswerId, int] = {}
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    def add(
        self, subscriber_id: SubscriberId, record_key: bytes, last4: str, told: Told = _NOTHING
    ) -> StoredAnswer:
        """Remember an answer under a new id that cannot be guessed."""
        stored = StoredAnswer(
            AnswerId(secrets.token_urlsafe(16)),
            subscriber_id,
            record_key,
            last4,
            datetime.now(UTC),
            told,
        )
        if len(self._pending) >= _MAX_PENDING:
            self._pending.pop(next(iter(self._pending)))
        self._pending[stored.id] = stored
        self._wake_writer()
        return stored

    def note_message(self, answer_id: AnswerId, message_id: int) -> None:
        """Remember which message shows an answer; lost with a crash in the next moment."""
        if answer_id in self._pending:
            shown = replace(self._pending[answer_id], message_id=message_id)
            self._pending[answer_id] = shown
        if len(self._shown) >= _MAX_PENDING:
            self._shown.pop(next(iter(self._shown)))
        # Also for one that waits: it may be on its way to the disk at this moment.
        self._shown[answer_id] = message_id
        self._wake_writer()

    def _wake_writer(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_until_done())

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
        for waiting in reversed(self._pending.values()):
            if waiting.subscriber_id == subscriber_id:
                return waiting
        return await self._first(
            select(answers)
            .where(answers.c.subscriber_id == subscriber_id, answers.c.created_at > _oldest())
            .order_by(answers.c.created_at.desc())
            .limit(1)
        )

    def waiting_of(self, subscriber_id: SubscriberId) -> list[dict[str, object]]:
        """Give the rows of a person that are not written yet."""
        waiting = self._pending.values()
        return [_row(stored) for stored in waiting if stored.subscriber_id == subscriber_id]

    async def purge(self) -> int:
        """Remove answers that are too old to open; give their number."""
        try:
            return await remove_rows(self._engine, answers, answers.c.created_at <= _oldest())
        except DATABASE_FAILURES as error:
            log.error("answers_not_purged", error=type(error).__name__)
            return 0

    async def flush(self) -> bool:
        """Write what waits and tell whether it is written; if not, it stays for the next time."""
        async with self._writing:
            waiting = list(self._pending.values())
            for start in range(0, len(waiting), _BATCH):
                batch = waiting[start : start + _BATCH]
                try:
                    await self._insert(batch)
                except DATABASE_FAILURES as error:
                    log.error(
                        "answers_not_written", number=len(waiting), error=type(error).__name__
                    )
                    return False
                for stored in batch:
                    self._pending.pop(stored.id, None)
            return await self._flush_shown()

    async def _flush_shown(self) -> bool:
        shown = dict(self._shown)
        if not shown:
            return True
        rows = [{"of": answer_id, "shown_as": number} for answer_id, number in shown.items()]
        try:
            async with writing(self._engine) as connection:
                await connection.execute(_NOTE_MESSAGE, rows)
        except DATABASE_FAILURES as error:
            log.error("answers_not_written", number=len(rows), error=type(error).__name__)
            return False
        for answer_id, number in shown.items():
            if self._shown.get(answer_id) == number:
                del self._shown[answer_id]
        return True

    async def forget(self, subscriber_id: SubscriberId) -> None:
        """Drop what waits about an erased subscriber, who may come back before it is written."""
        async with self._writing:
            for stored in list(self._pending.values()):
                if stored.subscriber_id == subscriber_id:
                    del self._pending[stored.id]

    async def close(self) -> None:
        """Write what waits, for good."""
        async with self._writing:
            # With the lock in hand the writer is only waiting.
            if self._writer is not None:
                self._writer.cancel()
        await self.flush()

    async def _write_until_done(self) -> None:
        delay_s = _WRITE_DELAY_S
        while self._pending or self._shown:
            await asyncio.sleep(delay_s)
            is_written = await self.flush()
            delay_s = _WRITE_DELAY_S if is_written else min(2 * delay_s, _MAX_DELAY_S)

    async def _insert(self, batch: list[StoredAnswer]) -> None:
        """Write the rows of those who are kept; somebody may have been erased meanwhile."""
        ids = {stored.subscriber_id for stored in batch}
        async with writing(self._engine) as connection:
            query = select(subscribers.c.id).where(subscribers.c.id.in_(ids))
            kept = set((await connection.execute(query)).scalars())
            rows = [_row(stored) for stored in batch if stored.subscriber_id in kept]
            if rows:
                # Where the end of an earlier try was not heard of, the rows are there already.
                statement = self._insert_into(answers).on_conflict_do_nothing()
                await connection.execute(statement, rows)
        if len(rows) < len(batch):
            log.info("answers_of_erased_subscribers_dropped", number=len(batch) - len(rows))

    async def _first(self, query: Select[tuple[object, ...]]) -> StoredAnswer | None:
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        told = Told(**{name: row[name] for name in _TOLD})
        rest = {name: value for name, value in row.items() if name not in _TOLD}
        return StoredAnswer(**{**rest, "created_at": utc(row["created_at"]), "told": told})


def _row(stored: StoredAnswer) -> dict[str, object]:
    row = asdict(stored)
    return {**row.pop("told"), **row}


def _oldest() -> datetime:
    return datetime.now(UTC) - KEPT_FOR
