"""Messages on their way, and what became of each."""

import asyncio
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.broadcasts import DeliveryState
from bot.log import get_logger
from bot.services.sending import Departure, NotLeavingError, Outcome

log = get_logger(__name__)

_T = TypeVar("_T")


@dataclass(slots=True)
class Flight(Generic[_T]):
    """A message on its way; *of* is what was claimed for it."""

    of: _T
    departure: Departure
    task: "asyncio.Task[Outcome]"


def landed(flight: Flight[_T]) -> Outcome:
    """Give what became of a message, whatever its task ended by."""
    if not flight.task.cancelled():
        error = flight.task.exception()
        if error is None:
            return flight.task.result()
        if not isinstance(error, NotLeavingError):
            log.error("delivery_failed", error=type(error).__name__)
            if not flight.departure.has_left:
                return Outcome(DeliveryState.FAILED, error=type(error).__name__)
    if flight.departure.has_left:
        return Outcome(DeliveryState.UNCERTAIN, error="no answer")
    return Outcome(DeliveryState.PENDING)
