"""Subscribers in the people database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

from sqlalchemy import RowMapping, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import DeliveryState
from bot.domain.locales import Locale
from bot.storage.broadcasts import AUDIENCE
from bot.storage.engine import reading, utc, writing
from bot.storage.tables import broadcasts, deliveries, subscribers

SubscriberId = NewType("SubscriberId", int)
_COLUMNS = (
    subscribers.c.locale,
    subscribers.c.consent_version,
    subscribers.c.phone_key,
    subscribers.c.inactive_since,
    subscribers.c.accepts_broadcasts,
)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A resident who talks with the bot, by Telegram id.

    Attributes:
        consent_version: the privacy notice agreed to; 0 for none.
        phone_key: key of the proved phone.
        is_active: can be written to, as far as is known.
        accepts_broadcasts: wants to hear from operators by themselves.
    """

    id: SubscriberId
    locale: Locale
    consent_version: int = 0
    phone_key: bytes | None = None
    is_active: bool = True
    accepts_broadcasts: bool = True


class SubscriberRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def get(self, subscriber_id: SubscriberId) -> Subscriber | None:
        query = select(*_COLUMNS).where(subscribers.c.id == subscriber_id)
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        return _subscriber(subscriber_id, row) if row else None

    async def changed_at(self, subscriber_id: SubscriberId) -> datetime | None:
        """Give when the subscriber was added or last changed; None for somebody not kept."""
        query = select(subscribers.c.changed_at).where(subscribers.c.id == subscriber_id)
        async with reading(self._engine) as connection:
            changed_at = (await connection.execute(query)).scalar_one_or_none()
        return None if changed_at is None else utc(changed_at)

    async def change(self, subscriber_id: SubscriberId, **columns: object) -> Subscriber | None:
        """Change these columns alone, whatever else has changed meanwhile.

        Gives the subscriber as it is then; None for somebody who is not kept.
        """
        statement = (
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(**columns, changed_at=datetime.now(UTC))
            .returning(*_COLUMNS)
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(statement)).mappings().first()
        return _subscriber(subscriber_id, row) if row else None

    async def note_presence(self, subscriber_id: SubscriberId, *, is_here: bool) -> None:
        """Write that somebody can be written to, or cannot; nothing where it is known already."""
        is_active = subscribers.c.inactive_since.is_(None)
        statement = (
            update(subscribers)
            .where(subscribers.c.id == subscriber_id, ~is_active if is_here else is_active)
            .values(inactive_since=None if is_here else datetime.now(UTC))
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def leave_out(self, subscriber_id: SubscriberId) -> None:
        """Take somebody out of broadcasts that have not got so far, save corrections."""
        is_waiting = and_(
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.state == DeliveryState.PENDING,
        )
        query = (
            select(broadcasts.c.id, broadcasts.c.audience)
            .join(deliveries, deliveries.c.broadcast_id == broadcasts.c.id)
            .where(is_waiting)
        )
        async with writing(self._engine) as connection:
            rows = (await connection.execute(query)).all()
            audiences = {row.id: AUDIENCE.validate_json(row.audience) for row in rows}
            others = [each for each, of in audiences.items() if of.answered_from is None]
            await connection.execute(
                update(deliveries)
                .where(is_waiting, deliveries.c.broadcast_id.in_(others))
                .values(
                    state=DeliveryState.UNREACHABLE.value,
                    error="wants no messages",
                    changed_at=datetime.now(UTC),
                )
            )

    async def add(self, newcomer: Subscriber) -> None:
        """Keep somebody new; nothing happens to one who is kept already."""
        statement = self._insert(subscribers).values(
            id=newcomer.id,
            locale=newcomer.locale.value,
            consent_version=newcomer.consent_version,
            phone_key=newcomer.phone_key,
            changed_at=datetime.now(UTC),
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement.on_conflict_do_nothing())

    async def delete(self, subscriber_id: SubscriberId) -> None:
        """Erase the subscriber; answers go with the row."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))


def _subscriber(subscriber_id: SubscriberId, row: RowMapping) -> Subscriber:
    return Subscriber(
        subscriber_id,
        Locale(row["locale"]),
        row["consent_version"],
        row["phone_key"],
        row["inactive_since"] is None,
        row["accepts_broadcasts"],
    )
