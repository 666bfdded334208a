"""The two tasks of an import that take time, for whichever process does them.

polars takes 30 MB and a third of a second, and the bot is started by the same command line: it is
loaded when the first chunk is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.registry.csv_file import Chunk
from bot.registry.keys import RegistryKey
from bot.registry.packing import Packed, pack
from bot.registry.report import Reject
from bot.registry.runs import Run, merge_range, write_run
from bot.registry.snapshot import Layout

if TYPE_CHECKING:
    from bot.registry.chunk_reader import ChunkReader


@dataclass(frozen=True, slots=True)
class Reading:
    """What all chunks of one file have in common.

    Attributes:
        columns: of the file, in its order.
        as_of: day of the extract.
        secret: of the key to store people under.
        folder: for the runs.
    """

    columns: tuple[str, ...]
    as_of: date
    secret: bytes = field(repr=False)
    folder: Path


class ReadChunk(NamedTuple):
    """A chunk to read."""

    reading: Reading
    chunk: Chunk


class ChunkRead(NamedTuple):
    """What became of a chunk: its accepted rows are in the run."""

    run: Run
    rejects: list[Reject]


class PackRange(NamedTuple):
    """One of so many ranges of keys, to be taken out of the runs and packed into buckets."""

    runs: Sequence[Run]
    number: int
    range_count: int
    layout: Layout
    mark: int


class RangePacked(NamedTuple):
    """A range in buckets, and what was left out, see :class:`bot.registry.runs.Merged`."""

    packed: Packed
    duplicates: int
    conflicts: list[int]


def read_chunk(task: ReadChunk) -> ChunkRead:
    """Read the rows of a chunk into a run.

    Raises:
        CsvFileError: a line is longer than any row can be.
        OSError: the run cannot be written.
    """
    rows, rejects = _reader(task.reading).read(task.chunk)
    path = task.reading.folder / f"run-{task.chunk.first_line}"
    return ChunkRead(write_run(path, rows), rejects)


def pack_range(task: PackRange) -> RangePacked:
    """Take one range out of all runs into buckets.

    Raises:
        ImportStoppedError: two people have the same key.
        OSError: a run cannot be read.
    """
    merged = merge_range(task.runs, task.number, task.range_count)
    buckets_in_range = task.layout.bucket_count // task.range_count
    first = task.number * buckets_in_range
    numbers = range(first, first + buckets_in_range)
    packed = pack(merged.people, numbers, task.layout, task.mark)
    return RangePacked(packed, merged.duplicates, merged.conflicts)


# What a reader has seen in one chunk makes the next one quicker.
@lru_cache(maxsize=1)
def _reader(reading: Reading) -> "ChunkReader":
    from bot.registry.chunk_reader import ChunkReader  # noqa: PLC0415 - see above

    return ChunkReader(reading.columns, reading.as_of, RegistryKey.of_secret(reading.secret))
