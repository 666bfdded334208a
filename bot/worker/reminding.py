"""Goes through all reminders once a day: looks each one up, and writes to those who are due."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime

from bot.domain.broadcasts import Brake, DeliveryState
from bot.log import get_logger
from bot.services.broadcasts import LEDGER_KEPT_FOR
from bot.services.reminding import ReminderMessenger, Reminding
from bot.services.sending import Departure, Outcome
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.reminder_notices import Look, NoticeRepository, Place, Watched
from bot.worker.flights import Flight, landed

log = get_logger(__name__)

# Longer than two calls to Telegram that wait for their answer.
REMINDER_LEASE_S = 60.0
# Within so long a new register, a new day or a given-up claim is noticed.
REST_S = 60.0
# To find nobody among a million takes seconds; it must not take more than a part of the time.
_REST_FACTOR = 20
# While Telegram fails, most messages would be lost.
_BRAKE_REST_S = 600.0
_BATCH = 200
# A second of the free rate; a kill leaves no more uncertain.
_IN_FLIGHT = 25
# Somebody who waits for an answer gets a turn after so long, and half of the time.
_SLICE_S = 0.005
_POLL_S = 0.1
# At the end messages that have left may be answered for so long, and that is written for so long.
_LAST_ANSWERS_S = 6.0
_WRITE_TRIES = 5


class ReminderWorker:
    """Any number of workers may run on one database; they share the reminders between them.

    Args:
        lease_s: after so many seconds a claim whose owner was not heard of is given up.
        rest_s: how often it looks whether there is something to do.
    """

    def __init__(
        self,
        reminding: Reminding,
        notices: NoticeRepository,
        messenger: ReminderMessenger,
        *,
        lease_s: float = REMINDER_LEASE_S,
        rest_s: float = REST_S,
    ) -> None:
        self._reminding = reminding
        self._notices = notices
        self._messenger = messenger
        # The other half is for the answer.
        self._leave_within_s = lease_s / 2
        self._rest_s = rest_s
        self._brake = Brake()
        self._stop = asyncio.Event()
        self._sent = 0
        self._stale_on: date | None = None
        self._purged_on: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until *stop* is set; then wait for the answers to what has left."""
        self._stop = stop
        while not stop.is_set():
            rest_s = self._rest_s
            began = time.monotonic()
            try:
                if not await self._go_through():
                    rest_s = max(rest_s, _REST_FACTOR * (time.monotonic() - began))
                if self._brake.is_on:
                    log.error("reminders_failing", rest_s=_BRAKE_REST_S)
                    self._brake.release()
                    rest_s = _BRAKE_REST_S
            except DATABASE_FAILURES as error:
                log.error("reminders_without_database", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - the next day's reminders must not be lost
                log.error("reminders_failed", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await stop.wait()

    async def _go_through(self) -> int:
        """Look at everybody who has not been looked at today, those whose end is near first.

        Gives their number.
        """
        if given_up := await self._notices.give_up_expired():
            log.warning("reminders_given_up", number=given_up)
        await self._purge_daily()
        looked, self._sent = 0, 0
        place: Place | None = None
        while self._may_go_on():
            on, as_of = self._reminding.today(), self._reminding.as_of
            batch = await self._notices.claim(on, as_of, place, _BATCH)
            place = batch.place
            if place is None:
                break
            looked += len(batch.watched)
            if not await self._deal_with(batch.watched, on, as_of):
                break
        if looked:
            log.info("reminders_looked_through", looked=looked, sent=self._sent)
        return looked

    def _may_go_on(self) -> bool:
        if self._stop.is_set() or not self._reminding.is_open or self._brake.is_on:
            return False
        if self._reminding.is_fresh:
            return True
        if self._stale_on != self._reminding.today():
            self._stale_on = self._reminding.today()
            log.warning("reminders_wait_for_register", as_of=self._reminding.as_of.isoformat())
        return False

    async def _deal_with(self, watched: Sequence[Watched], on: date, as_of: date) -> bool:
        """Look at some people and write to those who are due; tell whether to go on now.

        Those who were not written to are looked at again later.
        """
        looks = await self._look(watched)
        due = [look for look in looks if look.is_to_be_sent]
        quiet = [look for look in looks if not look.is_to_be_sent]
        await self._notices.settle(quiet, on=on, as_of=as_of)
        for start in range(0, len(due), _IN_FLIGHT):
            if not self._may_go_on():
                await self._notices.release([look.watched for look in due[start:]])
                return False
            some = due[start : start + _IN_FLIGHT]
            states = await self._send(await self._notices.settle(some, on=on, as_of=as_of))
            self._sent += states.count(DeliveryState.SENT)
            if DeliveryState.PENDING in states:
                await self._notices.release([look.watched for look in due[start + _IN_FLIGHT :]])
                return False
        return True

    async def _look(self, watched: Sequence[Watched]) -> list[Look]:
        """Look everybody up in short slices: answers come between them."""
        looks = []
        began = time.monotonic()
        for each in watched:
            looks.append(self._reminding.look(each))
            if (spent_s := time.monotonic() - began) > _SLICE_S:
                await asyncio.sleep(spent_s)
                began = time.monotonic()
        return looks

    async def _send(self, looks: Sequence[Look]) -> list[DeliveryState]:
        """Send what was claimed, and record what became of it."""
        closes_in_s = self._reminding.closes_in_s
        leave_by = time.monotonic() + min(self._leave_within_s, closes_in_s)
        flights = []
        for look in looks:
            departure = Departure(leave_by)
            task = asyncio.create_task(self._send_one(look, departure))
            flights.append(Flight(look, departure, task))
        await self._wait(flights)
        outcomes = [landed(flight) for flight in flights]
        for outcome in outcomes:
            self._brake.note(outcome.state, in_doubt=outcome.is_in_doubt)
        states = [outcome.state for outcome in outcomes]
        await self._record(list(zip(looks, states, strict=True)))
        return states

    async def _send_one(self, look: Look, departure: Departure) -> Outcome:
        letter = self._reminding.letter(look)
        if letter is None:
            # The register changed meanwhile: it is looked at again.
            return Outcome(DeliveryState.PENDING)
        return await self._messenger.send(letter, departure)

    async def _wait(self, flights: Sequence[Flight[Look]]) -> None:
        """Wait for all; who has not left in time, or at the end, stays."""
        give_up_at: float | None = None
        while tasks := [flight.task for flight in flights if not flight.task.done()]:
            await asyncio.wait(tasks, timeout=_POLL_S)
            for flight in flights:
                must_stay = self._stop.is_set() or flight.departure.is_late
                if must_stay and not flight.departure.has_left:
                    flight.task.cancel()
            if self._stop.is_set():
                give_up_at = give_up_at or time.monotonic() + _LAST_ANSWERS_S
                if time.monotonic() > give_up_at:
                    for task in tasks:
                        task.cancel()

    async def _record(self, found: Sequence[tuple[Look, DeliveryState]]) -> None:
        """Write what became of the messages; what cannot be written is uncertain in the end."""
        if not found:
            return
        for attempt in range(_WRITE_TRIES):
            try:
                await self._notices.record(found)
            except DATABASE_FAILURES as error:
                log.error("reminders_not_recorded", error=type(error).__name__)
                await asyncio.sleep(_POLL_S * 2**attempt)
            else:
                break
        doubtful = sum(state is DeliveryState.UNCERTAIN for _look, state in found)
        if doubtful:
            log.warning("reminders_uncertain", number=doubtful)

    async def _purge_daily(self) -> None:
        today = self._reminding.today()
        if self._purged_on == today:
            return
        self._purged_on = today
        if removed := await self._notices.purge(datetime.now(UTC) - LEDGER_KEPT_FOR):
            log.info("old_reminders_removed", number=removed)
