"""Which administrator was told of which generation: a row is there before the message leaves."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, writing
from bot.storage.tables import register_news

log = get_logger(__name__)

# Longer than any generation is in use.
KEPT_FOR = timedelta(days=366)


class RegisterNewsRepository:
    """Of any number of processes one alone gets to tell an administrator of a generation."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def claim(self, generation: str, operator_id: int) -> bool:
        """Take it to tell; False where somebody has told it or is at it."""
        statement = self._insert(register_news).values(
            generation=generation, operator_id=operator_id, told_at=datetime.now(UTC)
        )
        async with writing(self._engine) as connection:
            result = await connection.execute(statement.on_conflict_do_nothing())
        return result.rowcount > 0

    async def give_back(self, generation: str, operator_id: int) -> None:
        """Let it be told later: it surely was not."""
        statement = delete(register_news).where(
            register_news.c.generation == generation,
            register_news.c.operator_id == operator_id,
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def purge(self) -> int:
        """Remove what is too old to be told again; give the number."""
        statement = delete(register_news).where(
            register_news.c.told_at < datetime.now(UTC) - KEPT_FOR
        )
        try:
            async with writing(self._engine) as connection:
                return (await connection.execute(statement)).rowcount
        except DATABASE_FAILURES as error:
            log.error("register_news_not_purged", error=type(error).__name__)
            return 0
