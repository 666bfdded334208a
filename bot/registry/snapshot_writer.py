"""Writing one generation of the register."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from bot.registry import buckets
from bot.registry.packing import Packed
from bot.registry.snapshot import SCHEMA, SnapshotInfo, describe, new_checksum, seal


def write_snapshot(
    path: Path, parts: Iterable[Packed], dictionary: bytes, info: SnapshotInfo
) -> None:
    """Write a new file from all buckets in order, and sync it to the disk.

    The file gets the right number of people and the right checksum, whatever *info* says.

    Args:
        path: the file, which must not be there.
        parts: the buckets.
        dictionary: the one by which they are packed.
        info: what the snapshot says about itself.
    """
    checksum = new_checksum()
    people, count = 0, 0

    def numbered() -> Iterator[tuple[int, bytes]]:
        nonlocal people, count
        for part in parts:
            for data in part.buckets:
                checksum.update(buckets.content(data))
                yield count, data
                count += 1
            people += part.people

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(SCHEMA)
        database.execute("BEGIN")
        database.execute("INSERT INTO dictionary VALUES (?)", (dictionary,))
        database.executemany("INSERT INTO buckets VALUES (?, ?)", numbered())
        meta = describe(replace(info, rows=people, checksum=checksum.hexdigest()))
        meta["buckets"] = str(count)
        meta["seal"] = seal(meta, dictionary)
        database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        database.execute("COMMIT")
    with path.open("rb") as file:
        os.fsync(file.fileno())
