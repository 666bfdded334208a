"""The inbox: residents ask a person, operators answer; when a conversation begins and ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.hours import OpeningHours
from bot.domain.inbox import ConversationState, Rating, share_of
from bot.services.audit import AuditLog, by_operator
from bot.services.clock import time_in_kazakhstan
from bot.services.operators import Operator
from bot.storage.inbox import (
    Conversation,
    ConversationId,
    Correspondent,
    InboxRepository,
)
from bot.storage.subscribers import SubscriberId

# So long after its end by an operator a conversation goes on with the next message.
GOES_ON_FOR = timedelta(hours=24)
_LOOKED_BACK = timedelta(days=7)
# Fewer say little about the next one.
_ENOUGH_ANSWERS = 10
# Whoever has not closed a conversation by then has forgotten it.
_SILENT_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Expectation:
    """When somebody will answer.

    Attributes:
        is_open: operators are at work.
        usual: within which time half of last week's questions of working hours were answered.
        opens_at: when they are at work next, by the clocks of Kazakhstan; None where not soon.
    """

    is_open: bool
    usual: timedelta | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxFigures:
    """How the last week was.

    Attributes:
        answered: questions that got a first answer.
        half, most: within which time half and nine in ten of them were answered; None for none.
    """

    open: int
    waiting: int
    answered: int
    half: timedelta | None
    most: timedelta | None
    ratings: dict[Rating, int]


class Inbox:
    """Decides; what is sent where is the desk's matter.

    Args:
        now: the aware instant.
    """

    def __init__(
        self,
        repository: InboxRepository,
        hours: OpeningHours,
        audit: AuditLog,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._hours = hours
        self._audit = audit
        self._now = now

    async def begin(self, subscriber_id: SubscriberId) -> Conversation | None:
        """Open a conversation, or give the open one; None for somebody who is banned."""
        return await self._repository.begin(subscriber_id)

    async def is_banned(self, subscriber_id: SubscriberId) -> bool:
        correspondent = await self._repository.correspondent(subscriber_id)
        return correspondent is not None and correspondent.is_banned

    async def current(self, subscriber_id: SubscriberId) -> Conversation | None:
        """Give the conversation that a new message belongs to: an open one, or one just closed."""
        conversation = await self._repository.latest(subscriber_id)
        if conversation is None or conversation.is_open:
            return conversation
        is_fresh = (
            conversation.state is ConversationState.CLOSED
            and conversation.closed_at is not None
            and self._now() - conversation.closed_at < GOES_ON_FOR
        )
        # Whoever is banned is told so by the button that begins a conversation.
        return conversation if is_fresh and not await self.is_banned(subscriber_id) else None

    async def close(self, correspondent: Correspondent, by: Operator) -> Conversation | None:
        """End the conversation of a resident; None where none is open."""
        conversation = await self._repository.latest(correspondent.subscriber_id)
        if conversation is None or not await self._repository.close(
            conversation.id, ConversationState.CLOSED
        ):
            return None
        await self._record("conversation_closed", correspondent, by)
        return conversation

    async def end(self, conversation_id: ConversationId, subscriber_id: SubscriberId) -> bool:
        """Let the resident end the own conversation; False where it has ended."""
        conversation = await self._repository.latest(subscriber_id)
        if conversation is None or conversation.id != conversation_id:
            return False
        return await self._repository.close(conversation_id, ConversationState.ENDED)

    async def ban(self, correspondent: Correspondent, by: Operator, *, is_banned: bool) -> bool:
        """Stop a resident's messages, or let them through again; False where it is so already."""
        if not await self._repository.ban(correspondent.subscriber_id, is_banned=is_banned):
            return False
        await self._record(
            "resident_banned" if is_banned else "resident_unbanned", correspondent, by
        )
        return True

    async def rate(
        self, conversation_id: ConversationId, subscriber_id: SubscriberId, rating: Rating
    ) -> bool:
        """Keep what a resident says of the own conversation; a later vote takes its place."""
        return await self._repository.rate(conversation_id, subscriber_id, rating)

    async def expectation(self) -> Expectation:
        """Say when somebody who asks now will get an answer."""
        local = time_in_kazakhstan(self._now())
        if not self._hours.is_open(local):
            return Expectation(is_open=False, opens_at=self._hours.next_opening(local))
        found = await self._repository.figures(self._now() - _LOOKED_BACK)
        waits = [
            answered - asked
            for asked, answered in found.asked_and_answered
            if self._hours.is_open(time_in_kazakhstan(asked))
        ]
        usual = share_of(waits, 50) if len(waits) >= _ENOUGH_ANSWERS else None
        return Expectation(is_open=True, usual=usual)

    async def figures(self) -> InboxFigures:
        found = await self._repository.figures(self._now() - _LOOKED_BACK)
        waits = [answered - asked for asked, answered in found.asked_and_answered]
        return InboxFigures(
            open=found.open,
            waiting=found.waiting,
            answered=len(waits),
            half=share_of(waits, 50) if waits else None,
            most=share_of(waits, 90) if waits else None,
            ratings=found.ratings,
        )

    async def close_silent(self) -> list[Conversation]:
        """End the conversations that everybody has left; give those that were ended now."""
        silent = await self._repository.silent(self._now() - _SILENT_FOR)
        return [
            each
            for each in silent
            if await self._repository.close(each.id, ConversationState.CLOSED)
        ]

    async def _record(self, action: str, correspondent: Correspondent, by: Operator) -> None:
        await self._audit.record(by_operator(by.id), action, conversation=correspondent.number)
