"""How often something may happen: some at once, then one in a while."""

import asyncio
import math
from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Gives out turns; by the generic cell rate algorithm, which keeps one number.

    Attributes:
        interval_s: one turn in so many seconds, in the long run.
        burst: so many turns at once, after a rest.
    """

    interval_s: float
    burst: int = 1
    _next_s: float = float("-inf")

    def reserve(self, now_s: float) -> float:
        """Take the next turn; give the seconds to wait for it."""
        earned = now_s - (self.burst - 1) * self.interval_s
        turn = max(self._next_s, earned)
        self._next_s = turn + self.interval_s
        return max(turn - now_s, 0.0)


class Ticks:
    """Lets those who wait for about the same moment go on together.

    To wake up for each message costs much of what it takes to send one. When many are due, for the
    machine was busy, they go on a few at a time, and what else there is to do comes between.

    Args:
        interval_s: so long the wait may become longer.
        at_once: how many go on before anything else has its turn.
    """

    def __init__(self, interval_s: float, at_once: int) -> None:
        self._interval_s = interval_s
        self._at_once = at_once
        self._waiting: defaultdict[int, list[asyncio.Future[None]]] = defaultdict(list)
        self._due: deque[asyncio.Future[None]] = deque()

    async def wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        tick = math.ceil((loop.time() + seconds) / self._interval_s)
        if tick not in self._waiting:
            loop.call_at(tick * self._interval_s, self._begin, tick)
        woken = loop.create_future()
        self._waiting[tick].append(woken)
        await woken

    def _begin(self, tick: int) -> None:
        is_waking = bool(self._due)
        self._due.extend(self._waiting.pop(tick))
        if not is_waking:
            self._wake()

    def _wake(self) -> None:
        for _ in range(min(self._at_once, len(self._due))):
            woken = self._due.popleft()
            if not woken.done():
                woken.set_result(None)
        if self._due:
            asyncio.get_running_loop().call_soon(self._wake)
