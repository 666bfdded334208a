"""The bot's queue of updates: kept until confirmed, delivered, or too old."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aiogram.types import Update

from bot.emulator.errors import ApiError
from bot.emulator.shapes import JSON

KINDS = frozenset(Update.model_fields) - {"update_id"}
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
MAX_BATCH = 100
MAX_WAIT_S = 50
# What became of older updates is forgotten.
MAX_REMEMBERED = 200_000

_DAY_S = 24 * 60 * 60
_LIFETIME_S = {"callback_query": 150, "inline_query": 30}
_TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)

End = Literal["taken", "expired", "dropped"]


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """An update that waits for the bot."""

    id: int
    kind: str
    update: JSON
    expires_at: float


class UpdateQueue:
    """Updates in order, for one long poll at a time or for a webhook."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Numbers go on from the time of start, so that a bot which remembers
        # update ids does not take the updates of a restarted server for old ones.
        self._last_id = int(clock())
        self._pending: dict[int, QueuedUpdate] = {}
        self._history: dict[int, JSON] = {}
        self._poll: asyncio.Future[bool] | None = None
        self._listener: Callable[[QueuedUpdate], None] | None = None
        self.allowed: list[str] | None = None

    def put(self, kind: str, content: JSON) -> int | None:
        """Queue an update unless the bot did not ask for this kind; return its number."""
        return self.put_raw({kind: content}) if self.is_allowed(kind) else None

    def put_raw(self, update: JSON) -> int:
        """Queue an update as it is, whatever the bot asked for; return its number."""
        self._last_id += 1
        kind = next(iter(update), "")
        expires_at = self._clock() + _LIFETIME_S.get(kind, _DAY_S)
        queued = QueuedUpdate(
            self._last_id, kind, {"update_id": self._last_id} | update, expires_at
        )
        self._pending[queued.id] = queued
        self._remember(queued)
        if self._listener:
            self._listener(queued)
        self._end_poll(conflict=False)
        return queued.id

    def is_allowed(self, kind: str) -> bool:
        """Tell whether the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Remember the kinds a bot asks for; nothing changes when it does not say."""
        if kinds is not None:
            self.allowed = [kind for kind in kinds if kind in KINDS]

    def listen(self, listener: Callable[[QueuedUpdate], None] | None) -> None:
        """Show every pending and every new update to *listener*, a webhook."""
        self._listener = listener
        if listener:
            for queued in self.pending():
                listener(queued)

    def pending(self) -> list[QueuedUpdate]:
        """List the updates that wait, oldest first."""
        now = self._clock()
        for queued in [queued for queued in self._pending.values() if queued.expires_at <= now]:
            self.end(queued.id, "expired")
        return list(self._pending.values())

    def is_pending(self, update_id: int) -> bool:
        """Tell whether an update still waits and is not too old."""
        queued = self._pending.get(update_id)
        return queued is not None and queued.expires_at > self._clock()

    def end(self, update_id: int, end: End) -> None:
        """Take an update out of the queue, if it waits there."""
        if self._pending.pop(update_id, None) and update_id in self._history:
            self._history[update_id]["end"] = end

    def clear(self) -> None:
        """Drop everything that waits."""
        for update_id in list(self._pending):
            self.end(update_id, "dropped")

    def after(self, number: int) -> list[JSON]:
        """List the updates that follow *number*, waiting or not, with what became of them."""
        return [entry for update_id, entry in self._history.items() if update_id > number]

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[JSON]:
        """Confirm what lies before *offset*, then return updates or wait for the first.

        Raises:
            ApiError: 409 when another poll begins meanwhile.
        """
        self._end_poll(conflict=True)
        self._confirm(offset)
        if not self._pending and timeout_s > 0 and await self._wait(timeout_s):
            raise ApiError(409, _TERMINATED)
        return self._batch(limit)

    def stop(self) -> None:
        """Let a waiting poll return at once."""
        self._end_poll(conflict=False)

    def _batch(self, limit: int) -> list[JSON]:
        now = self._clock()
        batch: list[JSON] = []
        for queued in list(itertools.islice(self._pending.values(), 2 * limit)):
            if queued.expires_at <= now:
                self.end(queued.id, "expired")
            elif len(batch) < limit:
                batch.append(queued.update)
        return batch

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            for update_id in list(self._pending)[:offset]:
                self.end(update_id, "taken")
            return
        for update_id in list(itertools.takewhile(lambda number: number < offset, self._pending)):
            self.end(update_id, "taken")

    def _remember(self, queued: QueuedUpdate) -> None:
        self._history[queued.id] = {"update": queued.update, "end": None}
        if len(self._history) > MAX_REMEMBERED:
            del self._history[next(iter(self._history))]

    async def _wait(self, timeout_s: float) -> bool:
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(timeout_s):
                return await poll
        except TimeoutError:
            return False
        finally:
            if self._poll is poll:
                self._poll = None

    def _end_poll(self, *, conflict: bool) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(conflict)
        self._poll = None
