"""Looks what is to be done, and does it until it is stopped."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from bot.domain.broadcasts import Brake, BroadcastId
from bot.log import get_logger
from bot.services.broadcasts import Broadcasts
from bot.services.sending import Messenger
from bot.storage.broadcasts import Broadcast
from bot.storage.deliveries import DeliveryRepository
from bot.storage.engine import DATABASE_FAILURES
from bot.worker.sending import Sending
from bot.worker.withdrawing import Withdrawing

log = get_logger(__name__)

# Longer than two calls to Telegram that wait for their answer.
LEASE_S = 30.0
# Within so long a pause or a stop is noticed.
LOOK_EVERY_S = 0.5
_LOOKS_A_LEASE = 6
_FIRST_REST_S = 1.0
_LONGEST_REST_S = 30.0
# At the end messages that have left may be answered for so long, and that is written for so long.
_LAST_ANSWERS_S = 6.0
_LAST_WRITES_S = 1.5
_PURGE_EVERY_S = 24 * 60 * 60.0
_Job = Sending | Withdrawing
_Key = tuple[type[_Job], BroadcastId]


class Worker:
    """Any number of workers may run on one database: the claims see to it that each recipient is
    one worker's.

    Args:
        lease_s: after so many seconds a claim whose owner was not heard of is given up.
        look_every_s: how often it looks what is to be done.
    """

    def __init__(
        self,
        broadcasts: Broadcasts,
        deliveries: DeliveryRepository,
        messenger: Messenger,
        *,
        lease_s: float = LEASE_S,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._broadcasts = broadcasts
        self._deliveries = deliveries
        self._messenger = messenger
        self._lease_s = lease_s
        self._look_every_s = look_every_s
        self._jobs: dict[_Key, tuple[_Job, asyncio.Task[None]]] = {}
        self._brakes: dict[BroadcastId, Brake] = {}
        # When to look again for messages to delete.
        self._withdraw_at: dict[BroadcastId, float] = {}
        self._rest_s = _FIRST_REST_S
        self._rests_until = float("-inf")
        self._give_up_at = self._purge_at = time.monotonic()
        self._fails = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until *stop* is set; then give back who was not written to, and record the rest."""
        try:
            while not stop.is_set():
                await self._look_safely()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._look_every_s):
                        await stop.wait()
        finally:
            await self._end()

    async def _end(self) -> None:
        if not self._jobs:
            return
        for job, _task in self._jobs.values():
            job.leave_off()
        tasks = [task for _job, task in self._jobs.values()]
        await asyncio.wait(tasks, timeout=_LAST_ANSWERS_S)
        for job, _task in self._jobs.values():
            job.give_up()
        await asyncio.wait(tasks, timeout=_LAST_WRITES_S)

    async def _look_safely(self) -> None:
        self._collect()
        try:
            await self._look()
        except DATABASE_FAILURES as error:
            if not self._fails:
                log.error("worker_without_database", error=type(error).__name__)
            self._fails = True
            return
        except Exception as error:  # noqa: BLE001 - no broadcast may keep the others waiting
            log.error("worker_failed", error=type(error).__name__)
            return
        self._fails = False

    async def _look(self) -> None:
        """Begin what is due, give up what nobody works on any more, end what is complete."""
        await self._give_up_expired()
        wanted = await self._wanted()
        for key, (job, _task) in self._jobs.items():
            if key not in wanted:
                job.leave_off()
        await self._start(wanted)
        await self._purge_daily()

    async def _give_up_expired(self) -> None:
        if time.monotonic() < self._give_up_at:
            return
        self._give_up_at = time.monotonic() + self._lease_s / _LOOKS_A_LEASE
        if given_up := await self._deliveries.give_up_expired():
            log.warning("deliveries_given_up", number=given_up)

    async def _wanted(self) -> dict[_Key, Callable[[], _Job]]:
        """Find what there is to do, and how to build who does it."""
        wanted: dict[_Key, Callable[[], _Job]] = {}
        work = await self._broadcasts.list_work()
        self._brakes = {each.id: self._brakes.get(each.id, Brake()) for each in work.running}
        for broadcast in work.running:
            if self._broadcasts.is_open(broadcast):
                wanted[Sending, broadcast.id] = partial(self._new_sending, broadcast)
        now = time.monotonic()
        self._withdraw_at = {
            each.id: self._withdraw_at.get(each.id, now) for each in work.withdrawn
        }
        for broadcast in work.withdrawn:
            if self._withdraw_at[broadcast.id] <= now:
                wanted[Withdrawing, broadcast.id] = partial(self._new_withdrawing, broadcast)
        return wanted

    async def _start(self, wanted: Mapping[_Key, Callable[[], _Job]]) -> None:
        if time.monotonic() < self._rests_until:
            return
        for key, build in wanted.items():
            if key not in self._jobs and not await self._is_complete(key):
                job = build()
                self._jobs[key] = job, asyncio.create_task(job.run())

    async def _purge_daily(self) -> None:
        if time.monotonic() < self._purge_at:
            return
        self._purge_at = time.monotonic() + _PURGE_EVERY_S
        if removed := await self._broadcasts.purge():
            log.info("old_deliveries_removed", number=removed)

    async def _is_complete(self, key: _Key) -> bool:
        kind, broadcast_id = key
        return kind is Sending and await self._broadcasts.finish(broadcast_id)

    def _collect(self) -> None:
        """Take the jobs that ended out; after one that did not reach Telegram all rest a while."""
        for key, (job, task) in list(self._jobs.items()):
            if not task.done():
                continue
            del self._jobs[key]
            if isinstance(job, Withdrawing):
                self._withdraw_at[key[1]] = time.monotonic() + job.rest_s
            error = task.exception()
            if error is not None:
                log.error("worker_job_failed", error=type(error).__name__)
            if error is not None or job.is_unreached:
                self._rests_until = time.monotonic() + self._rest_s
                self._rest_s = min(2 * self._rest_s, _LONGEST_REST_S)
            else:
                self._rest_s = _FIRST_REST_S

    def _new_sending(self, broadcast: Broadcast) -> Sending:
        return Sending(
            broadcast,
            broadcasts=self._broadcasts,
            deliveries=self._deliveries,
            messenger=self._messenger,
            brake=self._brakes[broadcast.id],
            lease_s=self._lease_s,
        )

    def _new_withdrawing(self, broadcast: Broadcast) -> Withdrawing:
        return Withdrawing(broadcast, self._deliveries, self._messenger)
