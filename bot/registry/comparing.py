"""Comparing a part of two generations, for whichever process does it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress, pairwise
from operator import ne
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.diff import Move
from bot.domain.outcome import Outcome
from bot.domain.person import Person
from bot.registry.buckets import Bucket
from bot.registry.errors import RegistryBrokenError
from bot.registry.payload import decode
from bot.registry.people import People
from bot.registry.snapshot import Snapshot

KEY_SPAN = 1 << 32
# About 100 bytes each, twice; of 20 million made-up people a million differ in their facts.
_REMEMBERED = 500_000


class Judge(Protocol):
    """The rules, which the register does not know."""

    def find_outcomes(self, people: Sequence[Person], on: date) -> list[Outcome]: ...

    def are_alike(self, one: date, other: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all parts of one comparison have in common.

    Attributes:
        name: of no other comparison.
        before: the file of the older generation.
        after: the file of the newer one.
        days: of which the data are, in the same order.
    """

    name: str
    before: Path
    after: Path
    days: tuple[date, date]
    judge: Judge = field(compare=False)


class Part(NamedTuple):
    """The people whose keys begin with 4 bytes from *first* to before *end*, as numbers.

    Attributes:
        pieces: they are read in so many pieces, one after the other.
    """

    comparison: Comparison
    first: int
    end: int
    pieces: int


class PartCompared(NamedTuple):
    """What was found: people read of either generation, those changed, and moves."""

    before: int
    after: int
    changed: int
    moves: Counter[Move]


def compare_part(part: Part) -> PartCompared:
    """Compare one part.

    Raises:
        RegistryBrokenError: a file is damaged there; the text names it.
    """
    comparison, outcomes = part.comparison, _outcomes(part.comparison)
    with (
        closing(Snapshot(comparison.before)) as before,
        closing(Snapshot(comparison.after)) as after,
    ):
        found = PartCompared(0, 0, 0, Counter())
        are_alike = outcomes.days_are_alike and before.layout == after.layout
        for first, end in _pieces(part):
            opened = _buckets(before, first, end), _buckets(after, first, end)
            same = _drop_same(*opened) if are_alike else 0
            one = _people(before, opened[0], first, end)
            other = _people(after, opened[1], first, end)
            changed = _compare(one, other, outcomes, found.moves)
            found = PartCompared(
                found.before + same + len(one.payloads),
                found.after + same + len(other.payloads),
                found.changed + changed,
                found.moves,
            )
    return found


def _pieces(part: Part) -> Iterator[tuple[int, int]]:
    span = part.end - part.first
    borders = [part.first + span * number // part.pieces for number in range(part.pieces + 1)]
    return pairwise(borders)


def _buckets(snapshot: Snapshot, first: int, end: int) -> list[Bucket]:
    with _naming(snapshot):
        return snapshot.buckets_between(first, end)


def _drop_same(one: list[Bucket], other: list[Bucket]) -> int:
    """Take out the buckets that both have alike; give how many people were in them.

    The first one and the last one stay: a part of their people may belong to another piece.
    """
    people = sum(bucket.people for bucket in one)
    is_kept = [True, *map(ne, one[1:-1], other[1:-1]), True]
    one[:], other[:] = compress(one, is_kept), compress(other, is_kept)
    return people - sum(bucket.people for bucket in one)


def _people(snapshot: Snapshot, opened: list[Bucket], first: int, end: int) -> People:
    with _naming(snapshot):
        people = snapshot.people_in(opened)
    begin, stop = np.searchsorted(people.keys >> np.uint64(32), [first, end]).tolist()
    return People(
        people.keys[begin:stop], people.phone_keys[begin:stop], people.payloads[begin:stop]
    )


@contextmanager
def _naming(snapshot: Snapshot) -> Iterator[None]:
    try:
        yield
    except RegistryBrokenError as error:
        raise RegistryBrokenError(f"{snapshot.info.generation}: {error}") from None


def _compare(one: People, other: People, outcomes: "_Outcomes", moves: Counter[Move]) -> int:
    """Add the moves between two pieces of the same keys; give how many records changed."""
    stayed, stayed_after = _in_both(one.keys, other.keys)
    records = list(compress(one.payloads, stayed.tolist()))
    records_after = list(compress(other.payloads, stayed_after.tolist()))
    differ = list(map(ne, records, records_after))
    other_phone = one.phone_keys[stayed] != other.phone_keys[stayed_after]
    if outcomes.days_are_alike:
        records, records_after = (list(compress(each, differ)) for each in (records, records_after))
    outcomes.add_moves(records, records_after, moves)
    outcomes.add_gone(list(compress(one.payloads, (~stayed).tolist())), moves)
    outcomes.add_appeared(list(compress(other.payloads, (~stayed_after).tolist())), moves)
    return int(np.count_nonzero(np.array(differ, bool) | other_phone))


def _in_both(
    one: NDArray[np.uint64], other: NDArray[np.uint64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell of either keys, sorted and single, which are also in the other."""
    is_in_both = np.zeros(len(one), bool), np.zeros(len(other), bool)
    _, *places = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    for mask, place in zip(is_in_both, places, strict=True):
        mask[place] = True
    return is_in_both


class _Outcomes:
    """Outcomes of people, remembered by their facts: region and clinic play no part in them."""

    def __init__(self, comparison: Comparison) -> None:
        self._judge = comparison.judge
        self._days = comparison.days
        self.days_are_alike = self._judge.are_alike(*self._days)
        known: dict[bytes, Outcome] = {}
        self._known = (known, known if self.days_are_alike else {})

    def add_moves(
        self, before: Sequence[bytes], after: Sequence[bytes], moves: Counter[Move]
    ) -> None:
        """Count those of the same people who have another status."""
        found = zip(self._of(before, 0), self._of(after, 1), after, strict=True)
        moves.update(
            Move(old.status, new.status, _region(record), new.reason or old.reason)
            for old, new, record in found
            if old.status is not new.status
        )

    def add_gone(self, records: Sequence[bytes], moves: Counter[Move]) -> None:
        moves.update(
            Move(old.status, None, _region(record), old.reason)
            for old, record in zip(self._of(records, 0), records, strict=True)
        )

    def add_appeared(self, records: Sequence[bytes], moves: Counter[Move]) -> None:
        moves.update(
            Move(None, new.status, _region(record), new.reason)
            for new, record in zip(self._of(records, 1), records, strict=True)
        )

    def _of(self, records: Sequence[bytes], side: int) -> list[Outcome]:
        """Give the outcome of each, before or after."""
        known, facts = self._known[side], [*_facts(records)]
        if len(known) > _REMEMBERED:
            known.clear()
        if unknown := [each for each in {*facts} if each not in known]:
            try:
                people = list(map(decode, unknown))
            except ValueError:
                # The text of the error would quote what is known about the person.
                raise RegistryBrokenError("a person in the register is unreadable") from None
            outcomes = self._judge.find_outcomes(people, self._days[side])
            known.update(zip(unknown, outcomes, strict=True))
        return [known[each] for each in facts]


@lru_cache(maxsize=1)
def _outcomes(comparison: Comparison) -> _Outcomes:
    """Keep what is known from one part to the next."""
    return _Outcomes(comparison)


def _facts(records: Iterable[bytes]) -> Iterator[bytes]:
    """Give records without region and clinic, which are themselves records."""
    for record in records:
        residence, _, _, facts = record.split(b",", 3)
        yield b"%b,,,%b" % (residence, facts)


def _region(record: bytes) -> str | None:
    return record.split(b",", 2)[1].decode() or None
