"""Daily counts without people, and the rule by which they may be shown.

What is shown of a day is worked out from that day alone, once it is over, and never changes; every
longer period is a sum of such days. So no comparison of two periods, exports or filters says more
than the days themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

# A smaller group is never shown by itself.
FEWEST = 10
# What stands in for small groups holds as many, so that none of them can be worked out from it.
_FEWEST_MERGED = 2 * FEWEST


class Kind(StrEnum):
    """What is counted; each kind divides its events by one label."""

    ANSWERS = "answers"  # people asked about who are in the register, by status
    REASONS = "reasons"  # the first reason of those not insured
    REGIONS = "regions"  # the same people as in answers
    LANGUAGES = "languages"  # of who asked, for the same people
    NOT_FOUND = "not_found"
    REFUSED = "refused"  # numbers not looked up, by reason
    LAST_VIEWS = "last_views"  # where people stopped
    SEARCHES = "searches"  # questions in words, by language and whether something fits
    REPLIES = "replies"  # messages to people who wrote or pressed
    BROADCASTS = "broadcasts"  # messages of broadcasts
    NEWCOMERS = "newcomers"  # by language
    LEAVERS = "leavers"  # who blocked the bot, by language
    REGISTER = "register"  # looks, once an hour, that found the data so many days old


class Topic(StrEnum):
    """What an operator looks at."""

    ANSWERS = "answers"
    REASONS = "reasons"
    REGIONS = "regions"
    LAST_VIEWS = "last_views"
    SEARCH = "search"
    DELIVERY = "delivery"
    PEOPLE = "people"
    REFUSED = "refused"
    REGISTER = "register"


class Period(IntEnum):
    """How many days are looked at."""

    WEEK = 7
    MONTH = 30
    SEASON = 90


KINDS: Mapping[Topic, tuple[Kind, ...]] = {
    Topic.ANSWERS: (Kind.ANSWERS,),
    Topic.REASONS: (Kind.REASONS,),
    Topic.REGIONS: (Kind.REGIONS,),
    Topic.LAST_VIEWS: (Kind.LAST_VIEWS,),
    Topic.SEARCH: (Kind.SEARCHES,),
    Topic.DELIVERY: (Kind.REPLIES, Kind.BROADCASTS),
    Topic.PEOPLE: (Kind.NEWCOMERS, Kind.LEAVERS, Kind.LANGUAGES),
    Topic.REFUSED: (Kind.REFUSED, Kind.NOT_FOUND),
    Topic.REGISTER: (Kind.REGISTER,),
}
# Which label is merged with small groups where they need one more: the first of these that is large
# enough, and before them any that is not here. Common ones come last. It must not depend on the
# counts, or the choice itself would say something about them.
_LANGUAGES = ("ky", "ru", "kk")
_DELIVERIES = ("uncertain", "failed", "unreachable", "sent")
_ORDERS: Mapping[Kind, Sequence[str]] = {
    Kind.ANSWERS: ("unknown", "outside", "conditional", "uninsured", "insured"),
    Kind.REASONS: ("EMPLOYER_DEBT", "JOB_LOST", "GAP", "NO_PAY_12M"),
    Kind.REGIONS: ("79", "19", "71", "61", "75"),  # those with most people
    Kind.LANGUAGES: _LANGUAGES,
    Kind.REFUSED: ("misses", "wrong_number"),
    Kind.LAST_VIEWS: ("menu", "privacy", "guide", "payments", "why", "ways", "answer"),
    Kind.SEARCHES: ("ky.missed", "ky.found", "ru.missed", "kk.missed", "ru.found", "kk.found"),
    Kind.REPLIES: _DELIVERIES,
    Kind.BROADCASTS: _DELIVERIES,
    Kind.NEWCOMERS: _LANGUAGES,
    Kind.LEAVERS: _LANGUAGES,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one kind on one day.

    Attributes:
        counts: groups of ten or more.
        other: how many the merged groups have together.
        is_few: fewer than ten in all, perhaps none; then nothing else is known.
    """

    counts: Mapping[str, int]
    other: int = 0
    is_few: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.other


FEW = Shown({}, is_few=True)
Raw = Mapping[Kind, Mapping[str, int]]


def show_kind(counts: Mapping[str, int], order: Sequence[str] = ()) -> Shown:
    """Merge the groups under ten with at least one that is not, and with twenty in all.

    Whatever a merged small group has, any number from 1 to 9 fits what is shown
    (tests/domain/test_stats.py builds a day for each of them).
    """
    if sum(counts.values()) < FEWEST:
        return FEW
    other = sum(number for number in counts.values() if number < FEWEST)
    large = sorted(
        (label for label, number in counts.items() if number >= FEWEST),
        key=lambda label: (order.index(label) if label in order else -1, label),
    )
    has_large = False
    while other and large and not (has_large and other >= _FEWEST_MERGED):
        other += counts[large.pop(0)]
        has_large = True
    return Shown({label: counts[label] for label in large}, other)


def show_groups(kind: Kind, counts: Mapping[str, int]) -> Shown:
    """Give what may be shown of counts by the labels of this kind."""
    return show_kind(counts, _ORDERS.get(kind, ()))


def show_day(raw: Raw) -> dict[Kind, Shown]:
    """Give what may be shown of a day.

    Reasons divide those who are not insured: they are shown only where these are.
    """
    shown = {kind: show_groups(kind, raw.get(kind, {})) for kind in Kind}
    if "uninsured" not in shown[Kind.ANSWERS].counts:
        shown[Kind.REASONS] = FEW
    # Nobody's: how old the data were.
    shown[Kind.REGISTER] = Shown(raw.get(Kind.REGISTER, {}))
    return shown


@dataclass(frozen=True, slots=True)
class Series:
    """What may be shown of one kind on the days of a period, oldest first."""

    days: tuple[date, ...]
    shown: tuple[Shown, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Add the groups up, the largest first."""
        sums: dict[str, int] = {}
        for day in self.shown:
            for label, number in day.counts.items():
                sums[label] = sums.get(label, 0) + number
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    @property
    def other(self) -> int:
        return sum(day.other for day in self.shown)

    @property
    def total(self) -> int:
        return sum(day.total for day in self.shown)

    @property
    def few_days(self) -> int:
        """Count the days that are in no sum."""
        return sum(day.is_few for day in self.shown)

    def last(self, days: int) -> "Series":
        """Give the last days alone."""
        return Series(self.days[-days:], self.shown[-days:])

    def rows(self) -> Iterator[tuple[date, str, int | None]]:
        """Give days, groups and numbers as a table; None stands for fewer than ten in all."""
        for day, shown in zip(self.days, self.shown, strict=True):
            if shown.is_few:
                yield day, "few", None
            for label, number in sorted(shown.counts.items()):
                yield day, label, number
            if shown.other:
                yield day, "other", shown.other
