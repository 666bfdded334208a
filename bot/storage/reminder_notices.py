"""What reminders told: who is looked at today, what is being sent, and what became of it.

A row of ``reminder_notices`` is ``sending`` in the database before its message leaves, and there is
one for each kind and day: nothing is told twice, and a crash leaves a row that says so.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    RowMapping,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.broadcasts import DeliveryState
from bot.domain.locales import Locale
from bot.domain.reminders import Cover, Notice
from bot.storage.engine import reading, writing
from bot.storage.purging import remove_rows
from bot.storage.reminders import Reminder, ReminderId
from bot.storage.subscribers import Subscriber, SubscriberId
from bot.storage.tables import reminder_notices, reminders, subscribers


@dataclass(frozen=True, slots=True)
class Place:
    """Where the way through all reminders has come to: by their end, those without one last."""

    ends_on: date | None
    id: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A reminder that is ours to look at until the lease ends.

    Attributes:
        last: what was found by the last look.
        looked_on: when that was; None where it is not known what was told since.
    """

    reminder: Reminder
    subscriber: Subscriber
    last: Cover
    looked_on: date | None
    token: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found.

    Attributes:
        cover: None where nothing is known, and all stays as it was.
        notices: what is to be told in one message, the first of them by name.
        is_silent: the notices count as told.
    """

    watched: Watched
    cover: Cover | None
    notices: Sequence[Notice] = ()
    is_silent: bool = False

    @property
    def is_to_be_sent(self) -> bool:
        return bool(self.notices) and not self.is_silent


@dataclass(frozen=True, slots=True)
class Batch:
    """Some reminders, and where to go on; None after the last ones."""

    watched: Sequence[Watched]
    place: Place | None


class NoticeRepository:
    """Every step is one transaction; any number of workers may take them.

    Args:
        lease_s: after so many seconds a claim whose owner was not heard of is given up.
    """

    def __init__(self, engine: AsyncEngine, lease_s: float) -> None:
        self._engine = engine
        self._lease = timedelta(seconds=lease_s)
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def claim(self, on: date, as_of: date, after: Place | None, number: int) -> Batch:
        """Take up to so many reminders that nobody has looked at on this day.

        One that was looked at in a later register than ours waits for that.
        """
        places = await self._places(_is_due(on, as_of), after, number)
        if not places:
            return Batch((), None)
        token, now = secrets.token_urlsafe(16), datetime.now(UTC)
        statement = (
            update(reminders)
            .where(reminders.c.id.in_([place.id for place in places]), _is_due(on, as_of))
            .values(token=token, lease_until=now + self._lease)
        )
        query = (
            select(
                reminders.c.id.label("reminder_id"),
                reminders.c.record_key,
                reminders.c.last4,
                reminders.c.is_covered,
                reminders.c.ends_on,
                reminders.c.looked_on,
                subscribers,
            )
            .join(subscribers, subscribers.c.id == reminders.c.subscriber_id)
            .where(reminders.c.token == token, reminders.c.id.in_([each.id for each in places]))
            .order_by(reminders.c.ends_on.is_(None), reminders.c.ends_on, reminders.c.id)
        )
        async with writing(self._engine) as connection:
            await connection.execute(statement)
            rows = (await connection.execute(query)).mappings().all()
        return Batch([_watched(row, token) for row in rows], places[-1])

    async def settle(self, looks: Sequence[Look], *, on: date, as_of: date) -> list[Look]:
        """Write what was found, and give those of which a message must leave now.

        What was told before is left out, and so are reminders that are not ours any more.
        """
        if not looks:
            return []
        now = datetime.now(UTC)
        async with writing(self._engine) as connection:
            query = select(reminders.c.id).where(_are_ours([look.watched for look in looks]))
            kept = set((await connection.execute(query.with_for_update())).scalars())
            looks = [look for look in looks if look.watched.reminder.id in kept]
            new = await self._tell(connection, looks, now)
            if looks:
                rows = [_found(look) for look in looks]
                await connection.execute(
                    _WRITE_FOUND, [{**row, "on": on, "of_day": as_of} for row in rows]
                )
        return [look for look in looks if look.is_to_be_sent and _first(look) in new]

    async def _tell(
        self, connection: AsyncConnection, looks: Sequence[Look], now: datetime
    ) -> set[tuple[str, str]]:
        """Write what is told now, and give what had not been."""
        told = [row for look in looks for row in self._told(look, now)]
        if not told:
            return set()
        statement = self._insert(reminder_notices).values(told).on_conflict_do_nothing()
        columns = reminder_notices.c.reminder_id, reminder_notices.c.kind
        rows = await connection.execute(statement.returning(*columns))
        return {(row.reminder_id, row.kind) for row in rows}

    def _told(self, look: Look, now: datetime) -> list[dict[str, object]]:
        """Give the rows of what a look tells; only the first one is sent."""
        rows: list[dict[str, object]] = []
        for number, notice in enumerate(look.notices):
            leaves = number == 0 and look.is_to_be_sent
            rows.append(
                {
                    "reminder_id": look.watched.reminder.id,
                    "kind": notice.kind.value,
                    "day": notice.day,
                    "subscriber_id": look.watched.subscriber.id,
                    "state": (DeliveryState.SENDING if leaves else DeliveryState.SENT).value,
                    "lease_until": now + self._lease if leaves else None,
                    "changed_at": now,
                }
            )
        return rows

    async def record(self, outcomes: Sequence[tuple[Look, DeliveryState]]) -> None:
        """Write what became of the messages; one that surely was not sent is looked at again."""
        now = datetime.now(UTC)
        async with writing(self._engine) as connection:
            for look, state in outcomes:
                if state is DeliveryState.PENDING:
                    await connection.execute(_untold(look))
                    await connection.execute(_unseen(look))
                else:
                    await connection.execute(_recorded(look, state, now))
                if state is DeliveryState.UNREACHABLE:
                    await connection.execute(
                        update(subscribers)
                        .where(
                            subscribers.c.id == look.watched.subscriber.id,
                            subscribers.c.inactive_since.is_(None),
                        )
                        .values(inactive_since=now)
                    )

    async def release(self, watched: Collection[Watched]) -> None:
        """Leave reminders to whoever looks next."""
        if not watched:
            return
        statement = update(reminders).where(_are_ours(watched)).values(token=None, lease_until=None)
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def give_up_expired(self) -> int:
        """Call the messages uncertain whose sender was not heard of again; give their number."""
        now = datetime.now(UTC)
        is_expired = and_(
            reminder_notices.c.state == DeliveryState.SENDING.value,
            reminder_notices.c.lease_until < now,
        )
        async with reading(self._engine) as connection:
            # To look does not keep writers waiting.
            if (await connection.execute(select(exists().where(is_expired)))).scalar_one() is False:
                return 0
        statement = (
            update(reminder_notices)
            .where(is_expired)
            .values(state=DeliveryState.UNCERTAIN.value, lease_until=None, changed_at=now)
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(statement)).rowcount

    async def purge(self, before: datetime) -> int:
        """Remove what was told earlier, long after the day it spoke of; give the number."""
        is_old = and_(
            reminder_notices.c.changed_at < before, reminder_notices.c.day < before.date()
        )
        return await remove_rows(self._engine, reminder_notices, is_old)

    async def _places(
        self, is_due: ColumnElement[bool], after: Place | None, number: int
    ) -> list[Place]:
        """Read the next reminders without keeping anybody waiting."""
        order = reminders.c.ends_on, reminders.c.id
        with_end: ColumnElement[bool] = reminders.c.ends_on.is_not(None)
        without_end: ColumnElement[bool] = reminders.c.ends_on.is_(None)
        parts = [with_end, without_end]
        if after is not None and after.ends_on is not None:
            parts[0] = with_end & (tuple_(*order) > _values(after))
        elif after is not None:
            parts = [without_end & (reminders.c.id > after.id)]
        found: list[Place] = []
        async with reading(self._engine) as connection:
            for part in parts:
                query = (
                    select(*order)
                    .join(subscribers, subscribers.c.id == reminders.c.subscriber_id)
                    .where(part, is_due, subscribers.c.inactive_since.is_(None))
                    .order_by(*order)
                    .limit(number - len(found))
                )
                found += [Place(*row) for row in await connection.execute(query)]
                if len(found) == number:
                    break
        return found


def _values(place: Place) -> ColumnElement[Any]:
    return tuple_(
        literal(place.ends_on, reminders.c.ends_on.type), literal(place.id, reminders.c.id.type)
    )


def _is_due(on: date, as_of: date) -> ColumnElement[bool]:
    return and_(
        reminders.c.looked_on.is_(None) | (reminders.c.looked_on < on),
        reminders.c.as_of <= as_of,
        reminders.c.lease_until.is_(None) | (reminders.c.lease_until < datetime.now(UTC)),
    )


def _are_ours(watched: Collection[Watched]) -> ColumnElement[bool]:
    return and_(
        reminders.c.id.in_([each.reminder.id for each in watched]),
        reminders.c.token.in_({each.token for each in watched}),
    )


_WRITE_FOUND = (
    update(reminders)
    .where(reminders.c.id == bindparam("of"))
    .values(
        is_covered=bindparam("new_is_covered"),
        ends_on=bindparam("new_ends_on"),
        looked_on=bindparam("on"),
        as_of=bindparam("of_day"),
        token=None,
        lease_until=None,
    )
)


def _found(look: Look) -> dict[str, object]:
    cover = look.cover or look.watched.last
    return {
        "of": look.watched.reminder.id,
        "new_is_covered": cover.is_covered,
        "new_ends_on": cover.ends_on,
    }


def _first(look: Look) -> tuple[str, str]:
    return look.watched.reminder.id, look.notices[0].kind.value


def _is_row(look: Look) -> ColumnElement[bool]:
    notice = look.notices[0]
    return and_(
        reminder_notices.c.reminder_id == look.watched.reminder.id,
        reminder_notices.c.kind == notice.kind.value,
        reminder_notices.c.day == notice.day,
    )


def _recorded(look: Look, state: DeliveryState, now: datetime) -> Update:
    # A message that was sent stays sent, whoever finds out what.
    is_open = reminder_notices.c.state == DeliveryState.SENDING.value
    where = _is_row(look) if state is DeliveryState.SENT else _is_row(look) & is_open
    return (
        update(reminder_notices)
        .where(where)
        .values(state=state.value, lease_until=None, changed_at=now)
    )


def _untold(look: Look) -> Delete:
    """Forget what was to be told, what goes without saying after it too."""
    kinds = [notice.kind.value for notice in look.notices]
    return delete(reminder_notices).where(
        reminder_notices.c.reminder_id == look.watched.reminder.id,
        reminder_notices.c.kind.in_(kinds),
        reminder_notices.c.day.in_({notice.day for notice in look.notices}),
    )


def _unseen(look: Look) -> Update:
    """Let it be as if nobody had looked."""
    last = look.watched.last
    return (
        update(reminders)
        .where(reminders.c.id == look.watched.reminder.id)
        .values(is_covered=last.is_covered, ends_on=last.ends_on, looked_on=look.watched.looked_on)
    )


def _watched(row: RowMapping, token: str) -> Watched:
    return Watched(
        Reminder(ReminderId(row["reminder_id"]), row["record_key"], row["last4"]),
        Subscriber(
            SubscriberId(row["id"]), Locale(row["locale"]), row["consent_version"], row["phone_key"]
        ),
        Cover(row["is_covered"], row["ends_on"]),
        row["looked_on"],
        token,
    )
