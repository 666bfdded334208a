"""Broadcasts in the people database; each step of their life is one conditional statement."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Insert,
    RowMapping,
    Select,
    Update,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience
from bot.domain.audit import Actor, Event, canonical
from bot.domain.broadcasts import (
    ENDED,
    LATE_AFTER,
    UNFINISHED,
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    Hours,
    PauseReason,
)
from bot.domain.locales import Locale
from bot.domain.wording import Wordings
from bot.storage.audiences import recipients
from bot.storage.audit import append
from bot.storage.engine import reading, utc, writing
from bot.storage.purging import remove_rows
from bot.storage.tables import broadcasts, deliveries

WORDINGS = TypeAdapter(Wordings)
AUDIENCE = TypeAdapter(Audience)
_TOTALS = TypeAdapter(dict[str, int])
_ACTIVE = (BroadcastState.SCHEDULED, BroadcastState.RUNNING)
_KINDS = (deliveries.c.state, deliveries.c.withdrawal)
_FORGOTTEN = (BroadcastState.AWAITING_APPROVAL, BroadcastState.PAUSED)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One campaign.

    Attributes:
        author, approver: Telegram ids of operators.
        recipients: how many there were when it was confirmed; None before.
        changed_at: when its state last changed.
        withdrawn_at: when an operator asked to delete what was sent.
    """

    id: BroadcastId
    author: int
    approver: int | None
    state: BroadcastState
    pause_reason: PauseReason | None
    wordings: Wordings
    audience: Audience
    choices: Choices
    recipients: int | None
    changed_at: datetime
    withdrawn_at: datetime | None


class NoRecipientsError(Exception):
    """There is nobody in the audience."""


class TooManyRecipientsError(Exception):
    """There are more than may be written to without an approval."""


class MissingWordingError(Exception):
    """Some recipients' languages have no wording, and there is nothing to fall back on."""

    def __init__(self, locales: Collection[Locale]) -> None:
        super().__init__(f"there is no wording for {', '.join(locales)}")
        self.locales = tuple(locales)


def pausing_those_of(operator_id: int) -> Update:
    """Pause what an operator wrote or let out: a claim looks at the state, so no batch follows."""
    is_theirs = (broadcasts.c.author == operator_id) | (broadcasts.c.approver == operator_id)
    return (
        update(broadcasts)
        .where(is_theirs, broadcasts.c.state.in_(_ACTIVE))
        .values(
            state=BroadcastState.PAUSED.value,
            pause_reason=PauseReason.REVOKED.value,
            changed_at=datetime.now(UTC),
        )
    )


class BroadcastRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def add(
        self, nonce: str, author: int, wordings: Wordings, audience: Audience, choices: Choices
    ) -> BroadcastId:
        """Keep a draft; the same nonce again gives the same broadcast, as it was."""
        now = datetime.now(UTC)
        statement = self._insert(broadcasts).values(
            nonce=nonce,
            author=author,
            state=BroadcastState.DRAFT.value,
            wordings=WORDINGS.dump_json(wordings).decode(),
            audience=AUDIENCE.dump_json(audience).decode(),
            starts_at=choices.starts_at_utc,
            opens=choices.hours.opens if choices.hours else None,
            closes=choices.hours.closes if choices.hours else None,
            rather_twice=choices.rather_twice,
            is_paid=choices.is_paid,
            created_at=now,
            changed_at=now,
        )
        query = select(broadcasts.c.id).where(broadcasts.c.nonce == nonce)
        async with writing(self._engine) as connection:
            await connection.execute(statement.on_conflict_do_nothing(index_elements=["nonce"]))
            return BroadcastId((await connection.execute(query)).scalar_one())

    async def get(self, broadcast_id: BroadcastId) -> Broadcast | None:
        found = await self._list(broadcasts.c.id == broadcast_id)
        return found[0] if found else None

    async def list_active(self, withdrawn_since: datetime) -> list[Broadcast]:
        """List by one query all that a worker may have to do with, the oldest first.

        These are scheduled or running, or their messages are to be deleted, asked for since then.
        """
        return await self._list(
            broadcasts.c.state.in_(_ACTIVE) | (broadcasts.c.withdrawn_at >= withdrawn_since)
        )

    async def history(self, before: int | None, size: int) -> list[Broadcast]:
        """List the broadcasts before one, or the last ones, newest first; drafts are left out."""
        query = (
            select(broadcasts)
            .where(broadcasts.c.state != BroadcastState.DRAFT)
            .order_by(broadcasts.c.id.desc())
            .limit(size)
        )
        if before is not None:
            query = query.where(broadcasts.c.id < before)
        async with reading(self._engine) as connection:
            return [broadcast_of(row) for row in (await connection.execute(query)).mappings()]

    async def list_news(self, since: datetime) -> list[tuple[BroadcastId, datetime]]:
        """List what paused by itself or ended since then, with when it did."""
        has_paused = (broadcasts.c.state == BroadcastState.PAUSED) & (
            broadcasts.c.pause_reason != PauseReason.OPERATOR
        )
        # What was stopped before its confirmation has nobody to report on.
        has_ended = broadcasts.c.state.in_(ENDED) & broadcasts.c.recipients.is_not(None)
        query = select(broadcasts.c.id, broadcasts.c.changed_at).where(
            has_paused | has_ended, broadcasts.c.changed_at > since
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [(BroadcastId(row.id), utc(row.changed_at)) for row in rows]

    async def count(self, audience: Audience) -> dict[Locale, int]:
        """Count the people of an audience exactly, by language."""
        found = recipients(audience, datetime.now(UTC)).subquery()
        query = select(found.c.locale, func.count()).group_by(found.c.locale)
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return {Locale(locale): number for locale, number in rows}

    async def confirm(
        self, broadcast_id: BroadcastId, state: BroadcastState, at_most: int | None = None
    ) -> int | None:
        """Write down every recipient of a draft and move it on; give their number.

        None for a broadcast that is no draft any more, as after a first press of two. The audit log
        has it as done by the author, to whom alone a draft is open.

        Raises:
            NoRecipientsError: there is nobody; it stays a draft.
            MissingWordingError: somebody would get nothing; it stays a draft.
            TooManyRecipientsError: there are more than *at_most*; it stays a draft.
        """
        now = datetime.now(UTC)
        at_once = broadcasts.c.starts_at <= broadcasts.c.created_at
        step = (
            update(broadcasts)
            .where(broadcasts.c.id == broadcast_id, broadcasts.c.state == BroadcastState.DRAFT)
            .values(
                state=state.value,
                changed_at=now,
                starts_at=case((at_once, now), else_=broadcasts.c.starts_at),
            )
            .returning(broadcasts.c.author, broadcasts.c.audience, broadcasts.c.wordings)
        )
        counts = (
            select(deliveries.c.locale, func.count().label("people"))
            .where(deliveries.c.broadcast_id == broadcast_id)
            .group_by(deliveries.c.locale)
        )
        async with writing(self._engine) as connection:
            draft = (await connection.execute(step)).first()
            if draft is None:
                return None
            audience = AUDIENCE.validate_json(draft.audience)
            if at_most is not None:
                # To count is a fraction of writing them all down for nothing.
                found = select(func.count()).select_from(recipients(audience, now).subquery())
                if (await connection.execute(found)).scalar_one() > at_most:
                    raise TooManyRecipientsError
            await connection.execute(_materialise(broadcast_id, audience, now))
            rows = (await connection.execute(counts)).all()
            number: dict[str, int] = {row.locale: row.people for row in rows}
            if not number:
                raise NoRecipientsError
            missing = WORDINGS.validate_json(draft.wordings).missing(map(Locale, number))
            if missing:
                raise MissingWordingError(missing)
            total = sum(number.values())
            await connection.execute(
                update(broadcasts).where(broadcasts.c.id == broadcast_id).values(recipients=total)
            )
            action = "broadcast_handed_over"
            if state is BroadcastState.SCHEDULED:
                action = "broadcast_confirmed"
            await append(connection, _event(draft.author, action, broadcast_id, recipients=total))
        return total

    async def move(
        self,
        broadcast_id: BroadcastId,
        sources: Collection[BroadcastState],
        target: BroadcastState,
        event: Event | None = None,
        **columns: object,
    ) -> bool:
        """Change the state where it is one of *sources*, and log the event; tell whether it was."""
        return await self._update(broadcast_id, sources, event, state=target.value, **columns)

    async def approve(self, broadcast_id: BroadcastId, approver: int) -> bool:
        """Let out what somebody else wrote."""
        statement = (
            update(broadcasts)
            .where(
                broadcasts.c.id == broadcast_id,
                broadcasts.c.state == BroadcastState.AWAITING_APPROVAL,
                broadcasts.c.author != approver,
            )
            .values(
                state=BroadcastState.SCHEDULED.value,
                approver=approver,
                changed_at=datetime.now(UTC),
            )
        )
        return await self._log_done(statement, _event(approver, "broadcast_approved", broadcast_id))

    async def decline(self, broadcast_id: BroadcastId, by: int) -> bool:
        """Make a draft again of what somebody else wrote; its recipients are found anew later."""
        now = datetime.now(UTC)
        was_at_once = broadcasts.c.starts_at <= broadcasts.c.changed_at
        statement = (
            update(broadcasts)
            .where(
                broadcasts.c.id == broadcast_id,
                broadcasts.c.state == BroadcastState.AWAITING_APPROVAL,
                broadcasts.c.author != by,
            )
            .values(
                state=BroadcastState.DRAFT.value,
                recipients=None,
                changed_at=now,
                starts_at=case(
                    (was_at_once, broadcasts.c.created_at), else_=broadcasts.c.starts_at
                ),
            )
        )
        async with writing(self._engine) as connection:
            has_happened = (await connection.execute(statement)).rowcount > 0
            if has_happened:
                await connection.execute(
                    delete(deliveries).where(deliveries.c.broadcast_id == broadcast_id)
                )
                await append(connection, _event(by, "broadcast_declined", broadcast_id))
            return has_happened

    async def resume(self, broadcast_id: BroadcastId, by: int) -> bool:
        """Go on after a pause; one whose time has not come waits for it.

        Where a role was lost, whoever lets out what somebody else wrote is its approver from now.
        """
        goes_on = case(
            (broadcasts.c.starts_at > datetime.now(UTC), BroadcastState.SCHEDULED.value),
            else_=BroadcastState.RUNNING.value,
        )
        takes_over = and_(
            broadcasts.c.pause_reason == PauseReason.REVOKED, broadcasts.c.author != by
        )
        return await self._update(
            broadcast_id,
            [BroadcastState.PAUSED],
            _event(by, "broadcast_resumed", broadcast_id),
            state=goes_on,
            pause_reason=None,
            approver=case((takes_over, by), else_=broadcasts.c.approver),
        )

    async def ask_withdrawal(self, broadcast_id: BroadcastId, event: Event | None = None) -> bool:
        """Note that what an ended broadcast has sent is to be deleted; tell whether it was new."""
        statement = (
            update(broadcasts)
            .where(
                broadcasts.c.id == broadcast_id,
                broadcasts.c.state.in_(ENDED),
                broadcasts.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=datetime.now(UTC))
        )
        return await self._log_done(statement, event)

    async def begin_due(self, now: datetime) -> None:
        """Let those begin whose time has come, and pause those whose time is long gone."""
        is_due = (broadcasts.c.state == BroadcastState.SCHEDULED, broadcasts.c.starts_at <= now)
        # One that was approved or resumed after its time is not late: somebody wanted it so.
        is_late = (
            broadcasts.c.starts_at <= now - LATE_AFTER,
            broadcasts.c.changed_at <= now - LATE_AFTER,
        )
        late = {"state": BroadcastState.PAUSED.value, "pause_reason": PauseReason.LATE.value}
        async with writing(self._engine) as connection:
            await connection.execute(
                update(broadcasts).where(*is_due, *is_late).values(**late, changed_at=now)
            )
            await connection.execute(
                update(broadcasts)
                .where(*is_due)
                .values(state=BroadcastState.RUNNING.value, changed_at=now)
            )

    async def finish(self, broadcast_id: BroadcastId) -> bool:
        """End one with nobody left to send to; tell whether it ended now."""
        is_left = exists().where(
            deliveries.c.broadcast_id == broadcast_id, deliveries.c.state.in_(UNFINISHED)
        )
        statement = (
            update(broadcasts)
            .where(
                broadcasts.c.id == broadcast_id,
                broadcasts.c.state == BroadcastState.RUNNING,
                ~is_left,
            )
            .values(state=BroadcastState.DONE.value, changed_at=datetime.now(UTC))
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def progress(self, broadcast_id: BroadcastId) -> Mapping[str, int]:
        """Count the deliveries by state, and those withdrawn as ``withdrawal_done`` and so on."""
        query = select(broadcasts.c.totals, broadcasts.c.withdrawn_at).where(
            broadcasts.c.id == broadcast_id
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).first()
            if row is not None and row.totals is not None:
                return _TOTALS.validate_json(row.totals)
            # By state alone the index is enough, which is ten times faster.
            is_withdrawn = row is not None and row.withdrawn_at is not None
            kinds = _KINDS if is_withdrawn else _KINDS[:1]
            rows = (await connection.execute(_counts(broadcast_id, kinds))).all()
        return _summed(rows)

    async def purge(self, before: datetime) -> int:
        """Reduce what ended before the instant to totals; give the number of rows removed."""
        has_rows = exists().where(deliveries.c.broadcast_id == broadcasts.c.id)
        ended = select(broadcasts.c.id).where(
            broadcasts.c.state.in_(ENDED),
            broadcasts.c.changed_at < before,
            broadcasts.c.totals.is_(None) | has_rows,
        )
        removed = 0
        async with writing(self._engine) as connection:
            # Nobody will let it go on, and its rows are personal.
            await connection.execute(
                update(broadcasts)
                .where(broadcasts.c.state.in_(_FORGOTTEN), broadcasts.c.changed_at < before)
                .values(state=BroadcastState.STOPPED.value)
            )
        async with reading(self._engine) as connection:
            old = (await connection.execute(ended)).scalars().all()
        for number in old:
            removed += await self._reduce(BroadcastId(number))
        return removed

    async def _reduce(self, broadcast_id: BroadcastId) -> int:
        async with writing(self._engine) as connection:
            totals = _summed((await connection.execute(_counts(broadcast_id, _KINDS))).all())
            await connection.execute(
                update(broadcasts)
                .where(broadcasts.c.id == broadcast_id, broadcasts.c.totals.is_(None))
                .values(totals=_TOTALS.dump_json(totals).decode())
            )
        return await remove_rows(
            self._engine, deliveries, deliveries.c.broadcast_id == broadcast_id
        )

    async def _update(
        self,
        broadcast_id: BroadcastId,
        sources: Collection[BroadcastState],
        event: Event | None,
        **columns: object,
    ) -> bool:
        statement = (
            update(broadcasts)
            .where(broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(sources))
            .values(changed_at=datetime.now(UTC), **columns)
        )
        return await self._log_done(statement, event)

    async def _log_done(self, statement: Update, event: Event | None) -> bool:
        """Take a step, and write in the same transaction who took it; tell whether it was one."""
        async with writing(self._engine) as connection:
            has_happened = (await connection.execute(statement)).rowcount > 0
            if has_happened and event is not None:
                await append(connection, event)
            return has_happened

    async def _list(self, condition: ColumnElement[bool]) -> list[Broadcast]:
        query = select(broadcasts).where(condition).order_by(broadcasts.c.id)
        async with reading(self._engine) as connection:
            return [broadcast_of(row) for row in (await connection.execute(query)).mappings()]


def _event(by: int, action: str, broadcast_id: BroadcastId, **details: int) -> Event:
    values = canonical({"broadcast": broadcast_id, **details})
    return Event(datetime.now(UTC), Actor(str(by)), action, values)


def _materialise(broadcast_id: BroadcastId, audience: Audience, now: datetime) -> Insert:
    found = recipients(audience, now).subquery()
    columns = {
        deliveries.c.broadcast_id: literal(broadcast_id),
        deliveries.c.subscriber_id: found.c.id,
        deliveries.c.locale: found.c.locale,
        deliveries.c.reply_to: found.c.reply_to,
        deliveries.c.state: literal(DeliveryState.PENDING.value),
        deliveries.c.attempt: literal(0),
        deliveries.c.changed_at: literal(now, deliveries.c.changed_at.type),
    }
    chosen = select(*columns.values()).select_from(found)
    return insert(deliveries).from_select([column.name for column in columns], chosen)


def _counts(broadcast_id: BroadcastId, kinds: Sequence[ColumnElement[Any]]) -> Select[Any]:
    return (
        select(*kinds, func.count())
        .where(deliveries.c.broadcast_id == broadcast_id)
        .group_by(*kinds)
    )


def _summed(rows: Collection[Any]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for state, *withdrawal, number in rows:
        totals[state] += number
        if any(withdrawal):
            totals[f"withdrawal_{withdrawal[0]}"] += number
    return dict(totals)


def broadcast_of(row: RowMapping) -> Broadcast:
    """Read a row."""
    hours = Hours(row["opens"], row["closes"]) if row["opens"] is not None else None
    return Broadcast(
        id=BroadcastId(row["id"]),
        author=row["author"],
        approver=row["approver"],
        state=BroadcastState(row["state"]),
        pause_reason=PauseReason(row["pause_reason"]) if row["pause_reason"] else None,
        wordings=WORDINGS.validate_json(row["wordings"]),
        audience=AUDIENCE.validate_json(row["audience"]),
        choices=Choices(utc(row["starts_at"]), hours, row["rather_twice"], row["is_paid"]),
        recipients=row["recipients"],
        changed_at=utc(row["changed_at"]),
        withdrawn_at=utc(row["withdrawn_at"]) if row["withdrawn_at"] else None,
    )
