"""Subscribers in the people database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.storage.engine import reading
from bot.storage.tables import subscribers

SubscriberId = NewType("SubscriberId", int)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A resident who talks with the bot, by Telegram id.

    Attributes:
        consent_version: the privacy notice agreed to; 0 for none.
        phone_key: keyed hash of the proved phone.
    """

    id: SubscriberId
    locale: Locale
    consent_version: int = 0
    phone_key: bytes | None = None


class SubscriberRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def get(self, subscriber_id: SubscriberId) -> Subscriber | None:
        query = select(
            subscribers.c.locale, subscribers.c.consent_version, subscribers.c.phone_key
        ).where(subscribers.c.id == subscriber_id)
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return Subscriber(subscriber_id, Locale(row.locale), row.consent_version, row.phone_key)

    async def save(self, subscriber: Subscriber) -> Subscriber:
        values = {
            "locale": subscriber.locale.value,
            "consent_version": subscriber.consent_version,
            "phone_key": subscriber.phone_key,
            "changed_at": datetime.now(UTC),
        }
        statement = self._insert(subscribers).values(id=subscriber.id, **values)
        async with self._engine.begin() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["id"], set_=values)
            )
        return subscriber

    async def delete(self, subscriber_id: SubscriberId) -> None:
        """Erase the subscriber; answers go with the row."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))
