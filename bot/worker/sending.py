"""Sends one running broadcast: claims a few recipients, sends, records what became of them."""

import asyncio
import time
from datetime import UTC, datetime

from bot.domain.broadcasts import Brake, DeliveryState, PauseReason, after_doubt
from bot.log import get_logger
from bot.services.broadcasts import Broadcasts
from bot.services.sending import Departure, Messenger, Order, Outcome
from bot.storage.broadcasts import Broadcast
from bot.storage.deliveries import Claim, DeliveryRepository, Finding
from bot.storage.engine import DATABASE_FAILURES
from bot.worker.flights import Flight, landed

log = get_logger(__name__)

# A second of the free rate: enough for a round trip of 0.6 s, and no more goes out after a stop.
IN_FLIGHT = 25
# Three quarters of a second of the paid rate: a tenth is with Telegram, two or three are back and
# wait to be written, and the rest waits at the gate until the next claim.
IN_FLIGHT_PAID = 750
# Of these so many wait at the gate as leave in the time of two claims: more of them a kill would
# leave uncertain, fewer would let the gate run dry while a busy database writes.
_PER_S, _PER_S_PAID = 25, 1000
_CLAIMS_AHEAD = 2
# So often what came in is written together, and as many are claimed anew.
_BATCH_S = 0.2
_AT_ONCE = 10


class Sending:
    """Runs until nothing is left to claim, or it is told to leave off.

    Args:
        brake: remembers failures from one run of the broadcast to the next.

    Attributes:
        is_unreached: Telegram could not be reached.
    """

    def __init__(
        self,
        broadcast: Broadcast,
        *,
        broadcasts: Broadcasts,
        deliveries: DeliveryRepository,
        messenger: Messenger,
        brake: Brake,
        lease_s: float,
    ) -> None:
        self._broadcast = broadcast
        self._broadcasts = broadcasts
        self._deliveries = deliveries
        self._messenger = messenger
        self._brake = brake
        # The other half is for the answer.
        self._leave_within_s = lease_s / 2
        self._next_batch_at = self._claimed_at = time.monotonic()
        self._in_flight: list[Flight[Claim]] = []
        self._findings: list[Finding] = []
        self._is_leaving_off = False
        self._is_given_up = False
        self.is_unreached = False

    def leave_off(self) -> None:
        """Let no more messages leave, give back those that have not, wait for the others."""
        self._is_leaving_off = True
        self._call_back()

    def give_up(self) -> None:
        """Wait no longer for answers, nor for a database that does not write."""
        self._is_leaving_off = self._is_given_up = True
        for flight in self._in_flight:
            flight.task.cancel()

    async def run(self) -> None:
        """Send; what the database refuses is tried again until it is written."""
        while True:
            claimed = await self._claim()
            if not claimed and not self._in_flight and not self._findings:
                return
            await self._wait()
            self._call_back()
            await self._gather()
            if not await self._record() and self._is_given_up:
                # Their leases end, and then they are uncertain.
                return

    async def _claim(self) -> int:
        """Take as many recipients as may be on their way at once."""
        is_paid = self._broadcast.choices.is_paid
        most, per_s = (IN_FLIGHT_PAID, _PER_S_PAID) if is_paid else (IN_FLIGHT, _PER_S)
        now = time.monotonic()
        between_s, self._claimed_at = max(now - self._claimed_at, _BATCH_S), now
        most_waiting = round(_CLAIMS_AHEAD * per_s * between_s)
        waiting = sum(not flight.departure.has_left for flight in self._in_flight)
        free = min(most - len(self._in_flight), most_waiting - waiting)
        if self._is_leaving_off or self._findings or free <= 0:
            return 0
        leave_by = now + self._leave_within_s
        try:
            claims = await self._deliveries.claim(self._broadcast.id, free)
        except DATABASE_FAILURES as error:
            log.error("deliveries_not_claimed", error=type(error).__name__)
            self._is_leaving_off = True
            return 0
        for number, claim in enumerate(claims, start=1):
            departure = Departure(leave_by)
            task = asyncio.create_task(self._send(claim, departure))
            self._in_flight.append(Flight(claim, departure, task))
            if number % _AT_ONCE == 0:
                # Answers go between.
                await asyncio.sleep(0)
        return len(claims)

    async def _send(self, claim: Claim, departure: Departure) -> Outcome:
        wording = self._broadcast.wordings.of(claim.locale)
        if wording is None:
            # They changed nothing: the confirmation saw to it that there is one.
            return Outcome(DeliveryState.FAILED, error="no wording in the language")
        is_paid = self._broadcast.choices.is_paid
        order = Order(claim.subscriber_id, wording, claim.reply_to, is_paid)
        return await self._messenger.send(order, departure)

    async def _wait(self) -> None:
        """Let the next batch come about, whose writing is a part of its time."""
        now = time.monotonic()
        self._next_batch_at = max(self._next_batch_at + _BATCH_S, now)
        await asyncio.sleep(self._next_batch_at - now)

    def _call_back(self) -> None:
        """Stop those that wait to leave and must not any more."""
        for flight in self._in_flight:
            must_stay = self._is_leaving_off or flight.departure.is_late
            if must_stay and not flight.departure.has_left:
                flight.task.cancel()

    async def _gather(self) -> None:
        """Take the flights that ended out, and learn from them."""
        done = [flight for flight in self._in_flight if flight.task.done()]
        self._in_flight = [flight for flight in self._in_flight if not flight.task.done()]
        for flight in done:
            outcome = landed(flight)
            self._findings.append(self._finding(flight, outcome))
            if not self._is_leaving_off:
                self._brake.note(outcome.state, in_doubt=outcome.is_in_doubt)
            if outcome.is_unreached:
                self.is_unreached = self._is_leaving_off = True
            if outcome.pause_s is not None:
                await self._pause(PauseReason.TELEGRAM)
        if self._brake.is_on:
            await self._pause(PauseReason.ERRORS)

    def _finding(self, flight: Flight[Claim], outcome: Outcome) -> Finding:
        state = outcome.state
        if outcome.is_in_doubt:
            rather_twice = self._broadcast.choices.rather_twice
            state = after_doubt(flight.of.attempt, rather_twice=rather_twice)
        return Finding(
            claim=flight.of,
            state=state,
            at=datetime.now(UTC),
            message_id=outcome.message_id,
            error=outcome.error,
            is_untried=outcome.state is DeliveryState.PENDING,
        )

    async def _pause(self, reason: PauseReason) -> None:
        if self._is_leaving_off:
            return
        self.leave_off()
        # Whoever resumes it wants to see how it goes from then on.
        self._brake.release()
        try:
            await self._broadcasts.pause(self._broadcast.id, reason)
        except DATABASE_FAILURES as error:
            log.error("broadcast_not_paused", error=type(error).__name__)

    async def _record(self) -> bool:
        """Write what was found out; what cannot be written waits, and nobody is claimed."""
        if not self._findings:
            return True
        try:
            await self._deliveries.record(self._findings)
        except DATABASE_FAILURES as error:
            log.error("deliveries_not_recorded", error=type(error).__name__)
            return False
        self._findings.clear()
        return True
