"""What happened, counted by the day; and in memory, for an hour at most, where somebody is.

Nothing of a person is written. Where people leave needs the view each of them opened last: it is
held until an hour passed without another one, and then only the view is counted.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date

from bot.domain.assessment import Status
from bot.domain.broadcasts import DeliveryState
from bot.domain.locales import Locale
from bot.domain.stats import Kind
from bot.storage.counters import CounterRepository
from bot.storage.subscribers import SubscriberId

# What a crash may cost.
_WRITE_EVERY_S = 20.0
# Who presses nothing for so long has left.
SILENCE_S = 60 * 60.0
# About 0.2 KB each; beyond that those who were here longest ago are forgotten and not counted.
_MAX_PEOPLE = 50_000
WRONG_NUMBER = "wrong_number"


class Counters:
    """Counts in memory and writes a moment behind; counting costs about a microsecond.

    Args:
        today: the day in Kazakhstan, for what is written now.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        repository: CounterRepository,
        today: Callable[[], date],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._repository = repository
        self._today = today
        self._clock = clock
        self._last_views: OrderedDict[SubscriberId, tuple[float, str]] = OrderedDict()

    def answered(
        self, status: Status, reason: str | None, region: str | None, locale: Locale
    ) -> None:
        """Count a person asked about who is in the register."""
        add = self._repository.add
        add(Kind.ANSWERS, status.value)
        if status is Status.UNINSURED:
            add(Kind.REASONS, reason or "none")
        add(Kind.REGIONS, region or "none")
        add(Kind.LANGUAGES, locale.value)

    def not_found(self) -> None:
        """Count a number that nobody has."""
        self._repository.add(Kind.NOT_FOUND, "all")

    def refused(self, reason: str) -> None:
        """Count a number that was not looked up."""
        self._repository.add(Kind.REFUSED, reason)

    def searched(self, locale: Locale, *, is_found: bool) -> None:
        """Count a question in words; the words are not kept."""
        found = "found" if is_found else "missed"
        self._repository.add(Kind.SEARCHES, f"{locale.value}.{found}")

    def delivered(self, kind: Kind, state: DeliveryState) -> None:
        """Count what became of a message."""
        self._repository.add(kind, state.value)

    def came(self, locale: Locale) -> None:
        """Count somebody who is kept from now on."""
        self._repository.add(Kind.NEWCOMERS, locale.value)

    def left(self, locale: Locale) -> None:
        """Count somebody who blocked the bot."""
        self._repository.add(Kind.LEAVERS, locale.value)

    def register_is(self, age_days: int) -> None:
        """Note how old the data are that answer."""
        self._repository.add(Kind.REGISTER, str(age_days))

    def viewed(self, subscriber_id: SubscriberId, view: str) -> None:
        """Remember what somebody looks at now, instead of what they looked at before."""
        self._last_views.pop(subscriber_id, None)
        if len(self._last_views) >= _MAX_PEOPLE:
            self._last_views.popitem(last=False)
        self._last_views[subscriber_id] = self._clock(), view

    def last_view(self, subscriber_id: SubscriberId) -> str | None:
        """Give what is remembered of somebody, for their own eyes."""
        return self._last_views.get(subscriber_id, (0.0, None))[1]

    def forget(self, subscriber_id: SubscriberId) -> None:
        """Forget where somebody is."""
        self._last_views.pop(subscriber_id, None)

    async def write(self) -> None:
        """Write what was counted, for the day in which it is written."""
        self._count_silent()
        await self._repository.write(self._today())

    @asynccontextmanager
    async def writing_behind(self) -> AsyncIterator[None]:
        """Write now and then inside the block, and at its end."""
        stop = asyncio.Event()
        writer = asyncio.create_task(self._write_until(stop))
        try:
            yield
        finally:
            stop.set()
            await writer

    async def purge(self) -> int:
        """Remove what is older than is kept; give the number."""
        return await self._repository.purge(self._today())

    async def _write_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_WRITE_EVERY_S):
                    await stop.wait()
            await self.write()

    def _count_silent(self) -> None:
        silent_since = self._clock() - SILENCE_S
        while self._last_views:
            subscriber_id, (at, view) = next(iter(self._last_views.items()))
            if at > silent_since:
                return
            del self._last_views[subscriber_id]
            self._repository.add(Kind.LAST_VIEWS, view)
