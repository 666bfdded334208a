"""What changed between two generations of the register, in numbers alone."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from bot.domain.assessment import ReasonCode, Status


class Move(NamedTuple):
    """From where to where people went.

    Attributes:
        before: their status; None for those who appeared.
        after: None for those who are gone.
        region: two digits (KATO), the last one known; None where the register has none.
        reason: the main one why they are not insured, or else were not; None where they are and
            were.
    """

    before: Status | None
    after: Status | None
    region: str | None
    reason: ReasonCode | None

    @property
    def has_appeared(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.after is None

    @property
    def has_lost_cover(self) -> bool:
        """Tell whether somebody of both generations is no longer covered."""
        if self.before is None or self.after is None:
            return False
        return self.before.is_covered and not self.after.is_covered

    @property
    def has_got_cover(self) -> bool:
        if self.before is None or self.after is None:
            return False
        return self.after.is_covered and not self.before.is_covered


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two generations: its file name, the day of its data, how many people."""

    generation: str
    as_of: date
    people: int


@dataclass(frozen=True, slots=True)
class Diff:
    """Two generations compared; each status is that on the day of the generation's data.

    Attributes:
        changed: people of both whose record differs in anything, be it the phone.
        moves: how many appeared, are gone, or have another status; nobody else is in it.
    """

    before: Side
    after: Side
    changed: int
    moves: Mapping[Move, int]

    @property
    def same(self) -> int:
        """Count the people of both whose record does not differ."""
        return self.after.people - self.appeared - self.changed

    @property
    def appeared(self) -> int:
        return self._count(lambda move: move.has_appeared)

    @property
    def gone(self) -> int:
        return self._count(lambda move: move.is_gone)

    @property
    def lost_cover(self) -> int:
        return self._count(lambda move: move.has_lost_cover)

    @property
    def got_cover(self) -> int:
        return self._count(lambda move: move.has_got_cover)

    @property
    def other_status(self) -> int:
        """Count the people of both who have another status."""
        return self._count(lambda move: not (move.has_appeared or move.is_gone))

    def by(
        self, label: Callable[[Move], str | None], which: Callable[[Move], bool]
    ) -> Counter[str | None]:
        """Count some moves by a label, the largest number first."""
        counts: Counter[str | None] = Counter()
        for move, people in self.moves.items():
            if which(move):
                counts[label(move)] += people
        return Counter(dict(counts.most_common()))

    def _count(self, which: Callable[[Move], bool]) -> int:
        return sum(people for move, people in self.moves.items() if which(move))
