"""The record of every Bot API call: what the tests take for the truth."""

from collections import deque
from itertools import islice
from typing import Any

from bot.emulator.shapes import JSON

MAX_KEPT = 200_000


class Journal:
    """Numbered calls of which the newest are kept."""

    def __init__(self) -> None:
        self._entries: deque[JSON] = deque(maxlen=MAX_KEPT)
        self._last_id = 0

    def add(self, entry: JSON, **outcome: Any) -> None:
        """Record a call together with its outcome: ``result`` or ``error``, and ``fault``."""
        self._last_id += 1
        self._entries.append({"id": self._last_id, **entry, **outcome})

    def after(self, number: int) -> list[JSON]:
        """List the calls that follow *number*, as far as they are kept."""
        wanted = self._last_id - number
        if wanted <= 0:
            return []
        return list(islice(self._entries, max(0, len(self._entries) - wanted), None))
