"""A broadcast's life, its hours, and what stops it by itself."""

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import NewType

BroadcastId = NewType("BroadcastId", int)
# One time for the whole country (bot/services/clock.py checks it).
KAZAKHSTAN = timezone(timedelta(hours=5))
# Telegram lets a bot delete its message for so long.
DELETABLE_FOR = timedelta(hours=48)
# A broadcast that could not begin in time, for the bot was down, may be out of place by now.
LATE_AFTER = timedelta(hours=1)
# For the operator who chose "rather twice than never", and not without an end.
MAX_ATTEMPTS = 3


class BroadcastState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


ENDED = frozenset({BroadcastState.STOPPED, BroadcastState.DONE})


class PauseReason(StrEnum):
    OPERATOR = "operator"
    ERRORS = "errors"  # too many of the last messages failed
    TELEGRAM = "telegram"  # Telegram asks to wait longer than a broadcast does by itself
    LATE = "late"  # its time passed while nothing could send
    REVOKED = "revoked"  # who wrote it or let it out has lost a role that this takes
    RESTORED = "restored"  # a backup does not know what was sent after it


class DeliveryState(StrEnum):
    """What is known of the message to one recipient."""

    PENDING = "pending"
    SENDING = "sending"  # somebody is at it until the lease ends
    SENT = "sent"
    FAILED = "failed"  # Telegram refused it
    # Blocked the bot, deleted the account, never wrote, or wants no messages any more.
    UNREACHABLE = "unreachable"
    UNCERTAIN = "uncertain"  # sent or not: nobody can tell


UNFINISHED = frozenset({DeliveryState.PENDING, DeliveryState.SENDING})


class Withdrawal(StrEnum):
    """What became of taking back a message that was sent."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Hours:
    """The time of day in Kazakhstan in which a broadcast may disturb."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("the hours of a broadcast begin before they end, on the same day")

    def include(self, instant: datetime) -> bool:
        return self.opens <= instant.astimezone(KAZAKHSTAN).time() < self.closes

    def seconds_left(self, instant: datetime) -> float:
        """Give the seconds until these hours end on the day of the instant; negative afterwards."""
        local = instant.astimezone(KAZAKHSTAN)
        return (datetime.combine(local.date(), self.closes, KAZAKHSTAN) - local).total_seconds()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the author decided about the sending.

    Attributes:
        starts_at: aware instant; one that has passed means at once.
        rather_twice: where nobody can tell whether a message was sent, send it again; otherwise
            nobody gets it twice, and those are counted.
        is_paid: up to a thousand messages a second, for 0.1 Stars each.
    """

    starts_at: datetime
    hours: Hours | None = None
    rather_twice: bool = False
    is_paid: bool = False

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None:
            raise ValueError("the start of a broadcast needs a zone")

    @property
    def starts_at_utc(self) -> datetime:
        return self.starts_at.astimezone(UTC)


def after_doubt(attempt: int, *, rather_twice: bool) -> DeliveryState:
    """Give the state of somebody to whom a message was sent or not."""
    again = rather_twice and attempt < MAX_ATTEMPTS
    return DeliveryState.PENDING if again else DeliveryState.UNCERTAIN


class Brake:
    """Tells when too many of the last messages came to nothing.

    Messages whose fate is unknown count: while Telegram fails, all of them would be such. People
    who cannot be reached do not, there are always some.
    """

    LAST = 100
    FEWEST = 20
    SHARE = 0.2

    def __init__(self) -> None:
        self._failed: deque[bool] = deque(maxlen=self.LAST)

    def note(self, state: DeliveryState, *, in_doubt: bool) -> None:
        """Count the end of one attempt; *in_doubt* also where it will be repeated."""
        if in_doubt or state in (DeliveryState.FAILED, DeliveryState.UNCERTAIN):
            self._failed.append(True)
        elif state is DeliveryState.SENT:
            self._failed.append(False)

    def release(self) -> None:
        """Forget what was counted."""
        self._failed.clear()

    @property
    def is_on(self) -> bool:
        failed = sum(self._failed)
        return failed >= self.FEWEST and failed >= self.SHARE * len(self._failed)
