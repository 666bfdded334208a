"""Numbers of a broadcast for its report: counted in the database, never a row of one person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, String, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import BroadcastId, DeliveryState
from bot.domain.locales import Locale
from bot.storage.deliveries import is_to_withdraw
from bot.storage.engine import reading
from bot.storage.tables import broadcasts, deliveries

_MINUTE = "%Y-%m-%d %H:%M"
_MINUTE_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients of whom the same is known.

    Attributes:
        error: in Telegram's words.
        minute: when it was found out, an aware UTC instant; of those who still wait when they began
            to.
    """

    locale: Locale
    state: DeliveryState
    error: str | None
    minute: datetime
    people: int


class ReportRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def groups(self, broadcast_id: BroadcastId) -> list[Group]:
        """Count the recipients by language, state, error and minute; none after ninety days."""
        minute = self._minute()
        kinds = (deliveries.c.locale, deliveries.c.state, deliveries.c.error, minute)
        query = (
            select(*kinds, func.count())
            .where(deliveries.c.broadcast_id == broadcast_id)
            .group_by(*kinds)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [
            Group(
                Locale(locale),
                DeliveryState(state),
                error,
                datetime.strptime(at, _MINUTE).replace(tzinfo=UTC),
                people,
            )
            for locale, state, error, at, people in rows
        ]

    async def deletable(self, broadcast_id: BroadcastId, sent_after: datetime) -> int:
        """Count the messages that can still be deleted for everyone."""
        query = (
            select(func.count())
            .select_from(deliveries)
            .where(is_to_withdraw(broadcast_id, sent_after))
        )
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).scalar_one()

    async def sent(self, ids: Collection[BroadcastId]) -> dict[BroadcastId, int]:
        """Count the messages sent of several broadcasts; those reduced to totals are left out."""
        query = (
            select(deliveries.c.broadcast_id, func.count())
            .join(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)
            .where(
                deliveries.c.broadcast_id.in_(ids),
                deliveries.c.state == DeliveryState.SENT,
                broadcasts.c.totals.is_(None),
            )
            .group_by(deliveries.c.broadcast_id)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {BroadcastId(broadcast_id): number for broadcast_id, number in rows}

    def _minute(self) -> ColumnElement[str]:
        if self._engine.dialect.name == "postgresql":
            utc = func.timezone("UTC", deliveries.c.changed_at)
            return func.to_char(utc, "YYYY-MM-DD HH24:MI")
        # SQLite keeps instants as text in UTC.
        return func.substr(type_coerce(deliveries.c.changed_at, String), 1, _MINUTE_LETTERS)
