"""One generation of the register: an immutable SQLite file of buckets, without IIN or phone."""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

from bot.registry import buckets
from bot.registry.buckets import StoredEntry
from bot.registry.errors import RegistryBrokenError, RegistryKeyError
from bot.registry.keys import RegistryKey

_APPLICATION_ID = 0x53_41_51_42  # "SAQB"
FORMAT_VERSION = 1
_SCHEMA = f"""
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA application_id = {_APPLICATION_ID};
    PRAGMA user_version = {FORMAT_VERSION};
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE buckets (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""
_BUCKET = "SELECT data FROM buckets WHERE number = ?"
_ALL_BUCKETS = "SELECT number, data FROM buckets ORDER BY number"


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What a snapshot says about itself.

    Attributes:
        generation: its file name.
        as_of: day of the extract.
        rows: people in it.
        key_id: public id of the pepper it was built with.
        imported_at: aware UTC instant.
        source: name of the CSV file.
        checksum: of all entries, hexadecimal.
    """

    generation: str
    as_of: date
    rows: int
    key_id: str
    imported_at: datetime
    source: str
    checksum: str


def write_snapshot(path: Path, entries: Iterable[StoredEntry], info: SnapshotInfo) -> None:
    """Write a new file from entries sorted by key without repetitions, and sync it to the disk.

    ``info.rows`` must not be far from the number of entries; the file gets the right number, and
    the right checksum.
    """
    bits = buckets.bits_for(info.rows)
    checksum = new_checksum()
    rows = 0

    def numbered() -> Iterator[tuple[int, bytes]]:
        nonlocal rows
        next_number = 0
        for number, group in groupby(entries, lambda entry: buckets.bucket_of(entry.key, bits)):
            found = list(group)
            rows += len(found)
            for empty in range(next_number, number):
                yield empty, buckets.pack(empty, ())
            yield number, buckets.pack(number, found)
            next_number = number + 1
        for empty in range(next_number, 1 << bits):
            yield empty, buckets.pack(empty, ())

    def summed() -> Iterator[tuple[int, bytes]]:
        for number, data in numbered():
            checksum.update(data)
            yield number, data

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(_SCHEMA)
        database.execute("BEGIN")
        database.executemany("INSERT INTO buckets VALUES (?, ?)", summed())
        meta = {
            "as_of": info.as_of.isoformat(),
            "bits": str(bits),
            "checksum": checksum.hexdigest(),
            "imported_at": info.imported_at.isoformat(),
            "key_id": info.key_id,
            "rows": str(rows),
            "source": info.source,
        }
        meta["seal"] = _seal(meta)
        database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        database.execute("COMMIT")
    with path.open("rb") as file:
        os.fsync(file.fileno())


def new_checksum() -> "hashlib.blake2b":
    """Start the checksum that runs over all buckets in order."""
    return hashlib.blake2b(digest_size=16, person=b"saqbol buckets")


class Snapshot:
    """A snapshot open for reading; may be used from several threads, one at a time.

    Args:
        path: the file.
        size_bytes: the size it must have, where known.

    Raises:
        RegistryBrokenError: not a whole snapshot of this format.
    """

    def __init__(self, path: Path, size_bytes: int | None = None) -> None:
        self._path = path
        try:
            real_size_bytes = path.stat().st_size
            # immutable: no locks and no journal are looked for; nobody ever writes to the file.
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
            )
        except (OSError, sqlite3.Error) as error:
            raise self._broken(str(error)) from None
        try:
            if size_bytes not in (None, real_size_bytes):
                raise self._broken(f"it has {real_size_bytes} bytes instead of {size_bytes}")
            self.info, self.bits = self._read_meta(real_size_bytes)
        except BaseException:
            self._database.close()
            raise
        self._shift = buckets.MAX_BITS - self.bits

    def close(self) -> None:
        """Close the file; later look-ups raise."""
        self._database.close()

    def find(self, key: bytes) -> StoredEntry | None:
        """Find the entry of a 16-byte key.

        Raises:
            RegistryBrokenError: the place where it must be is damaged.
        """
        number = int.from_bytes(key[:4], "big") >> self._shift
        try:
            row = self._database.execute(_BUCKET, (number,)).fetchone()
        except sqlite3.Error as error:
            raise self._broken(str(error)) from None
        if row is None or not isinstance(row[0], bytes):
            raise self._broken(f"bucket {number} is missing")
        return buckets.find(row[0], number, key)

    def stored_buckets(self) -> Iterator[tuple[int, bytes]]:
        """Give every bucket with its number, in order.

        Raises:
            RegistryBrokenError: the file cannot be read to its end.
        """
        try:
            for number, data in self._database.execute(_ALL_BUCKETS):
                if not isinstance(data, bytes):
                    raise self._broken(f"bucket {number} is not what was written")
                yield number, data
        except sqlite3.Error as error:
            raise self._broken(str(error)) from None

    def entries(self) -> Iterator[StoredEntry]:
        """Give every entry, sorted by key.

        Raises:
            RegistryBrokenError: the file is damaged.
        """
        for number, data in self.stored_buckets():
            yield from buckets.unpack(data, number)

    def integrity_problems(self) -> list[str]:
        """Let SQLite check its own structure; an empty list when it is sound."""
        try:
            rows = self._database.execute("PRAGMA integrity_check(5)").fetchall()
        except sqlite3.Error as error:
            return [str(error)]
        return [row[0] for row in rows if row[0] != "ok"]

    def _read_meta(self, size_bytes: int) -> tuple[SnapshotInfo, int]:
        try:
            self._check_header(size_bytes)
            meta = dict(self._database.execute("SELECT name, value FROM meta"))
            if meta.pop("seal", None) != _seal(meta):
                raise self._broken("its description is damaged")
            info = SnapshotInfo(
                generation=self._path.name,
                as_of=date.fromisoformat(meta["as_of"]),
                rows=int(meta["rows"]),
                key_id=meta["key_id"],
                imported_at=datetime.fromisoformat(meta["imported_at"]),
                source=meta["source"],
                checksum=meta["checksum"],
            )
            bits = int(meta["bits"])
            (last,) = self._database.execute("SELECT max(number) FROM buckets").fetchone()
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise self._broken(str(error)) from None
        if last != (1 << bits) - 1:
            raise self._broken("its last bucket is missing")
        return info, bits

    def _check_header(self, size_bytes: int) -> None:
        values = [
            self._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "page_size", "page_count")
        ]
        if values[0] != _APPLICATION_ID:
            raise self._broken("it is not a register")
        if values[1] != FORMAT_VERSION:
            raise self._broken(
                f"its format {values[1]} is not {FORMAT_VERSION}, the one of this version"
            )
        if values[2] * values[3] != size_bytes:
            raise self._broken(f"it has {size_bytes} bytes instead of {values[2] * values[3]}")

    def _broken(self, why: str) -> RegistryBrokenError:
        return RegistryBrokenError(
            f"register file {self._path.name}: {why}. Run: saqbol registry rollback, or import"
            " the CSV again"
        )


def open_snapshot(path: Path, size_bytes: int, key: RegistryKey) -> Snapshot:
    """Open a snapshot whose people can be found with this key.

    Raises:
        RegistryBrokenError: not a whole snapshot of this format.
        RegistryKeyError: built with another pepper, so that every look-up would miss.
    """
    snapshot = Snapshot(path, size_bytes)
    if snapshot.info.key_id != key.key_id:
        snapshot.close()
        raise RegistryKeyError(
            f"the register was built with key {snapshot.info.key_id} and the pepper in use"
            f" gives {key.key_id}. Restore that pepper (REGISTRY_PEPPER_FILE), or turn to another"
            " one with: saqbol registry rekey"
        )
    return snapshot


def _seal(meta: dict[str, str]) -> str:
    text = "\n".join(f"{name}={value}" for name, value in sorted(meta.items()))
    return hashlib.blake2b(text.encode(), digest_size=16, person=b"saqbol meta").hexdigest()
