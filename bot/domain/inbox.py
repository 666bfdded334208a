"""Conversations between residents and operators."""

from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum, StrEnum


class ConversationState(StrEnum):
    """Where a conversation is in its life."""

    OPEN = "open"
    CLOSED = "closed"  # by an operator, or because nobody wrote any more
    ENDED = "ended"  # by the resident, who wants the bot and not a person


class Rating(IntEnum):
    """What the resident says of a conversation afterwards."""

    NO = 1  # it did not help
    PARTLY = 2
    YES = 3


class Side(StrEnum):
    """Whose message it is."""

    RESIDENT = "resident"
    OPERATOR = "operator"


class CopyState(StrEnum):
    """What became of the copy of a message on the other side.

    The copy is on its way while the state is SENDING; where that is found after a crash nobody can
    tell, so it becomes UNCERTAIN and is not sent again.
    """

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


def share_of(waits: Sequence[timedelta], percent: int) -> timedelta:
    """Give the time within which so many percent of the waits were over.

    Args:
        waits: at least one.
    """
    ordered = sorted(waits)
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]
