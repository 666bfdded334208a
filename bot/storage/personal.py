"""Everything that the people database keeps about one person, whatever tables there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import reading
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import metadata, operators, subscribers

_OWN_IDS = frozenset({subscribers.c.id, operators.c.id})
Rows = Sequence[Mapping[str, Any]]


def personal_columns() -> Mapping[str, Column[Any]]:
    """Give, for each table about people, the column with their Telegram id.

    What operators did in their office, the audit log and the broadcasts, is not about them.
    """
    return {
        table.name: column
        for table in metadata.sorted_tables
        for column in table.c
        if column.references(subscribers.c.id) or column in _OWN_IDS
    }


class PersonalRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def rows(self, subscriber_id: SubscriberId) -> dict[str, Rows]:
        """Read every column of every row about the person, by table."""
        async with reading(self._engine) as connection:
            return {
                name: [
                    dict(row)
                    for row in (
                        await connection.execute(
                            select(column.table).where(column == subscriber_id)
                        )
                    ).mappings()
                ]
                for name, column in personal_columns().items()
            }
