"""When the next message may leave, where several processes share what Telegram allows.

The server's clock alone counts, so the processes need not agree on the time.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, Result, extract, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.tables import turns

_NOW = func.clock_timestamp()


@dataclass(frozen=True, slots=True)
class Turns:
    """What was taken.

    Attributes:
        wait_s: until the first turn; the others follow, an interval apart.
        held_s: for so long Telegram wants none of the kind; zero or less where it does not mind.
    """

    wait_s: float
    held_s: float


class TurnRepository:
    """Gives out turns on PostgreSQL; a SQLite database has one process, which needs none."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def take(self, bucket: str, number: int, interval_s: float, kind: str) -> Turns:
        """Take so many turns, which nobody else gets then."""
        length = timedelta(seconds=number * interval_s)
        held_until = select(turns.c.free_at).where(turns.c.name == kind).scalar_subquery()
        statement = (
            update(turns)
            .where(turns.c.name == bucket)
            .values(free_at=func.greatest(turns.c.free_at, _NOW) + length)
            .returning(
                extract("epoch", turns.c.free_at - length - _NOW).label("wait_s"),
                extract("epoch", held_until - _NOW).label("held_s"),
            )
        )
        row = (await self._execute(statement)).one()
        return Turns(max(float(row.wait_s), 0.0), float(row.held_s))

    async def hold(self, kind: str, seconds: float) -> None:
        """Let nothing of the kind leave for so long, from whichever process."""
        until = _NOW + timedelta(seconds=seconds)
        statement = (
            update(turns)
            .where(turns.c.name == kind)
            .values(free_at=func.greatest(turns.c.free_at, until))
        )
        await self._execute(statement)

    async def _execute(self, statement: Executable) -> Result[Any]:
        """Let the server end the transaction with the statement.

        A process that freezes between the two would keep the row, and everybody else waiting.
        """
        async with self._engine.connect() as connection:
            at_once = await connection.execution_options(isolation_level="AUTOCOMMIT")
            return await at_once.execute(statement)
