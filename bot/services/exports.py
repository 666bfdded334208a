"""What a person gets who asks for everything the bot keeps about them."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cachetools import TTLCache

from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.storage.answers import AnswerRepository
from bot.storage.erasures import ErasureFile
from bot.storage.personal import PersonalRepository, Rows
from bot.storage.subscribers import SubscriberId

# An export reads whole tables and a file, and is an upload.
PAUSE_S = 600
_MAX_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Export:
    """All about one person, with marks made with the pepper as bytes: they are for nobody's eyes.

    Attributes:
        made_at: aware UTC instant.
        tables: the rows of the database by table.
        erased_at: when the person erased everything, as the marks beside the database say.
        asked: how many people's keys are remembered for the limit of a day.
        missed: how many of numbers that nobody has, for the limit of an hour.
        last_view: what they looked at last, for the count of where people leave.
    """

    made_at: datetime
    tables: Mapping[str, Rows]
    erased_at: Sequence[datetime]
    asked: int
    missed: int
    last_view: str | None


class Exports:
    """Collects from all places that know people.

    Args:
        clock: seconds that never go back.
    """

    def __init__(
        self,
        repository: PersonalRepository,
        answers: AnswerRepository,
        erasures: ErasureFile | None,
        limits: Limits,
        counters: Counters,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._repository = repository
        self._answers = answers
        self._erasures = erasures
        self._limits = limits
        self._counters = counters
        self._clock = clock
        self._next_at: TTLCache[SubscriberId, float] = TTLCache(_MAX_PEOPLE, PAUSE_S, clock)

    def wait_s(self, subscriber_id: SubscriberId) -> float:
        """Tell after how many seconds the person may have an export; 0 for now."""
        return max(self._next_at.get(subscriber_id, 0) - self._clock(), 0)

    async def make(self, subscriber_id: SubscriberId) -> Export:
        """Collect everything, answers that wait for being written too."""
        waiting = self._answers.waiting_of(subscriber_id)
        tables = await self._repository.rows(subscriber_id)
        written = {row["id"] for row in tables["answers"]}
        unwritten = [row for row in waiting if row["id"] not in written]
        erased_at: Sequence[datetime] = ()
        if self._erasures is not None:
            erased_at = await asyncio.to_thread(self._erasures.times_of, subscriber_id)
        asked, missed = self._limits.counted(subscriber_id)
        return Export(
            made_at=datetime.now(UTC),
            tables={**tables, "answers": [*tables["answers"], *unwritten]},
            erased_at=erased_at,
            asked=asked,
            missed=missed,
            last_view=self._counters.last_view(subscriber_id),
        )

    def note_sent(self, subscriber_id: SubscriberId) -> None:
        """Begin the pause; an export that did not arrive does not count."""
        self._next_at[subscriber_id] = self._clock() + PAUSE_S
