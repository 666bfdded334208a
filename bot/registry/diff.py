"""The difference between two generations of the register."""

import secrets
from collections import Counter
from contextlib import closing
from itertools import pairwise

from bot.domain.diff import Diff, Move, Side
from bot.registry.comparing import KEY_SPAN, Comparison, Judge, Part, compare_part
from bot.registry.errors import (
    ImportStoppedError,
    RegistryBrokenError,
    RegistryError,
    RegistryKeyError,
)
from bot.registry.generations import Generation, Generations
from bot.registry.report import OnProgress, Progress
from bot.registry.snapshot import Snapshot, SnapshotInfo
from bot.registry.workers import Workers

# A piece takes some 10 MB, a part some seconds at the most.
_PEOPLE_IN_PIECE = 16_384
_PIECES_IN_PART = 16
# YYYY-MM-DD, with which the name of a file begins.
_DAY_LETTERS = 10


def choose_generation(generations: Generations, name: str) -> Generation:
    """Find a generation by its file name or by the day of its data, then the newest of that day.

    Raises:
        RegistryError: there is none; the text lists those there are.
    """
    listed = generations.listed()
    for generation in listed:
        if name in (generation.file, generation.file[:_DAY_LETTERS]):
            return generation
    there = ", ".join(generation.file for generation in listed) or "none"
    raise RegistryError(f"there is no generation {name}. Kept are: {there}")


def newest_two(generations: Generations) -> tuple[Generation, Generation]:
    """Give the generation before the current one, and the current one.

    Raises:
        RegistryError: there are not two.
    """
    listed = generations.listed()
    if len(listed) < 2:
        raise RegistryError(
            f"there is nothing to compare: generations kept are {len(listed)}. Import the next"
            " extract first"
        )
    return listed[1], listed[0]


def compare(
    generations: Generations,
    before: Generation,
    after: Generation,
    judge: Judge,
    on_progress: OnProgress,
) -> Diff:
    """Compare two generations person by person.

    A status is judged on the day of the data. While :meth:`Judge.are_alike` holds for the two days
    only people whose facts changed are judged, else everybody: it takes longer, and the numbers
    are exact.

    Raises:
        RegistryKeyError: the generations have different keys, so nobody can be told to be the same.
        RegistryBrokenError: a file is missing or damaged.
        RegistryError: a process of the comparison was killed.
    """
    infos = _describe(generations, before), _describe(generations, after)
    if infos[0].key_id != infos[1].key_id:
        raise RegistryKeyError(
            f"{before.file} was built with key {infos[0].key_id} and {after.file} with"
            f" {infos[1].key_id}: nobody can be found in both. Compare generations of one pepper"
        )
    comparison = Comparison(
        secrets.token_hex(8),
        generations.path_of(before),
        generations.path_of(after),
        (infos[0].as_of, infos[1].as_of),
        judge,
    )
    people = [0, 0]
    changed, moves = 0, Counter[Move]()
    parts = _parts(comparison, max(info.rows for info in infos))
    try:
        with Workers(max(before.size_bytes, after.size_bytes)) as workers:
            for done, found in enumerate(workers.map(compare_part, parts), 1):
                people[0] += found.before
                people[1] += found.after
                changed += found.changed
                moves += found.moves
                on_progress(Progress("compare", people[1], done / len(parts)))
    except ImportStoppedError:
        raise RegistryError(
            "a process of the comparison was killed, perhaps because memory is short: try again"
        ) from None
    for info, read in zip(infos, people, strict=True):
        if read != info.rows:
            raise RegistryBrokenError(
                f"{info.generation} has {read} people instead of {info.rows}: it is damaged"
            )
    return Diff(_side(infos[0]), _side(infos[1]), changed, moves)


def _describe(generations: Generations, generation: Generation) -> SnapshotInfo:
    with closing(Snapshot(generations.path_of(generation), generation.size_bytes)) as snapshot:
        return snapshot.info


def _parts(comparison: Comparison, people: int) -> list[Part]:
    pieces = -(-people // _PEOPLE_IN_PIECE) or 1
    count = -(-pieces // _PIECES_IN_PART)
    borders = [KEY_SPAN * number // count for number in range(count + 1)]
    return [Part(comparison, first, end, -(-pieces // count)) for first, end in pairwise(borders)]


def _side(info: SnapshotInfo) -> Side:
    return Side(info.generation, info.as_of, info.rows)
