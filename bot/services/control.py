"""What operators see and do once a broadcast is confirmed."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cachetools import TTLCache

from bot.domain.broadcasts import (
    DELETABLE_FOR,
    ENDED,
    UNFINISHED,
    BroadcastId,
    BroadcastState,
    DeliveryState,
    PauseReason,
)
from bot.domain.pulse import Pulse
from bot.services.broadcasts import Broadcasts, Progress
from bot.storage.broadcasts import Broadcast, BroadcastRepository
from bot.storage.reports import Group, ReportRepository

PAGE_SIZE = 10
# A broadcast and when its state changed.
Change = tuple[BroadcastId, datetime]
_REMEMBERED_S = 60.0
_MAX_PULSES = 1000


class Effect(StrEnum):
    """What became of a press."""

    DONE = "done"
    NOTHING = "nothing"  # somebody else was faster, or it makes no sense any more
    TOO_LATE = "too_late"  # nothing is left that Telegram would delete


@dataclass(frozen=True, slots=True)
class Overview:
    """A broadcast as it is now.

    Attributes:
        deletable: messages that can still be deleted for everyone.
        per_s: people a second during the last half minute; None where that is not known yet.
        is_open: its hours allow to send.
    """

    broadcast: Broadcast
    progress: Progress
    deletable: int
    per_s: float | None
    is_open: bool

    @property
    def sent(self) -> int:
        return self.progress.by_state[DeliveryState.SENT]

    @property
    def left(self) -> int:
        """Count those who are still to get it, were it to go on."""
        return sum(self.progress.by_state[state] for state in UNFINISHED)

    @property
    def has_ended(self) -> bool:
        return self.broadcast.state in ENDED

    @property
    def is_settled(self) -> bool:
        """Tell whether nobody waits for an answer of Telegram."""
        return not self.progress.by_state[DeliveryState.SENDING]

    @property
    def is_withdrawing(self) -> bool:
        """Tell whether messages are being deleted."""
        return self.broadcast.withdrawn_at is not None and self.deletable > 0

    @property
    def is_moving(self) -> bool:
        """Tell whether its numbers change by themselves."""
        is_running = self.broadcast.state is BroadcastState.RUNNING
        return is_running or self.is_withdrawing or not self.is_settled

    @property
    def is_live(self) -> bool:
        """Tell whether anything can still happen to it."""
        return not self.has_ended or self.is_moving


@dataclass(frozen=True, slots=True)
class Share:
    """A broadcast and how many got it."""

    broadcast: Broadcast
    sent: int


@dataclass(frozen=True, slots=True)
class Report:
    """A broadcast and its recipients in groups; none are left after ninety days."""

    overview: Overview
    groups: Sequence[Group]


class Control:
    """Looks at broadcasts and steers them; every decision is in the audit log.

    Args:
        clock: seconds that never go back.
    """

    def __init__(
        self,
        repository: BroadcastRepository,
        reports: ReportRepository,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._broadcasts = Broadcasts(repository)
        self._repository = repository
        self._reports = reports
        self._clock = clock
        self._pulses: TTLCache[BroadcastId, Pulse] = TTLCache(_MAX_PULSES, _REMEMBERED_S, clock)

    async def look(self, broadcast_id: BroadcastId) -> Overview | None:
        """Give a broadcast with its numbers; None for an unknown one."""
        broadcast = await self._broadcasts.get(broadcast_id)
        progress = await self._broadcasts.progress(broadcast_id)
        if broadcast is None or progress is None:
            return None
        deletable = 0
        if progress.by_state[DeliveryState.SENT]:
            oldest = datetime.now(UTC) - DELETABLE_FOR
            deletable = await self._reports.deletable(broadcast_id, oldest)
        is_open = self._broadcasts.is_open(broadcast)
        return Overview(broadcast, progress, deletable, self._per_s(broadcast, progress), is_open)

    async def report(self, broadcast_id: BroadcastId) -> Report | None:
        """Give what became of it in all detail that is about nobody."""
        overview = await self.look(broadcast_id)
        if overview is None:
            return None
        return Report(overview, await self._reports.groups(broadcast_id))

    async def page(self, before: int | None) -> Sequence[Share]:
        """Give ten broadcasts before one, or the last ten, newest first; no drafts."""
        found = await self._repository.history(before, PAGE_SIZE)
        sent = await self._reports.sent([each.id for each in found])
        return [Share(each, await self._sent(each, sent)) for each in found]

    async def list_news(self, since: datetime) -> Sequence[Change]:
        """List what paused by itself or ended since then, the earliest first."""
        return sorted(await self._repository.list_news(since), key=lambda change: change[1])

    async def pause(self, broadcast_id: BroadcastId, operator_id: int) -> Effect:
        return _effect(
            is_done=await self._broadcasts.pause(broadcast_id, PauseReason.OPERATOR, operator_id)
        )

    async def resume(self, broadcast_id: BroadcastId, operator_id: int) -> Effect:
        return _effect(is_done=await self._broadcasts.resume(broadcast_id, operator_id))

    async def stop(self, broadcast_id: BroadcastId, operator_id: int) -> Effect:
        return _effect(is_done=await self._broadcasts.stop(broadcast_id, operator_id))

    async def withdraw(self, broadcast_id: BroadcastId, operator_id: int) -> Effect:
        """Stop it and delete for everyone what Telegram still deletes."""
        overview = await self.look(broadcast_id)
        if overview is None or overview.broadcast.withdrawn_at is not None:
            return Effect.NOTHING
        if not overview.deletable:
            return Effect.TOO_LATE
        return _effect(is_done=await self._broadcasts.withdraw(broadcast_id, operator_id))

    async def _sent(self, broadcast: Broadcast, sent: dict[BroadcastId, int]) -> int:
        if broadcast.id in sent:
            return sent[broadcast.id]
        # Nobody got it yet, or only totals are left.
        progress = await self._broadcasts.progress(broadcast.id)
        return progress.by_state[DeliveryState.SENT] if progress else 0

    def _per_s(self, broadcast: Broadcast, progress: Progress) -> float | None:
        if broadcast.state is not BroadcastState.RUNNING:
            self._pulses.pop(broadcast.id, None)
            return None
        pulse = self._pulses.get(broadcast.id) or Pulse()
        self._pulses[broadcast.id] = pulse
        waiting = sum(progress.by_state[state] for state in UNFINISHED)
        pulse.note(self._clock(), sum(progress.by_state.values()) - waiting)
        return pulse.per_s


def _effect(*, is_done: bool) -> Effect:
    return Effect.DONE if is_done else Effect.NOTHING
