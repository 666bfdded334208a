"""Which message of an operator shows which broadcast, so that it goes on after a restart."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import BroadcastId
from bot.domain.locales import Locale
from bot.storage.engine import reading, writing
from bot.storage.tables import boards


@dataclass(frozen=True, slots=True)
class Board:
    """A message in the private chat of an operator."""

    operator_id: int
    message_id: int
    broadcast_id: BroadcastId
    locale: Locale


class BoardRepository:
    """Keeps one board an operator: the card that was opened last."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def keep(self, board: Board) -> None:
        """Remember a board that was drawn just now, in place of the operator's earlier one."""
        drawn = {
            "message_id": board.message_id,
            "broadcast_id": board.broadcast_id,
            "locale": board.locale.value,
            "edited_at": datetime.now(UTC),
        }
        statement = self._insert(boards).values(operator_id=board.operator_id, **drawn)
        async with writing(self._engine) as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["operator_id"], set_=drawn)
            )

    async def drop(self, operator_id: int, message_id: int) -> None:
        """Forget a board; nothing where the operator's board is another message."""
        is_it = and_(boards.c.operator_id == operator_id, boards.c.message_id == message_id)
        async with reading(self._engine) as connection:
            # Most messages are none, and to look does not keep writers waiting.
            if (await connection.execute(select(boards.c.message_id).where(is_it))).first() is None:
                return
        async with writing(self._engine) as connection:
            await connection.execute(delete(boards).where(is_it))

    async def list_due(self, every: timedelta) -> list[Board]:
        """List the boards that were not edited for so long."""
        query = select(boards).where(boards.c.edited_at <= datetime.now(UTC) - every)
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [
            Board(
                row.operator_id,
                row.message_id,
                BroadcastId(row.broadcast_id),
                Locale(row.locale),
            )
            for row in rows
        ]

    async def claim(self, board: Board, every: timedelta) -> bool:
        """Take the turn to edit a board, which comes once in so long whoever asks."""
        now = datetime.now(UTC)
        statement = (
            update(boards)
            .where(_is(board), boards.c.edited_at <= now - every)
            .values(edited_at=now)
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(statement)).rowcount > 0


def _is(board: Board) -> ColumnElement[bool]:
    return and_(
        boards.c.operator_id == board.operator_id,
        boards.c.message_id == board.message_id,
        boards.c.broadcast_id == board.broadcast_id,
    )
