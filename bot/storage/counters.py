"""Daily counts: a day, what is counted, a label, a number; nobody is in them."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.stats import Kind
from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, reading, writing
from bot.storage.tables import counters

log = get_logger(__name__)

# A year can be compared with the one before.
KEPT_FOR = timedelta(days=400)


class CounterRepository:
    """Adds up in memory; what is written together is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite
        self._waiting: Counter[tuple[Kind, str]] = Counter()
        self._writing = asyncio.Lock()

    def add(self, kind: Kind, label: str) -> None:
        """Count one; lost by a crash before the next :meth:`write`."""
        self._waiting[kind, label] += 1

    async def write(self, day: date) -> None:
        """Add what was counted since the last time to the counts of a day."""
        async with self._writing:
            taken, self._waiting = self._waiting, Counter()
            # Always in the same order, so that two processes cannot wait for each other's rows.
            rows = [
                {"day": day, "kind": kind.value, "label": label, "number": number}
                for (kind, label), number in sorted(taken.items())
            ]
            if not rows:
                return
            statement = self._insert(counters)
            grown = counters.c.number + statement.excluded.number
            try:
                async with writing(self._engine) as connection:
                    await connection.execute(
                        statement.on_conflict_do_update(
                            index_elements=["day", "kind", "label"], set_={"number": grown}
                        ),
                        rows,
                    )
            except DATABASE_FAILURES as error:
                log.error("counters_not_written", error=type(error).__name__)
                self._waiting.update(taken)

    async def read(self, first: date, last: date) -> Mapping[date, dict[Kind, dict[str, int]]]:
        """Give the counts of these days, both included; a day without any is left out."""
        query = select(counters).where(counters.c.day.between(first, last))
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        found: dict[date, dict[Kind, dict[str, int]]] = {}
        for row in rows:
            found.setdefault(row.day, {}).setdefault(Kind(row.kind), {})[row.label] = row.number
        return found

    async def purge(self, today: date) -> int:
        """Remove days that are too old; give the number of rows."""
        is_old = counters.c.day < today - KEPT_FOR
        try:
            async with writing(self._engine) as connection:
                return (await connection.execute(delete(counters).where(is_old))).rowcount
        except DATABASE_FAILURES as error:
            log.error("counters_not_purged", error=type(error).__name__)
            return 0
