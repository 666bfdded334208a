"""Whose next message belongs to a draft, known without a query for every resident's message."""

import asyncio
import time
from collections.abc import Callable

from bot.log import get_logger
from bot.storage.drafts import DraftRepository
from bot.storage.engine import DATABASE_FAILURES

log = get_logger(__name__)

# Nobody writes a text within half a second after a press that another process has handled.
_FRESH_S = 0.5
# Residents are answered from what is known when the database is not heard of for longer.
_LONGEST_READ_S = 1.0


class AwaitingAuthors:
    """Reads the list again after half a second, for presses that other processes have handled."""

    def __init__(
        self, repository: DraftRepository, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._repository = repository
        self._clock = clock
        self._authors: frozenset[int] | None = None
        self._fresh_until = float("-inf")

    async def includes(self, author: int) -> bool:
        if self._authors is None or self._clock() >= self._fresh_until:
            # Nobody else waits for the same list while it is read.
            self._fresh_until = self._clock() + _FRESH_S
            try:
                async with asyncio.timeout(_LONGEST_READ_S):
                    self._authors = await self._repository.awaiting_authors()
            except DATABASE_FAILURES as error:
                log.error("drafts_not_read", error=type(error).__name__)
        return author in (self._authors or ())

    def note(self, author: int, *, is_awaiting: bool) -> None:
        """Change the list at once for what this process has handled."""
        known = self._authors or frozenset()
        self._authors = known | {author} if is_awaiting else known - {author}
