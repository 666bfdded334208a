"""Conversations with operators: who talks, in which topic, and which copy belongs to what."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NewType

from sqlalchemy import RowMapping, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.inbox import ConversationState, CopyState, Rating, Side
from bot.storage.engine import reading, utc, writing
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import conversations, correspondents, mirrored

ConversationId = NewType("ConversationId", int)
# After its end; so long can be asked what was answered, and shown in the figures.
KEPT_FOR = timedelta(days=90)
_NUMBERS = (100_000, 1_000_000)
_OPEN = ConversationState.OPEN.value


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A resident who has asked a person.

    Attributes:
        number: by which operators name the resident; random.
        chat_id: the forum of the topic; None before the first message.
    """

    subscriber_id: SubscriberId
    number: int
    chat_id: int | None
    topic_id: int | None
    is_banned: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation; instants are aware UTC."""

    id: ConversationId
    subscriber_id: SubscriberId
    state: ConversationState
    asked_at: datetime | None
    closed_at: datetime | None
    rating: Rating | None

    @property
    def is_open(self) -> bool:
        return self.state is ConversationState.OPEN


@dataclass(frozen=True, slots=True)
class Source:
    """A message that is copied to the other side."""

    subscriber_id: SubscriberId
    side: Side
    message_id: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the inbox was like.

    Attributes:
        open: conversations that go on now.
        waiting: those of them whose last word is the resident's.
        asked_and_answered: when the first question came and when its answer, oldest first.
        ratings: how many gave each rating.
    """

    open: int
    waiting: int
    asked_and_answered: Sequence[tuple[datetime, datetime]]
    ratings: dict[Rating, int]


class InboxRepository:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def correspondent(self, subscriber_id: SubscriberId) -> Correspondent | None:
        return await self._correspondent(correspondents.c.subscriber_id == subscriber_id)

    async def at_topic(self, chat_id: int, topic_id: int) -> Correspondent | None:
        """Give whose topic it is."""
        return await self._correspondent(
            and_(correspondents.c.chat_id == chat_id, correspondents.c.topic_id == topic_id)
        )

    async def latest(self, subscriber_id: SubscriberId) -> Conversation | None:
        async with reading(self._engine) as connection:
            return await _latest(connection, subscriber_id)

    async def begin(self, subscriber_id: SubscriberId) -> Conversation | None:
        """Open a conversation, or give the one that is open; None for somebody who is banned."""
        now = datetime.now(UTC)
        async with writing(self._engine) as connection:
            if (await self._added(connection, subscriber_id))["banned_at"] is not None:
                return None
            latest = await _latest(connection, subscriber_id)
            if latest is not None and latest.is_open:
                return latest
            await connection.execute(
                self._insert(conversations).values(
                    subscriber_id=subscriber_id, state=_OPEN, opened_at=now, changed_at=now
                )
            )
            return await _latest(connection, subscriber_id)

    async def keep_topic(
        self, subscriber_id: SubscriberId, chat_id: int | None, topic_id: int | None
    ) -> None:
        await self._change(subscriber_id, chat_id=chat_id, topic_id=topic_id)

    async def ban(self, subscriber_id: SubscriberId, *, is_banned: bool) -> bool:
        """Stop somebody's messages or let them through again; False where it is so already."""
        is_so = correspondents.c.banned_at.is_not(None)
        statement = (
            update(correspondents)
            .where(correspondents.c.subscriber_id == subscriber_id, ~is_so if is_banned else is_so)
            .values(banned_at=datetime.now(UTC) if is_banned else None)
        )
        return await self._write(statement)

    async def tell_outsiders(self, subscriber_id: SubscriberId) -> bool:
        """Note that the topic says who may answer in it; False where it has said so."""
        statement = (
            update(correspondents)
            .where(
                correspondents.c.subscriber_id == subscriber_id,
                ~correspondents.c.has_told_outsiders,
            )
            .values(has_told_outsiders=True)
        )
        return await self._write(statement)

    async def reopen(self, conversation_id: ConversationId) -> bool:
        """Open a conversation again; False where it is open."""
        statement = (
            update(conversations)
            .where(conversations.c.id == conversation_id, conversations.c.state != _OPEN)
            .values(state=_OPEN, closed_at=None, changed_at=datetime.now(UTC))
        )
        return await self._write(statement)

    async def close(self, conversation_id: ConversationId, state: ConversationState) -> bool:
        """End a conversation; False where it has ended."""
        now = datetime.now(UTC)
        statement = (
            update(conversations)
            .where(conversations.c.id == conversation_id, conversations.c.state == _OPEN)
            .values(state=state.value, closed_at=now, changed_at=now, waits_since=None)
        )
        return await self._write(statement)

    async def rate(
        self, conversation_id: ConversationId, subscriber_id: SubscriberId, rating: Rating
    ) -> bool:
        """Keep the rating instead of an earlier one; False where there is nothing to rate."""
        statement = (
            update(conversations)
            .where(
                conversations.c.id == conversation_id,
                conversations.c.subscriber_id == subscriber_id,
            )
            .values(rating=rating.value)
        )
        return await self._write(statement)

    async def claim(self, source: Source, conversation_id: ConversationId) -> CopyState | None:
        """Note on the disk that a copy is about to leave; None where it may.

        Otherwise the message came before, and the state says what became of its copy.
        """
        statement = self._insert(mirrored).values(
            subscriber_id=source.subscriber_id,
            side=source.side.value,
            source_id=source.message_id,
            conversation_id=conversation_id,
            state=CopyState.SENDING.value,
        )
        async with writing(self._engine) as connection:
            if (await connection.execute(statement.on_conflict_do_nothing())).rowcount:
                return None
            query = select(mirrored.c.state).where(_is(source))
            return CopyState((await connection.execute(query)).scalar_one())

    async def settle(self, source: Source, state: CopyState, copy_id: int | None = None) -> None:
        """Note what became of a copy, and who has the last word now."""
        now = datetime.now(UTC)
        conversation_id = select(mirrored.c.conversation_id).where(_is(source)).scalar_subquery()
        if source.side is Side.RESIDENT:
            times: dict[str, Any] = {
                "asked_at": func.coalesce(conversations.c.asked_at, now),
                "waits_since": func.coalesce(conversations.c.waits_since, now),
            }
        else:
            times = {
                "answered_at": func.coalesce(conversations.c.answered_at, now),
                "waits_since": None,
            }
        async with writing(self._engine) as connection:
            await connection.execute(
                update(mirrored).where(_is(source)).values(state=state.value, copy_id=copy_id)
            )
            if state is CopyState.SENT:
                await connection.execute(
                    update(conversations)
                    .where(conversations.c.id == conversation_id)
                    .values(changed_at=now, **times)
                )

    async def copy_of(self, source: Source) -> int | None:
        """Give the number of the copy on the other side."""
        query = select(mirrored.c.copy_id).where(_is(source))
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def across(self, subscriber_id: SubscriberId, side: Side, number: int) -> int | None:
        """Give the number that a message on *side* has on the other one, whosever it is."""
        other = Side.OPERATOR if side is Side.RESIDENT else Side.RESIDENT
        query = select(mirrored.c.side, mirrored.c.source_id, mirrored.c.copy_id).where(
            mirrored.c.subscriber_id == subscriber_id,
            or_(
                and_(mirrored.c.side == side.value, mirrored.c.source_id == number),
                and_(mirrored.c.side == other.value, mirrored.c.copy_id == number),
            ),
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        found: int | None = row["copy_id"] if row["side"] == side.value else row["source_id"]
        return found

    async def figures(self, since: datetime) -> Figures:
        """Count what is so now, and what was asked or closed since an instant."""
        c = conversations.c
        async with reading(self._engine) as connection:
            now_open = (
                await connection.execute(
                    select(func.count(), func.count(c.waits_since)).where(c.state == _OPEN)
                )
            ).one()
            answered = await connection.execute(
                select(c.asked_at, c.answered_at)
                .where(c.asked_at >= since, c.answered_at >= c.asked_at)
                .order_by(c.asked_at)
            )
            rated = await connection.execute(
                select(c.rating, func.count())
                .where(c.rating.is_not(None), c.opened_at >= since)
                .group_by(c.rating)
            )
            return Figures(
                open=now_open[0],
                waiting=now_open[1],
                asked_and_answered=[(utc(a), utc(b)) for a, b in answered],
                ratings={Rating(rating): number for rating, number in rated},
            )

    async def silent(self, before: datetime) -> list[Conversation]:
        """Give the open conversations in which nobody has written since."""
        query = select(conversations).where(
            conversations.c.state == _OPEN, conversations.c.changed_at < before
        )
        async with reading(self._engine) as connection:
            return [_conversation(row) for row in (await connection.execute(query)).mappings()]

    async def purge(self) -> int:
        """Remove conversations that ended long ago, with their numbers; give how many."""
        oldest = datetime.now(UTC) - KEPT_FOR
        async with writing(self._engine) as connection:
            result = await connection.execute(
                delete(conversations).where(conversations.c.closed_at < oldest)
            )
        return result.rowcount

    async def silent_correspondents(self) -> list[Correspondent]:
        """Give those of whom no conversation is kept any more; who is banned stays so."""
        spoken = select(conversations.c.subscriber_id)
        query = select(correspondents).where(
            correspondents.c.subscriber_id.not_in(spoken), correspondents.c.banned_at.is_(None)
        )
        async with reading(self._engine) as connection:
            return [_correspondent(row) for row in (await connection.execute(query)).mappings()]

    async def drop(self, subscriber_id: SubscriberId) -> None:
        """Forget a correspondent who has no conversations."""
        spoken = select(conversations.c.subscriber_id)
        await self._write(
            delete(correspondents).where(
                correspondents.c.subscriber_id == subscriber_id,
                correspondents.c.subscriber_id.not_in(spoken),
            )
        )

    async def _added(self, connection: AsyncConnection, subscriber_id: SubscriberId) -> RowMapping:
        # Of two presses at once the second waits here, and finds the conversation of the first.
        query = (
            select(correspondents)
            .where(correspondents.c.subscriber_id == subscriber_id)
            .with_for_update()
        )
        while (row := (await connection.execute(query)).mappings().first()) is None:
            # A number that is taken inserts nothing; the next one is another.
            number = _NUMBERS[0] + secrets.randbelow(_NUMBERS[1] - _NUMBERS[0])
            statement = self._insert(correspondents).values(
                subscriber_id=subscriber_id, number=number, has_told_outsiders=False
            )
            await connection.execute(statement.on_conflict_do_nothing())
        return row

    async def _correspondent(self, condition: Any) -> Correspondent | None:
        async with reading(self._engine) as connection:
            found = await connection.execute(select(correspondents).where(condition))
            row = found.mappings().first()
        return _correspondent(row) if row else None

    async def _change(self, subscriber_id: SubscriberId, **columns: object) -> None:
        await self._write(
            update(correspondents)
            .where(correspondents.c.subscriber_id == subscriber_id)
            .values(**columns)
        )

    async def _write(self, statement: Any) -> bool:
        async with writing(self._engine) as connection:
            return bool((await connection.execute(statement)).rowcount)


async def _latest(connection: AsyncConnection, subscriber_id: SubscriberId) -> Conversation | None:
    query: Select[Any] = (
        select(conversations)
        .where(conversations.c.subscriber_id == subscriber_id)
        .order_by(conversations.c.id.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).mappings().first()
    return _conversation(row) if row else None


def _is(source: Source) -> Any:
    return and_(
        mirrored.c.subscriber_id == source.subscriber_id,
        mirrored.c.side == source.side.value,
        mirrored.c.source_id == source.message_id,
    )


def _correspondent(row: RowMapping) -> Correspondent:
    return Correspondent(
        row["subscriber_id"],
        row["number"],
        row["chat_id"],
        row["topic_id"],
        row["banned_at"] is not None,
    )


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        row["id"],
        row["subscriber_id"],
        ConversationState(row["state"]),
        utc(row["asked_at"]) if row["asked_at"] else None,
        utc(row["closed_at"]) if row["closed_at"] else None,
        Rating(row["rating"]) if row["rating"] else None,
    )
