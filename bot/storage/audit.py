"""The audit log in the people database: rows are added and read, never changed."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import RowMapping, Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.audit import (
    CUT,
    SYSTEM,
    Actor,
    AuditBrokenError,
    AuditRow,
    Event,
    canonical,
    chained,
)
from bot.storage.engine import reading, utc, writing
from bot.storage.tables import audit

# The triggers of the table keep younger rows from being removed by anybody.
KEPT_FOR = timedelta(days=365)
# Small enough for nobody to wait while they are hashed: about 5 ms.
_PAGE = 100
# Other writers wait for the end of the transaction, readers do not. A transaction of SQLite is
# alone from its beginning.
_LOCK_SERVER = "LOCK TABLE audit IN EXCLUSIVE MODE"


async def append(connection: AsyncConnection, event: Event) -> AuditRow:
    """Add a row in the transaction that is open, so that it stays or goes with what it tells of."""
    await _keep_others_out(connection)
    tip = (await connection.execute(_newest().limit(1))).mappings().first()
    row = chained(event, _row(tip) if tip else None)
    statement = insert(audit).values(
        id=row.id,
        at=event.at,
        actor=event.actor,
        action=event.action,
        details=event.details,
        previous=row.previous,
        hash=row.hash,
    )
    await connection.execute(statement)
    return row


async def _keep_others_out(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql(_LOCK_SERVER)


class AuditRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, event: Event) -> AuditRow:
        async with writing(self._engine) as connection:
            return await append(connection, event)

    async def add_turn(self, event: Event, opposite: str, *, at_first: bool) -> bool:
        """Add a row where the opposite was written last, and tell whether it was added.

        Of any number of processes and starts one alone adds it.

        Args:
            at_first: add it too where neither was ever written.
        """
        both = audit.c.action.in_((event.action, opposite))
        last_action = select(audit.c.action).where(both).order_by(audit.c.id.desc()).limit(1)
        async with writing(self._engine) as connection:
            await _keep_others_out(connection)
            last = (await connection.execute(last_action)).scalar()
            if last == event.action or (last is None and not at_first):
                return False
            await append(connection, event)
            return True

    async def page(self, before: int | None, size: int) -> Sequence[AuditRow]:
        """Give the rows before one, or the last ones, newest first."""
        query = _newest().limit(size)
        if before is not None:
            query = query.where(audit.c.id < before)
        return await self._rows(query)

    async def rows(self) -> AsyncIterator[AuditRow]:
        """Give every row, oldest first.

        Raises:
            AuditBrokenError: a row is no longer of the form in which rows are written.
        """
        last, size = 0, _PAGE
        query = select(audit).order_by(audit.c.id)
        while True:
            try:
                rows = await self._rows(query.where(audit.c.id > last).limit(size))
            except (TypeError, ValueError):
                if size == 1:
                    raise AuditBrokenError(last + 1, "it cannot be read") from None
                size = 1
                continue
            for row in rows:
                yield row
            if not rows:
                return
            last = rows[-1].id

    async def cut(self) -> int:
        """Remove rows that are a year old, and add one that says so; give the number.

        What is added names the last removed row and its hash: the rest still verifies.
        """
        now = datetime.now(UTC)
        async with writing(self._engine) as connection:
            await _keep_others_out(connection)
            first_kept = select(func.min(audit.c.id)).where(audit.c.at >= now - KEPT_FOR)
            kept_from = (await connection.execute(first_kept)).scalar_one()
            old = _newest().limit(1)
            if kept_from is not None:
                old = old.where(audit.c.id < kept_from)
            last = (await connection.execute(old)).mappings().first()
            if last is None:
                return 0
            details = {"last": last["id"], "hash": last["hash"].hex()}
            await append(connection, Event(now, SYSTEM, CUT, canonical(details)))
            removed = await connection.execute(delete(audit).where(audit.c.id <= last["id"]))
            return removed.rowcount

    async def _rows(self, query: Select[tuple[object, ...]]) -> list[AuditRow]:
        async with reading(self._engine) as connection:
            found = (await connection.execute(query)).mappings().all()
        return [_row(each) for each in found]


def _newest() -> Select[tuple[object, ...]]:
    return select(audit).order_by(audit.c.id.desc())


def _row(row: RowMapping) -> AuditRow:
    event = Event(utc(row["at"]), Actor(row["actor"]), row["action"], row["details"])
    return AuditRow(row["id"], event, row["previous"], row["hash"])
