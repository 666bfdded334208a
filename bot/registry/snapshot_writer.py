"""Writing one generation of the register."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from bot.registry import buckets
from bot.registry.buckets import Bucket
from bot.registry.people import People
from bot.registry.snapshot import SCHEMA, SnapshotInfo, describe, new_checksum, seal
from bot.registry.texts import TextPacker, make_dictionary


def write_snapshot(
    path: Path, people: Iterable[People], info: SnapshotInfo, bucket_count: int
) -> None:
    """Write a new file from people sorted by key without repetitions, and sync it to the disk.

    The file gets the right number of people and the right checksum, whatever *info* says.

    Args:
        path: the file, which must not be there.
        people: each part begins with a bucket that no part before has people in; what is frequent
            is learnt from the first part.
        info: what the snapshot says about itself.
        bucket_count: into how many buckets the people go.
    """
    checksum = new_checksum()
    parts = _Parts(people)

    def summed() -> Iterator[tuple[int, bytes]]:
        for number, data in _packed(parts, bucket_count, TextPacker(parts.dictionary)):
            checksum.update(data)
            yield number, data

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(SCHEMA)
        database.execute("BEGIN")
        database.execute("INSERT INTO dictionary VALUES (?)", (parts.dictionary,))
        database.executemany("INSERT INTO buckets VALUES (?, ?)", summed())
        meta = describe(replace(info, rows=parts.people, checksum=checksum.hexdigest()))
        meta["buckets"] = str(bucket_count)
        meta["seal"] = seal(meta, parts.dictionary)
        database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        database.execute("COMMIT")
    with path.open("rb") as file:
        os.fsync(file.fileno())


class _Parts:
    """Parts of the people, counted as they go, and the dictionary made of the first one."""

    def __init__(self, people: Iterable[People]) -> None:
        self._parts = iter(people)
        self._first = next(self._parts, None)
        self.dictionary = make_dictionary(self._first.payloads if self._first else ())
        self.people = 0

    def __iter__(self) -> Iterator[People]:
        part, self._first = self._first, None
        while part is not None:
            self.people += len(part.payloads)
            yield part
            part = next(self._parts, None)


def _packed(
    parts: Iterable[People], bucket_count: int, texts: TextPacker
) -> Iterator[tuple[int, bytes]]:
    """Give every bucket, also the empty ones."""
    next_number = 0
    for part in parts:
        if not part.payloads:
            continue
        numbers = buckets.numbers_of(part.keys, bucket_count)
        wanted = np.arange(next_number, int(numbers[-1]) + 2, dtype=np.uint64)
        first, *ends = np.searchsorted(numbers, wanted).tolist()
        if first:
            raise ValueError("a part of the people begins in a bucket that was written")
        keys, phone_keys = part.keys.astype(">u8"), part.phone_keys.astype(">u8")
        start = 0
        for number, end in enumerate(ends, next_number):
            bucket = Bucket(
                keys[start:end].tobytes(),
                phone_keys[start:end].tobytes(),
                texts.pack(part.payloads[start:end]),
            )
            yield number, buckets.pack(number, bucket)
            start = end
        next_number += len(ends)
    for number in range(next_number, bucket_count):
        yield number, buckets.pack(number, Bucket(b"", b"", b""))
