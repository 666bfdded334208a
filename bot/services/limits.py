"""How many people one may ask about, and what is done while somebody guesses numbers.

An IIN is public and can be guessed: among the numbers with a right control digit about one in
eighteen of a birth date is somebody's. Limits of one person do not stop a crowd of accounts, so
the share of numbers that nobody has is watched over everybody.

Counted in memory, by each process for itself: nothing about a person is written for it, and a
restart forgets it.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cachetools import TTLCache

from bot.log import get_logger
from bot.storage.subscribers import Subscriber, SubscriberId

log = get_logger(__name__)

_DAY_S = 24 * 60 * 60
_HOUR_S = 60 * 60
# About 0.5 KB each; beyond that the people who asked longest ago are forgotten.
_MAX_PEOPLE = 100_000
_MINUTE_S = 60
_WATCHED_MINUTES = 10
# Of honest numbers fewer than one in ten is unknown, of guessed ones more than nine.
_GUESSED_SHARE = 0.3
_FEWEST_MISSES = 50
_GUARDED_S = _HOUR_S


class Limit(StrEnum):
    """Why a number is not looked up."""

    DAY = "day"  # too many people in a day
    MISSES = "misses"  # too many numbers in an hour that nobody has
    GUESSING = "guessing"  # somebody guesses: the phone must be proved first


class LimitReachedError(Exception):
    """A number that is not looked up; nothing was counted for it."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.value)
        self.limit = limit


@dataclass(slots=True)
class _Minute:
    number: int
    asked: int = 0
    missed: int = 0


class Limits:
    """Counts numbers by their keys; one asked about before in the day is always free.

    Args:
        per_day: different people one may ask about in 24 hours.
        misses_per_hour: numbers nobody has, for one person.
        on_guessing: is told the misses and all questions of the last ten minutes.
        clock: seconds that never go back, whatever is done to the time of day.
    """

    def __init__(
        self,
        per_day: int,
        misses_per_hour: int,
        on_guessing: Callable[[int, int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_day = per_day
        self._misses_per_hour = misses_per_hour
        self._on_guessing = on_guessing
        self._clock = clock
        self._asked: TTLCache[SubscriberId, set[bytes]] = TTLCache(_MAX_PEOPLE, _DAY_S, clock)
        self._missed: TTLCache[SubscriberId, set[bytes]] = TTLCache(_MAX_PEOPLE, _HOUR_S, clock)
        self._minutes: deque[_Minute] = deque(maxlen=_WATCHED_MINUTES)
        self._guarded_until = float("-inf")

    def admit(self, subscriber: Subscriber, key: bytes) -> bool:
        """Count a number before it is looked up; tell whether it is new.

        Raises:
            LimitReachedError: it must not be looked up.
        """
        asked = self._asked.get(subscriber.id, set())
        if key in asked:
            return False
        if (limit := self._reached(subscriber, asked)) is not None:
            log.warning("look_up_refused", limit=limit.value)
            raise LimitReachedError(limit)
        self._asked.setdefault(subscriber.id, set()).add(key)
        return True

    def count(self, subscriber: Subscriber, key: bytes, *, is_found: bool) -> None:
        """Count what a new number was, and begin to guard the register where many are unknown."""
        if not is_found:
            self._missed.setdefault(subscriber.id, set()).add(key)
        now = self._clock()
        minute = self._minute(int(now // _MINUTE_S))
        minute.asked += 1
        minute.missed += not is_found
        recent = [each for each in self._minutes if each.number > minute.number - _WATCHED_MINUTES]
        asked, missed = sum(each.asked for each in recent), sum(each.missed for each in recent)
        is_guessed = missed >= _FEWEST_MISSES and missed >= asked * _GUESSED_SHARE
        if is_guessed and now >= self._guarded_until:
            self._guarded_until = now + _GUARDED_S
            log.error("guessing_noticed", missed=missed, asked=asked)
            self._on_guessing(missed, asked)

    def counted(self, subscriber_id: SubscriberId) -> tuple[int, int]:
        """Give how many people one asked about in the day, and of them unknown in the hour."""
        asked, missed = self._asked.get(subscriber_id, ()), self._missed.get(subscriber_id, ())
        return len(asked), len(missed)

    def _reached(self, subscriber: Subscriber, asked: set[bytes]) -> Limit | None:
        if len(asked) >= self._per_day:
            return Limit.DAY
        if len(self._missed.get(subscriber.id, ())) >= self._misses_per_hour:
            return Limit.MISSES
        if self._clock() < self._guarded_until and subscriber.phone_key is None:
            return Limit.GUESSING
        return None

    def _minute(self, number: int) -> _Minute:
        if not self._minutes or self._minutes[-1].number != number:
            self._minutes.append(_Minute(number))
        return self._minutes[-1]
