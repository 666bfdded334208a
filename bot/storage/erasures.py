"""Who was erased: what keeps a restored backup from bringing people back.

A file beside the database, since a backup is restored when the database is lost. It holds the
time and a keyed hash of the Telegram id, and nothing else about the person.
"""

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# Found wherever it stands: a line that a full disk cut short does not spoil the next one.
_LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z ([0-9a-f]{8}) ([0-9a-f]{32})\n")


@dataclass(frozen=True, slots=True)
class Erasure:
    """One press of "erase everything".

    Attributes:
        at: aware UTC instant.
        key_id: public id of the pepper behind the mark.
        mark: keyed hash of the Telegram id.
    """

    at: datetime
    key_id: str
    mark: bytes


class ErasureFile:
    """Appends to the file and reads it.

    Args:
        mark_of: keyed hash of a Telegram id.
        key_id: public id of that key.
    """

    def __init__(self, path: Path, mark_of: Callable[[int], bytes], key_id: str) -> None:
        self.path = path
        self.mark_of = mark_of
        self.key_id = key_id

    async def add(self, subscriber_id: int, *, not_before: datetime) -> None:
        """Write that somebody is erased now; it is on the disk when this returns.

        Args:
            not_before: when the person last changed something, by a clock that may have been
                ahead and set back since: an erasure that seems older would not count.

        Raises:
            OSError: it could not be written, so nothing must be erased yet.
        """
        at = max(datetime.now(UTC), not_before).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        line = f"{at} {self.key_id} {self.mark_of(subscriber_id).hex()}\n"
        await asyncio.to_thread(self._append, line.encode())

    def read(self) -> Iterator[Erasure]:
        """Give all erasures, the oldest first; none where nobody was erased."""
        with suppress(FileNotFoundError):
            for at, key_id, mark in _LINE.findall(self.path.read_text("ascii", "replace")):
                yield Erasure(
                    datetime.fromisoformat(at).replace(tzinfo=UTC), key_id, bytes.fromhex(mark)
                )

    def times_of(self, subscriber_id: int) -> list[datetime]:
        """Give when a person was erased, as far as the present key can tell."""
        mark = self.mark_of(subscriber_id)
        return [erasure.at for erasure in self.read() if erasure.mark == mark]

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            if os.write(descriptor, line) != len(line):
                raise OSError(f"{self.path.name} could not be written to its end")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
