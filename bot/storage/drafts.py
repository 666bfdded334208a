"""Drafts of broadcasts: the same row as the broadcast, and on which card it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import BroadcastId, BroadcastState, DeliveryState, Hours
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.locales import Locale
from bot.domain.wording import Wordings
from bot.storage.answers import KEPT_FOR
from bot.storage.audiences import can_be_written_to
from bot.storage.broadcasts import AUDIENCE, WORDINGS, Broadcast, broadcast_of
from bot.storage.engine import reading, utc, writing
from bot.storage.tables import answers, broadcasts, deliveries, drafts, subscribers

_SOURCES = TypeAdapter(dict[Locale, int])
_MOST_UNCERTAIN = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast that its author may still change.

    Attributes:
        is_at_once: begins with the confirmation; otherwise at ``broadcast.choices.starts_at``.
        card: the message in the author's chat on which it is written.
        sources: the author's message that became the wording of a language.
    """

    broadcast: Broadcast
    is_at_once: bool
    card: int | None
    awaited: Awaited | None
    sources: Mapping[Locale, int]

    @property
    def id(self) -> BroadcastId:
        return self.broadcast.id

    @property
    def audience(self) -> Audience:
        return self.broadcast.audience

    @property
    def wordings(self) -> Wordings:
        return self.broadcast.wordings


@dataclass(frozen=True, slots=True)
class GivenFrom:
    """What answers of the last thirty days were made of.

    Attributes:
        people: who would hear of a correction.
        first, last: aware UTC instants of such answers.
    """

    origin: Origin
    people: int
    first: datetime
    last: datetime


class DraftRepository:
    """Every change is refused by the statement itself once the broadcast is no draft any more."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def get(self, broadcast_id: BroadcastId) -> Draft | None:
        return next(iter(await self._list(broadcasts.c.id == broadcast_id)), None)

    async def all_of(self, author: int) -> list[Draft]:
        """List the drafts of an author, the newest first."""
        return await self._list(broadcasts.c.author == author)

    async def awaiting_authors(self) -> frozenset[int]:
        """Give whose next message belongs to a draft."""
        query = (
            select(broadcasts.c.author)
            .join(drafts, drafts.c.broadcast_id == broadcasts.c.id)
            .where(broadcasts.c.state == BroadcastState.DRAFT, drafts.c.awaits.is_not(None))
        )
        async with reading(self._engine) as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def place(self, draft: Draft, card: int | None, awaited: Awaited | None) -> None:
        """Note the card and what the next message will be; no other draft of the author waits."""
        values = {"card": card, "awaits": _packed(awaited)}
        statement = self._insert(drafts).values(
            broadcast_id=draft.id,
            sources=_SOURCES.dump_json(dict(draft.sources)).decode(),
            **values,
        )
        own = select(broadcasts.c.id).where(broadcasts.c.author == draft.broadcast.author)
        async with writing(self._engine) as connection:
            await connection.execute(
                update(drafts)
                .where(drafts.c.broadcast_id.in_(own), drafts.c.broadcast_id != draft.id)
                .values(awaits=None)
            )
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["broadcast_id"], set_=values)
            )

    async def note_source(self, draft: Draft, locale: Locale, message_id: int) -> None:
        """Note which message of the author is the wording of a language."""
        sources = {**draft.sources, locale: message_id}
        await self._execute(
            update(drafts)
            .where(drafts.c.broadcast_id == draft.id)
            .values(sources=_SOURCES.dump_json(sources).decode())
        )

    async def change_wordings(self, broadcast_id: BroadcastId, wordings: Wordings) -> bool:
        return await self._change(broadcast_id, wordings=WORDINGS.dump_json(wordings).decode())

    async def change_audience(self, broadcast_id: BroadcastId, audience: Audience) -> bool:
        return await self._change(broadcast_id, audience=AUDIENCE.dump_json(audience).decode())

    async def change_start(self, broadcast_id: BroadcastId, start: datetime | None) -> bool:
        """Let it begin at an instant, or with the confirmation."""
        return await self._change(
            broadcast_id, starts_at=broadcasts.c.created_at if start is None else start
        )

    async def change_hours(self, broadcast_id: BroadcastId, hours: Hours | None) -> bool:
        return await self._change(
            broadcast_id,
            opens=hours.opens if hours else None,
            closes=hours.closes if hours else None,
        )

    async def change_flag(self, broadcast_id: BroadcastId, **flag: bool) -> bool:
        """Change ``rather_twice`` or ``is_paid``."""
        return await self._change(broadcast_id, **flag)

    async def discard(self, broadcast_id: BroadcastId) -> bool:
        """Remove a draft; tell whether it was one."""
        return await self._execute(
            delete(broadcasts).where(
                broadcasts.c.id == broadcast_id, broadcasts.c.state == BroadcastState.DRAFT
            )
        )

    async def uncertain(self) -> list[tuple[BroadcastId, int]]:
        """List the last broadcasts with recipients of whom nobody knows, with their number."""
        # Broadcast by broadcast: the ledger of all of them has no index by state alone.
        people = (
            select(func.count())
            .where(
                deliveries.c.broadcast_id == broadcasts.c.id,
                deliveries.c.state == DeliveryState.UNCERTAIN,
            )
            .scalar_subquery()
        )
        counted = (
            select(broadcasts.c.id, people.label("people"))
            .where(broadcasts.c.state != BroadcastState.DRAFT, broadcasts.c.totals.is_(None))
            .subquery()
        )
        query = (
            select(counted.c.id, counted.c.people)
            .where(counted.c.people > 0)
            .order_by(counted.c.id.desc())
            .limit(_MOST_UNCERTAIN)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [(BroadcastId(number), people) for number, people in rows]

    async def given_from(self, now: datetime) -> list[GivenFrom]:
        """List the rules and the registers behind answers of people who can be written to."""
        found: list[GivenFrom] = []
        for column in (answers.c.rules_version, answers.c.generation):
            query = (
                select(
                    column.label("name"),
                    func.count(answers.c.subscriber_id.distinct()).label("people"),
                    func.min(answers.c.created_at).label("first"),
                    func.max(answers.c.created_at).label("last"),
                )
                .join(subscribers, subscribers.c.id == answers.c.subscriber_id)
                .where(
                    column.is_not(None),
                    answers.c.created_at > now - KEPT_FOR,
                    can_be_written_to(),
                )
                .group_by(column)
                .order_by(func.max(answers.c.created_at).desc())
            )
            async with reading(self._engine) as connection:
                rows = (await connection.execute(query)).all()
            for row in rows:
                is_rules = column is answers.c.rules_version
                origin = Origin(rules_version=row.name) if is_rules else Origin(generation=row.name)
                found.append(GivenFrom(origin, row.people, utc(row.first), utc(row.last)))
        return found

    async def _change(self, broadcast_id: BroadcastId, **columns: Any) -> bool:
        return await self._execute(
            update(broadcasts)
            .where(broadcasts.c.id == broadcast_id, broadcasts.c.state == BroadcastState.DRAFT)
            .values(changed_at=datetime.now(UTC), **columns)
        )

    async def _execute(self, statement: Any) -> bool:
        async with writing(self._engine) as connection:
            result = await connection.execute(statement)
            return bool(result.rowcount)

    async def _list(self, condition: ColumnElement[bool]) -> list[Draft]:
        query = (
            select(broadcasts, drafts.c.card, drafts.c.awaits, drafts.c.sources)
            .outerjoin(drafts, drafts.c.broadcast_id == broadcasts.c.id)
            .where(condition, broadcasts.c.state == BroadcastState.DRAFT)
            .order_by(broadcasts.c.id.desc())
        )
        async with reading(self._engine) as connection:
            return [_draft(row) for row in (await connection.execute(query)).mappings()]


def _draft(row: RowMapping) -> Draft:
    return Draft(
        broadcast_of(row),
        is_at_once=row["starts_at"] <= row["created_at"],
        card=row["card"],
        awaited=_unpacked(row["awaits"]),
        sources=_SOURCES.validate_json(row["sources"] or "{}"),
    )


def _packed(awaited: Awaited | None) -> str | None:
    if awaited is None:
        return None
    return f"{awaited.kind}:{awaited.locale}" if awaited.locale else awaited.kind.value


def _unpacked(text: str | None) -> Awaited | None:
    if text is None:
        return None
    kind, _, locale = text.partition(":")
    return Awaited(AwaitedKind(kind), Locale(locale) if locale else None)
