"""Reminders that people switched on, one for each record they ask about."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NewType

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import DeliveryState
from bot.domain.reminders import Cover, Notice
from bot.storage.engine import reading, writing
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import reminder_notices, reminders

ReminderId = NewType("ReminderId", str)


@dataclass(frozen=True, slots=True)
class Reminder:
    """Of whom somebody is reminded."""

    id: ReminderId
    record_key: bytes
    last4: str


_COLUMNS = (reminders.c.id, reminders.c.record_key, reminders.c.last4)


class ReminderRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def add(  # noqa: PLR0913 - a row has so many columns
        self,
        subscriber_id: SubscriberId,
        record_key: bytes,
        last4: str,
        cover: Cover,
        told: Notice | None,
        *,
        on: date,
        as_of: date,
        most: int,
    ) -> bool:
        """Keep a reminder, once; False for somebody who has so many already.

        Args:
            cover: what the person has just been told.
            told: the step that goes without saying after that.
        """
        now, new_id = datetime.now(UTC), secrets.token_urlsafe(16)
        own = reminders.c.subscriber_id == subscriber_id
        new_row = self._insert(reminders).values(
            id=new_id,
            subscriber_id=subscriber_id,
            record_key=record_key,
            last4=last4,
            is_covered=cover.is_covered,
            ends_on=cover.ends_on,
            looked_on=on,
            as_of=as_of,
            created_at=now,
        )
        statement = new_row.on_conflict_do_nothing().returning(reminders.c.id)
        async with writing(self._engine) as connection:
            number = await connection.execute(
                select(func.count()).where(own, reminders.c.record_key != record_key)
            )
            if number.scalar_one() >= most:
                return False
            is_new = (await connection.execute(statement)).first() is not None
            if is_new and told is not None:
                await connection.execute(
                    insert(reminder_notices).values(
                        reminder_id=new_id,
                        kind=told.kind.value,
                        day=told.day,
                        subscriber_id=subscriber_id,
                        state=DeliveryState.SENT.value,
                        changed_at=now,
                    )
                )
        return True

    async def remove(self, reminder_id: ReminderId, subscriber_id: SubscriberId) -> None:
        """Forget a reminder and what it said; nothing happens where there is none."""
        statement = delete(reminders).where(
            reminders.c.id == reminder_id, reminders.c.subscriber_id == subscriber_id
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def get(self, reminder_id: ReminderId, subscriber_id: SubscriberId) -> Reminder | None:
        """Give the reminder if it belongs to the subscriber."""
        query = select(*_COLUMNS).where(
            reminders.c.id == reminder_id, reminders.c.subscriber_id == subscriber_id
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        return Reminder(**row) if row else None

    async def list_of(self, subscriber_id: SubscriberId) -> Sequence[Reminder]:
        """List a person's reminders, the oldest first."""
        query = (
            select(*_COLUMNS)
            .where(reminders.c.subscriber_id == subscriber_id)
            .order_by(reminders.c.created_at, reminders.c.id)
        )
        async with reading(self._engine) as connection:
            return [Reminder(**row) for row in (await connection.execute(query)).mappings()]
