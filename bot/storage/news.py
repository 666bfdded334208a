"""What operators were told of broadcasts: a row is there before the message leaves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import BroadcastId
from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, reading, writing
from bot.storage.tables import news

log = get_logger(__name__)

# Longer than anything is news.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Item:
    """A change of a broadcast, at that instant, and one operator who is to hear of it."""

    broadcast_id: BroadcastId
    operator_id: int
    changed_at: datetime


class NewsRepository:
    """Of any number of processes one alone gets an item to tell."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def claim(self, item: Item) -> bool:
        """Take an item to tell it; False where somebody has told it or is at it."""
        statement = self._insert(news).values(
            broadcast_id=item.broadcast_id,
            operator_id=item.operator_id,
            changed_at=item.changed_at,
        )
        async with writing(self._engine) as connection:
            result = await connection.execute(statement.on_conflict_do_nothing())
        return result.rowcount > 0

    async def give_back(self, item: Item) -> None:
        """Let an item be told later: it surely was not."""
        statement = delete(news).where(
            news.c.broadcast_id == item.broadcast_id,
            news.c.operator_id == item.operator_id,
            news.c.changed_at == item.changed_at,
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def told(self, broadcast_id: BroadcastId, changed_at: datetime) -> set[int]:
        """Give who was told of a change."""
        query = select(news.c.operator_id).where(
            and_(news.c.broadcast_id == broadcast_id, news.c.changed_at == changed_at)
        )
        async with reading(self._engine) as connection:
            return set((await connection.execute(query)).scalars())

    async def purge(self) -> int:
        """Remove what is too old to be told again; give the number."""
        statement = delete(news).where(news.c.changed_at < datetime.now(UTC) - KEPT_FOR)
        try:
            async with writing(self._engine) as connection:
                return (await connection.execute(statement)).rowcount
        except DATABASE_FAILURES as error:
            log.error("news_not_purged", error=type(error).__name__)
            return 0
