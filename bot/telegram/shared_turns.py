"""Turns out of the buckets that all processes share, asked for together."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.turns import TurnRepository, Turns

log = get_logger(__name__)

_AT_ONCE = Turns(wait_s=0.0, held_s=0.0)
_Turn = asyncio.Future[Turns]


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is shared: a bucket, and the kind of traffic that Telegram may hold back.

    Attributes:
        interval_s: one turn in so many seconds.
    """

    name: str
    interval_s: float
    kind: str


class SharedTurns:
    """Asks the database for turns.

    Those who come while it is asked wait, and the next question is for all of them: a thousand
    messages a second take a few questions. While it does not answer turns are given at once: nobody
    new is claimed then either, and each process keeps to a bucket of its own.
    """

    def __init__(self, repository: TurnRepository) -> None:
        self._repository = repository
        self._waiting: defaultdict[Bucket, list[_Turn]] = defaultdict(list)
        self._asking: dict[Bucket, asyncio.Task[None]] = {}

    async def take(self, bucket: Bucket) -> Turns:
        """Take the next turn."""
        turn: _Turn = asyncio.get_running_loop().create_future()
        self._waiting[bucket].append(turn)
        if bucket not in self._asking:
            self._asking[bucket] = asyncio.create_task(self._ask(bucket))
        return await turn

    async def hold(self, kind: str, seconds: float) -> None:
        """Tell the other processes what Telegram said."""
        try:
            await self._repository.hold(kind, seconds)
        except DATABASE_FAILURES as error:
            log.error("hold_not_shared", error=type(error).__name__)

    async def _ask(self, bucket: Bucket) -> None:
        try:
            while waiting := self._waiting.pop(bucket, None):
                # Who was called back in the meantime needs no turn.
                asked = [turn for turn in waiting if not turn.done()]
                if asked:
                    _give(asked, await self._taken(bucket, len(asked)), bucket.interval_s)
        finally:
            del self._asking[bucket]

    async def _taken(self, bucket: Bucket, number: int) -> Turns:
        try:
            return await self._repository.take(bucket.name, number, bucket.interval_s, bucket.kind)
        except DATABASE_FAILURES as error:
            log.error("turns_not_shared", error=type(error).__name__)
            return _AT_ONCE


def _give(asked: list[_Turn], first: Turns, interval_s: float) -> None:
    for place, turn in enumerate(asked):
        if not turn.done():
            turn.set_result(Turns(first.wait_s + place * interval_s, first.held_s))
