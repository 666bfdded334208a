"""What can be said of a broadcast without saying it of anybody."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

# A group of fewer people could be about somebody whom one knows.
FEWEST = 10
# Stands for several values that were put together.
MANY = "*"
Cells = tuple[str, ...]


class Trouble(StrEnum):
    """Why a message did not arrive, told from the words of an error."""

    BLOCKED = "blocked"
    DELETED = "deleted"
    NO_CHAT = "no_chat"
    REFUSED = "refused"  # Telegram did not want the message itself
    LIMITED = "limited"
    NO_ANSWER = "no_answer"
    SERVER = "server"
    LOST = "lost"  # the process that sent it ended
    OTHER = "other"


_WORDS = (
    ("blocked", Trouble.BLOCKED),
    ("deactivated", Trouble.DELETED),
    ("not found", Trouble.NO_CHAT),
    ("peer_id_invalid", Trouble.NO_CHAT),
    ("initiate conversation", Trouble.NO_CHAT),
    ("too many requests", Trouble.LIMITED),
    ("not heard of", Trouble.LOST),
    ("no answer", Trouble.NO_ANSWER),
    ("telegramnetworkerror", Trouble.NO_ANSWER),
    ("telegramservererror", Trouble.SERVER),
    ("bad request", Trouble.REFUSED),
    ("no wording", Trouble.REFUSED),
)


def trouble_of(error: str | None) -> Trouble | None:
    """Tell the class of an error; its words are not handed on, whatever they quote."""
    if error is None:
        return None
    words = error.lower()
    return next((trouble for part, trouble in _WORDS if part in words), Trouble.OTHER)


def merge_small(groups: Mapping[Cells, int], fewest: int = FEWEST) -> list[tuple[Cells, int]]:
    """Put groups of fewer people together until none is left, the last cells first.

    No number is lost. Where all of them together are fewer, one group says so.
    """
    width = len(next(iter(groups), ()))
    kept: dict[Cells, int] = {}
    small: Mapping[Cells, int] = groups
    for known in range(width, -1, -1):
        together: Counter[Cells] = Counter()
        for cells, people in small.items():
            together[(*cells[:known], *(MANY for _ in cells[known:]))] += people
        kept |= {cells: people for cells, people in together.items() if people >= fewest}
        small = {cells: people for cells, people in together.items() if 0 < people < fewest}
    rest = sum(small.values())
    if rest:
        everything = (MANY,) * width
        if kept:
            rest += kept.pop(min(kept, key=lambda cells: kept[cells]))
        kept[everything] = rest
    return sorted(kept.items())
