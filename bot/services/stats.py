"""Figures for operators: what may be shown of the days that are over."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.domain.stats import Kind, Series, show_day
from bot.storage.counters import CounterRepository

# Counts are written seconds behind; after so long nothing is added to a day any more.
CLOSED_AFTER = timedelta(minutes=10)


class Stats:
    """Reads counts and gives what the rule lets through, never the counts themselves.

    Args:
        today: the first day that is not over: a few minutes behind the day in Kazakhstan.
    """

    def __init__(self, repository: CounterRepository, today: Callable[[], date]) -> None:
        self._repository = repository
        self._today = today

    async def read(self, number: int) -> Mapping[Kind, Series]:
        """Give every kind on the last so many days that are over."""
        today = self._today()
        days = tuple(today - timedelta(days=back) for back in range(number, 0, -1))
        raw = await self._repository.read(days[0], days[-1])
        shown = [show_day(raw.get(day, {})) for day in days]
        return {kind: Series(days, tuple(day[kind] for day in shown)) for kind in Kind}
