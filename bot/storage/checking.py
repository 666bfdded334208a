"""Whether the people database answers."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import reading
from bot.storage.tables import subscribers


async def is_readable(engine: AsyncEngine) -> bool:
    """Read a row.

    Raises:
        SQLAlchemyError: the database does not answer.
    """
    async with reading(engine) as connection:
        await connection.execute(select(subscribers.c.id).limit(1))
    return True
