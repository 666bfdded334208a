"""People who wait for an answer send their number again and again: one answer is enough."""

from datetime import datetime

from aiogram.types import Message
from cachetools import TTLCache

_REMEMBERED = 20_000
# Longer than any pause in which numbers pile up and are then answered one after the other.
_REMEMBERED_S = 10 * 60


class Repeats:
    """Knows when each number was answered, by the dates that Telegram gives to messages.

    Numbers are named by their keys.
    """

    def __init__(self) -> None:
        self._answered_at: TTLCache[tuple[int, bytes], datetime]
        self._answered_at = TTLCache(_REMEMBERED, _REMEMBERED_S)

    def is_answered(self, message: Message, key: bytes) -> bool:
        """Tell whether the number was answered after *message* was sent."""
        answered_at = self._answered_at.get((message.chat.id, key))
        return answered_at is not None and message.date < answered_at

    def note(self, key: bytes, answer: Message) -> None:
        self._answered_at[answer.chat.id, key] = answer.date
