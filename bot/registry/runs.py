"""Sorting more rows than fit in memory: runs on the disk, taken together range by range.

Keys are spread evenly, so a range of keys has about as many rows as any other. Nothing in a run
tells an IIN or a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.registry.errors import ImportStoppedError
from bot.registry.people import People

if TYPE_CHECKING:
    from bot.registry.chunk_reader import KeyedRows

# How finely a run can be taken apart.
CELLS = 1_024
_CELL_BITS = 10
_ROWS_IN_RANGE = 65_536
_RECORD = np.dtype(
    [("key", "<u8"), ("tail", "<u8"), ("phone_key", "<u8"), ("line", "<u8"), ("end", "<u8")]
)
_SEPARATOR = b"\n"


@dataclass(frozen=True, slots=True)
class Run:
    """Rows of one chunk on the disk, sorted by key: records, then payloads.

    Attributes:
        path: the file.
        starts: for each cell of keys and the end, how many rows are before it.
    """

    path: Path
    starts: NDArray[np.uint32]

    @property
    def rows(self) -> int:
        return int(self.starts[-1])


@dataclass(frozen=True, slots=True)
class Merged:
    """The people of one range.

    Attributes:
        people: each once.
        duplicates: rows left out because an equal one is kept.
        conflicts: lines of rows that contradict another one; none of these is kept.
    """

    people: People
    duplicates: int
    conflicts: list[int]


def range_count(rows: int) -> int:
    """Give into how many ranges so many rows are best taken apart: a power of two."""
    return min(CELLS, 1 << max(0, (rows // _ROWS_IN_RANGE).bit_length() - 1))


def write_run(path: Path, rows: "KeyedRows") -> Run:
    """Sort some rows and write them."""
    order = np.argsort(rows.keys, kind="stable")
    payloads = rows.payloads.gather(order)
    records = np.empty(len(order), _RECORD)
    records["key"] = rows.keys[order]
    records["tail"] = rows.tails[order]
    records["phone_key"] = rows.phone_keys[order]
    records["line"] = rows.lines[order]
    records["end"] = np.cumsum(payloads.str.len_bytes().to_numpy().astype(np.uint64) + 1)
    with path.open("wb") as file:
        records.tofile(file)
        if len(payloads):
            file.write((payloads.str.join("\n").item() + "\n").encode())
    cells = records["key"] >> np.uint64(64 - _CELL_BITS)
    starts = np.searchsorted(cells, np.arange(CELLS + 1, dtype=np.uint64))
    return Run(path, starts.astype(np.uint32))


def merge_range(runs: Sequence[Run], number: int, count: int) -> Merged:
    """Take one of so many ranges out of all runs.

    Raises:
        ImportStoppedError: two people have the same key.
    """
    cells = CELLS // count
    parts, payloads = [], []
    for run in runs:
        first, end = (int(run.starts[cell]) for cell in (number * cells, (number + 1) * cells))
        if first < end:
            records, texts = _read(run, first, end)
            parts.append(records)
            payloads += texts
    everything = np.concatenate(parts) if parts else np.empty(0, _RECORD)
    order = np.argsort(everything["key"], kind="stable")
    records = everything[order]
    payloads = [payloads[index] for index in order.tolist()]
    is_repeated = records["key"][1:] == records["key"][:-1]
    if not is_repeated.any():
        return Merged(_people(records, payloads), 0, [])
    return _single(records, payloads, is_repeated)


def _read(run: Run, first: int, end: int) -> tuple[NDArray[np.void], list[bytes]]:
    with run.path.open("rb") as file:
        skipped = max(first - 1, 0)
        file.seek(skipped * _RECORD.itemsize)
        records = np.fromfile(file, _RECORD, end - skipped)
        start = int(records[0]["end"]) if first else 0
        records = records[first - skipped :]
        file.seek(run.rows * _RECORD.itemsize + start)
        texts = file.read(int(records[-1]["end"]) - start).split(_SEPARATOR)
    texts.pop()
    return records, texts


def _single(
    records: NDArray[np.void], payloads: list[bytes], is_repeated: NDArray[np.bool_]
) -> Merged:
    """Leave out rows that repeat another one, and all those that contradict one."""
    is_kept = np.concatenate(([True], ~is_repeated))
    firsts = np.flatnonzero(is_kept)
    lengths = np.diff(np.append(firsts, len(records)))
    duplicates, conflicts = 0, []
    for index in np.flatnonzero(lengths > 1).tolist():
        first, length = int(firsts[index]), int(lengths[index])
        same = records[first : first + length]
        if (same["tail"] != same["tail"][0]).any():
            raise ImportStoppedError(
                "two people have the same key, which happens once in 90,000 registers. Nothing was"
                " changed: change the pepper (docs/security.md) and import again"
            )
        texts = payloads[first : first + length]
        if texts.count(texts[0]) == length and (same["phone_key"] == same["phone_key"][0]).all():
            duplicates += length - 1
        else:
            is_kept[first] = False
            conflicts += sorted(same["line"].tolist())
    kept = np.flatnonzero(is_kept)
    people = _people(records[kept], [payloads[index] for index in kept.tolist()])
    return Merged(people, duplicates, conflicts)


def _people(records: NDArray[np.void], payloads: list[bytes]) -> People:
    return People(records["key"].copy(), records["phone_key"].copy(), payloads)
