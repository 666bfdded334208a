"""Removes many rows so that others who write get their turns in between."""

from sqlalchemy import ColumnElement, Table, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import writing

# About 50 ms.
_BATCH = 2_000


async def remove_rows(engine: AsyncEngine, table: Table, condition: ColumnElement[bool]) -> int:
    """Remove the rows of which the condition is true, in several transactions; give their number.

    Raises:
        SQLAlchemyError, OSError: the database failed; what was removed by then stays removed.
    """
    key = tuple(table.primary_key.columns)
    some = select(*key).where(condition).limit(_BATCH)
    statement = delete(table).where(tuple_(*key).in_(some))
    removed = 0
    while True:
        async with writing(engine) as connection:
            gone = (await connection.execute(statement)).rowcount
        removed += gone
        if gone < _BATCH:
            return removed
