"""Sorting more entries than fit in memory: split by the first byte of the key, then sort each."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.registry.keys import KEY_BYTES
from bot.registry.snapshot import StoredEntry

_HEADER = struct.Struct(f"<{KEY_BYTES}sI?{KEY_BYTES}sI")
_PARTS = 256
_BUFFER_BYTES = 65_536
_NO_PHONE = bytes(KEY_BYTES)


class Candidate(NamedTuple):
    """One accepted row on its way: ordered by key, then by line."""

    key: bytes
    line: int
    entry: StoredEntry


class Sorter:
    """Takes candidates in any order and gives them back sorted.

    Memory: at most 64 KB a part while adding, then one part at a time; keys are evenly spread, so
    a part of 20 million people is about 80,000 of them. Small imports never touch the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._buffers = [bytearray() for _ in range(_PARTS)]
        self._spilled: set[int] = set()

    def add(self, line: int, entry: StoredEntry) -> None:
        part = entry.key[0]
        buffer = self._buffers[part]
        buffer += _HEADER.pack(
            entry.key,
            line,
            entry.phone_key is not None,
            entry.phone_key or _NO_PHONE,
            len(entry.payload),
        )
        buffer += entry.payload
        if len(buffer) >= _BUFFER_BYTES:
            with self._path(part).open("ab") as file:
                file.write(buffer)
            buffer.clear()
            self._spilled.add(part)

    def sorted(self) -> Iterator[Candidate]:
        """Give all candidates by key, then by line; nothing may be added afterwards."""
        for part, buffer in enumerate(self._buffers):
            stored = b""
            if part in self._spilled:
                stored = self._path(part).read_bytes()
                self._path(part).unlink()
            yield from sorted(_unpack(stored + buffer))
            buffer.clear()

    def _path(self, part: int) -> Path:
        return self._folder / f"part-{part:02x}"


def _unpack(data: bytes) -> Iterator[Candidate]:
    position = 0
    while position < len(data):
        key, line, has_phone, phone_key, size = _HEADER.unpack_from(data, position)
        position += _HEADER.size
        payload = data[position : position + size]
        position += size
        yield Candidate(key, line, StoredEntry(key, phone_key if has_phone else None, payload))
