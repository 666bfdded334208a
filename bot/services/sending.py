"""What passes between the worker, who decides, and Telegram's side, which sends."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.broadcasts import DeliveryState
from bot.domain.wording import Wording
from bot.storage.deliveries import SentMessage
from bot.storage.subscribers import SubscriberId


class NotLeavingError(Exception):
    """The message must not leave any more: its time is up, or the broadcast was stopped."""


class Departure:
    """Whether a message has left for Telegram, which is when nobody can take it back.

    Args:
        deadline_s: on the clock that never goes back; afterwards it must not leave.
    """

    def __init__(self, deadline_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._deadline_s = deadline_s
        self._clock = clock
        self.has_left = False

    @property
    def is_late(self) -> bool:
        return self._clock() >= self._deadline_s

    def leave(self) -> None:
        """Note that the call begins now.

        Raises:
            NotLeavingError: it must not.
        """
        if self.is_late:
            raise NotLeavingError
        self.has_left = True

    def come_back(self) -> None:
        """Note that the call surely was not carried out."""
        self.has_left = False


@dataclass(frozen=True, slots=True)
class Order:
    """One message to be sent."""

    to: SubscriberId
    wording: Wording
    reply_to: int | None
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call says about its message.

    Attributes:
        state: pending for a message that surely was not sent and may be later.
        is_in_doubt: sent or not, nobody can tell; *state* is then uncertain.
        pause_s: for so long Telegram wants no more of the kind, beyond what is waited for.
        is_unreached: Telegram could not be reached at all.
    """

    state: DeliveryState
    message_id: int | None = None
    error: str | None = None
    pause_s: float | None = None
    is_unreached: bool = False

    @property
    def is_in_doubt(self) -> bool:
        return self.state is DeliveryState.UNCERTAIN


class Messenger(Protocol):
    """Sends and deletes messages, and reads from errors what became of them."""

    async def send(self, order: Order, departure: Departure) -> Outcome:
        """Send one message; no error of Telegram is raised.

        Raises:
            NotLeavingError: its departure was refused.
        """

    async def delete(self, message: SentMessage) -> bool | None:
        """Delete one message; tell whether it is gone, None where it is worth another try."""
