"""Deletes what a broadcast has sent, as far as Telegram lets a bot do that."""

import asyncio
import time
from datetime import UTC, datetime

from bot.domain.broadcasts import DELETABLE_FOR, Withdrawal
from bot.services.sending import Messenger
from bot.storage.broadcasts import Broadcast
from bot.storage.deliveries import DeliveryRepository, SentMessage
from bot.storage.subscribers import SubscriberId

_AT_ONCE = 25
# To find nothing in a million rows takes a second; it must not take more than a part of the time.
_REST_FACTOR = 20


class Withdrawing:
    """Runs until no message is left that can be deleted, or it is told to leave off.

    Attributes:
        is_unreached: Telegram could not be reached.
        rest_s: for so long it is not worth another look.
    """

    def __init__(
        self, broadcast: Broadcast, deliveries: DeliveryRepository, messenger: Messenger
    ) -> None:
        self._broadcast = broadcast
        self._deliveries = deliveries
        self._messenger = messenger
        self._is_leaving_off = False
        self.is_unreached = False
        self.rest_s = 0.0

    def leave_off(self) -> None:
        """Begin no further batch."""
        self._is_leaving_off = True

    def give_up(self) -> None:
        """Do the same: a batch does not take long."""
        self.leave_off()

    async def run(self) -> None:
        """Delete in batches; a deletion done twice does no harm, so a crash needs no care."""
        beyond: SubscriberId | None = None
        while not self._is_leaving_off:
            began = time.monotonic()
            oldest = datetime.now(UTC) - DELETABLE_FOR
            messages = await self._deliveries.claim_to_withdraw(
                self._broadcast.id, oldest, _AT_ONCE, beyond
            )
            if not messages:
                self.rest_s = _REST_FACTOR * (time.monotonic() - began)
                return
            beyond = messages[-1].subscriber_id
            outcomes = await asyncio.gather(*(self._delete(message) for message in messages))
            await self._deliveries.record_withdrawn(
                self._broadcast.id, list(zip(messages, outcomes, strict=True))
            )
            if None in outcomes:
                self.is_unreached = True
                return

    async def _delete(self, message: SentMessage) -> Withdrawal | None:
        is_gone = await self._messenger.delete(message)
        if is_gone is None:
            return None
        return Withdrawal.DONE if is_gone else Withdrawal.FAILED
