"""When operators are at work, by the clocks of Kazakhstan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_LOOKED_AHEAD = 31


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Hours of the week, and the days without any.

    Attributes:
        week: from when until when, by weekday: 0 is Monday; a day that is missing is closed.
        every_year: month and day of holidays that come every year.
        once: all other days that are closed.
    """

    week: Mapping[int, tuple[time, time]]
    every_year: frozenset[tuple[int, int]] = frozenset()
    once: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody is at work; *at* is the local time."""
        hours = self._of(at.date())
        return hours is not None and hours[0] <= at.time() < hours[1]

    def next_opening(self, at: datetime) -> datetime | None:
        """Give when somebody is at work next after *at*; None where not within a month."""
        for ahead in range(_LOOKED_AHEAD):
            day = at.date() + timedelta(days=ahead)
            hours = self._of(day)
            if hours is not None and (opens := datetime.combine(day, hours[0], at.tzinfo)) > at:
                return opens
        return None

    def _of(self, day: date) -> tuple[time, time] | None:
        if day in self.once or (day.month, day.day) in self.every_year:
            return None
        return self.week.get(day.weekday())
