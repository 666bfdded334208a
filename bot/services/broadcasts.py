"""Writing to many people: draft, confirm, approve, pause, stop, take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.audience import Audience
from bot.domain.audit import Event
from bot.domain.broadcasts import (
    DELETABLE_FOR,
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    PauseReason,
)
from bot.domain.locales import Locale
from bot.domain.wording import Wordings
from bot.log import get_logger
from bot.services.audit import by_operator, event_of
from bot.storage.broadcasts import Broadcast, BroadcastRepository

log = get_logger(__name__)

# Who got what is personal; afterwards only numbers are left.
LEDGER_KEPT_FOR = timedelta(days=90)
_BEFORE_SENDING = (
    BroadcastState.DRAFT,
    BroadcastState.AWAITING_APPROVAL,
    BroadcastState.SCHEDULED,
)
_ON_ITS_WAY = (BroadcastState.SCHEDULED, BroadcastState.RUNNING)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is.

    Attributes:
        recipients: all of them at the confirmation.
        erased: of those, who has erased themselves since.
        withdrawn: messages that were deleted again.
        undeletable: messages that Telegram refused to delete.
    """

    recipients: int
    by_state: Mapping[DeliveryState, int]
    erased: int
    withdrawn: int
    undeletable: int


@dataclass(frozen=True, slots=True)
class Work:
    """What workers have to do.

    Attributes:
        running: to be sent.
        withdrawn: of which messages may still be deleted.
    """

    running: Sequence[Broadcast]
    withdrawn: Sequence[Broadcast]


class Broadcasts:
    """Every change is one conditional step: of two presses at once only one has an effect.

    Args:
        now: aware UTC instant.
    """

    def __init__(
        self,
        repository: BroadcastRepository,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._now = now

    async def draft(
        self, nonce: str, author: int, wordings: Wordings, audience: Audience, choices: Choices
    ) -> BroadcastId:
        """Keep a draft under a nonce of at most 32 letters; the same nonce makes no second one."""
        return await self._repository.add(nonce, author, wordings, audience, choices)

    async def draft_follow_up(
        self, nonce: str, author: int, of: BroadcastId, wordings: Wordings, choices: Choices
    ) -> BroadcastId:
        """Keep a draft for those of whom nobody knows whether a broadcast reached them.

        The follow-up of a correction is one, too: it reaches those who want no other messages.
        """
        earlier = await self._repository.get(of)
        corrected = earlier.audience.answered_from if earlier else None
        audience = Audience(uncertain_of=of, answered_from=corrected)
        return await self.draft(nonce, author, wordings, audience, choices)

    async def get(self, broadcast_id: BroadcastId) -> Broadcast | None:
        return await self._repository.get(broadcast_id)

    async def count(self, audience: Audience) -> Mapping[Locale, int]:
        """Count exactly who would get it, by language."""
        return await self._repository.count(audience)

    async def confirm(
        self, broadcast_id: BroadcastId, *, needs_approval: bool, at_most: int | None = None
    ) -> bool:
        """Fix the recipients and send, or ask for approval; tell whether this press did it.

        Raises:
            NoRecipientsError: there is nobody.
            MissingWordingError: some would get nothing in a language they understand.
            TooManyRecipientsError: there are more than *at_most*.
        """
        target = BroadcastState.AWAITING_APPROVAL if needs_approval else BroadcastState.SCHEDULED
        number = await self._repository.confirm(broadcast_id, target, at_most)
        if number is not None:
            log.info("broadcast_confirmed", broadcast_id=broadcast_id, recipients=number)
        return number is not None

    async def approve(self, broadcast_id: BroadcastId, approver: int) -> bool:
        """Let out a broadcast of somebody else; tell whether this press did it."""
        return self._told(
            "approved", broadcast_id, await self._repository.approve(broadcast_id, approver)
        )

    async def decline(self, broadcast_id: BroadcastId, by: int) -> bool:
        """Give a broadcast of somebody else back as a draft; tell whether this press did it."""
        return self._told(
            "declined", broadcast_id, await self._repository.decline(broadcast_id, by)
        )

    async def pause(
        self, broadcast_id: BroadcastId, reason: PauseReason, by: int | None = None
    ) -> bool:
        """Send no more until it is resumed; tell whether this call did it.

        Here and below *by* is the operator who wants it, for the audit log.
        """
        is_paused = await self._repository.move(
            broadcast_id,
            _ON_ITS_WAY,
            BroadcastState.PAUSED,
            _event(by, "broadcast_paused", broadcast_id),
            pause_reason=reason.value,
        )
        return self._told(f"paused_{reason}", broadcast_id, is_paused)

    async def resume(self, broadcast_id: BroadcastId, by: int) -> bool:
        """Go on, or go back to waiting for the start; tell whether this call did it."""
        return self._told("resumed", broadcast_id, await self._repository.resume(broadcast_id, by))

    async def stop(self, broadcast_id: BroadcastId, by: int | None = None) -> bool:
        """Send no more, for good; what has left within two seconds arrives."""
        sources = (*_BEFORE_SENDING, BroadcastState.RUNNING, BroadcastState.PAUSED)
        event = _event(by, "broadcast_stopped", broadcast_id)
        is_stopped = await self._repository.move(
            broadcast_id, sources, BroadcastState.STOPPED, event
        )
        return self._told("stopped", broadcast_id, is_stopped)

    async def withdraw(self, broadcast_id: BroadcastId, by: int | None = None) -> bool:
        """Stop it and delete for everyone what was sent in the last 48 hours.

        Messages of which it is not known whether they were sent have no number and stay.
        """
        await self.stop(broadcast_id)
        event = _event(by, "broadcast_withdrawn", broadcast_id)
        is_asked = await self._repository.ask_withdrawal(broadcast_id, event)
        return self._told("withdrawn", broadcast_id, is_asked)

    async def progress(self, broadcast_id: BroadcastId) -> Progress | None:
        """Count the recipients by what became of them; None for an unknown broadcast."""
        broadcast = await self._repository.get(broadcast_id)
        if broadcast is None:
            return None
        counts = await self._repository.progress(broadcast_id)
        by_state = {state: counts.get(state, 0) for state in DeliveryState}
        recipients = broadcast.recipients or 0
        return Progress(
            recipients=recipients,
            by_state=by_state,
            erased=recipients - sum(by_state.values()),
            withdrawn=counts.get("withdrawal_done", 0),
            undeletable=counts.get("withdrawal_failed", 0),
        )

    async def begin_due(self) -> None:
        """Let those begin whose time has come."""
        await self._repository.begin_due(self._now())

    async def list_work(self) -> Work:
        """List what workers have to do; what is due begins with that."""
        now = self._now()
        active = await self._repository.list_active(now - DELETABLE_FOR)
        is_due = any(
            each.state is BroadcastState.SCHEDULED and each.choices.starts_at <= now
            for each in active
        )
        if is_due:
            await self.begin_due()
            active = await self._repository.list_active(now - DELETABLE_FOR)
        return Work(
            running=[each for each in active if each.state is BroadcastState.RUNNING],
            withdrawn=[each for each in active if each.withdrawn_at is not None],
        )

    def is_open(self, broadcast: Broadcast) -> bool:
        """Tell whether it may send at this time of day."""
        hours = broadcast.choices.hours
        return hours is None or hours.include(self._now())

    async def finish(self, broadcast_id: BroadcastId) -> bool:
        """End a broadcast with nobody left to send to."""
        return self._told("done", broadcast_id, await self._repository.finish(broadcast_id))

    async def purge(self) -> int:
        """Reduce the ledger of old broadcasts to totals; give the number of rows removed."""
        return await self._repository.purge(self._now() - LEDGER_KEPT_FOR)

    def _told(self, step: str, broadcast_id: BroadcastId, has_happened: bool) -> bool:
        if has_happened:
            log.info("broadcast_step", step=step, broadcast_id=broadcast_id)
        return has_happened


def _event(by: int | None, action: str, broadcast_id: BroadcastId) -> Event | None:
    return event_of(by_operator(by), action, broadcast=broadcast_id) if by is not None else None
