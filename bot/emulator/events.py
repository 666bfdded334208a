"""What happened, in order, for the people who look on: the chat page and the tests."""

import asyncio
from collections import deque
from typing import Any

from bot.emulator.shapes import JSON

MAX_KEPT = 20_000


class EventLog:
    """Numbered events of which the newest are kept, with a way to wait for the next."""

    def __init__(self) -> None:
        self._events: deque[JSON] = deque(maxlen=MAX_KEPT)
        self._waiting: set[asyncio.Event] = set()
        self.last_id = 0
        self.is_closed = False

    def publish(self, kind: str, chat_id: int | None = None, **details: Any) -> None:
        """Record an event and wake everybody who waits for one."""
        self.last_id += 1
        event: JSON = {"id": self.last_id, "kind": kind}
        if chat_id is not None:
            event["chat_id"] = chat_id
        self._events.append(event | details)
        self._wake()

    def close(self) -> None:
        """Let everybody who waits go; nothing more will happen."""
        self.is_closed = True
        self._wake()

    def after(self, number: int) -> list[JSON]:
        """List the events that follow *number*, as far as they are kept."""
        wanted = self.last_id - number
        if wanted <= 0:
            return []
        start = max(0, len(self._events) - wanted)
        return [self._events[index] for index in range(start, len(self._events))]

    async def wait(self, number: int, timeout_s: float) -> None:
        """Return when there is an event after *number*, or when the time is over."""
        if self.is_closed or self.last_id > number:
            return
        bell = asyncio.Event()
        self._waiting.add(bell)
        try:
            async with asyncio.timeout(timeout_s):
                await bell.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting.discard(bell)

    def _wake(self) -> None:
        for bell in self._waiting:
            bell.set()
