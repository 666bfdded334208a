"""One generation of the register: an immutable SQLite file of buckets, without IIN or phone."""

import hashlib
import sqlite3
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from bot.registry import buckets
from bot.registry.buckets import Bucket
from bot.registry.errors import RegistryBrokenError, RegistryKeyError
from bot.registry.keys import RegistryKey
from bot.registry.people import People
from bot.registry.texts import TextUnpacker

APPLICATION_ID = 0x53_41_51_42  # "SAQB"
FORMAT_VERSION = 2
SCHEMA = f"""
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA application_id = {APPLICATION_ID};
    PRAGMA user_version = {FORMAT_VERSION};
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE dictionary (data BLOB NOT NULL);
    CREATE TABLE buckets (number INTEGER PRIMARY KEY, data BLOB NOT NULL);
"""
_BUCKETS_AT_ONCE = 1_024
# The pages above the buckets stay in memory: 2 MB, the default, are just as many for 20 million.
_CACHE = "PRAGMA cache_size = -8000"
_BUCKET = "SELECT data FROM buckets WHERE number = ?"
_ALL_BUCKETS = "SELECT number, data FROM buckets ORDER BY number"
_SOME_BUCKETS = "SELECT number, data FROM buckets WHERE number BETWEEN ? AND ? ORDER BY number"


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
        checksum: of what is in all buckets, hexadecimal; the same people in the same layout
            give the same one.
    """

    generation: str
    as_of: date
    rows: int
    key_id: str
    imported_at: datetime
    source: str
    checksum: str

    @property
    def mark(self) -> int:
        """What the checksum of each bucket begins with; no two imports have the same moment."""
        return crc32(self.imported_at.isoformat().encode())


class Layout(NamedTuple):
    """Where people lie in a snapshot and how they are packed.

    Two snapshots of one layout and one pepper have the same bucket where the people in it are the
    same.
    """

    bucket_count: int
    dictionary: bytes


class StoredEntry(NamedTuple):
    """One person as stored: the first 8 bytes of the keys, and the payload."""

    key: bytes
    phone_key: bytes | None
    payload: bytes


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
        weakref.finalize(self, self._database.close)
        try:
            if size_bytes not in (None, real_size_bytes):
                raise self._broken(f"it has {real_size_bytes} bytes instead of {size_bytes}")
            self.info, self.layout = self._read_meta(real_size_bytes)
            self._texts = TextUnpacker(self.layout.dictionary)
            self._mark = self.info.mark
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the file; later look-ups raise."""
        self._database.close()

    def find(self, key: bytes) -> StoredEntry | None:
        """Find the entry of a key, of which the first 8 bytes count.

        Raises:
            RegistryBrokenError: the place where it must be is damaged.
        """
        key = key[: buckets.KEY_BYTES]
        number = buckets.number_of(key, self.layout.bucket_count)
        try:
            row = self._database.execute(_BUCKET, (number,)).fetchone()
        except sqlite3.Error as error:
            raise self._broken(str(error)) from None
        if row is None or not isinstance(row[0], bytes):
            raise self._broken(f"bucket {number} is missing")
        bucket = buckets.unpack(row[0], number, self._mark)
        place = bucket.place(key)
        if place is None:
            return None
        payload = self._texts.unpack_one(bucket.frame, bucket.people, place)
        return StoredEntry(key, bucket.phone_key(place), payload)

    def payloads(self, bucket: Bucket) -> list[bytes]:
        """Give the payloads of everybody in a bucket of this snapshot.

        Raises:
            RegistryBrokenError: the bucket is damaged.
        """
        return self._texts.unpack(bucket.frame, bucket.people)

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

    def people(self) -> Iterator[People]:
        """Give everybody, sorted by key, some ten thousand at a time.

        Raises:
            RegistryBrokenError: the file is damaged.
        """
        stored = self.stored_buckets()
        while some := list(islice(stored, _BUCKETS_AT_ONCE)):
            yield self.people_in(
                [buckets.unpack(data, number, self._mark) for number, data in some]
            )

    def buckets_between(self, first: int, end: int) -> list[Bucket]:
        """Give the buckets of those whose key begins with 4 bytes from *first* to before *end*.

        Raises:
            RegistryBrokenError: the file is damaged there.
        """
        low, high = (
            buckets.number_of(number.to_bytes(4, "big"), self.layout.bucket_count)
            for number in (first, end - 1)
        )
        try:
            stored = self._database.execute(_SOME_BUCKETS, (low, high)).fetchall()
        except sqlite3.Error as error:
            raise self._broken(str(error)) from None
        is_whole = [number for number, _ in stored] == list(range(low, high + 1))
        if not is_whole or not all(isinstance(data, bytes) for _, data in stored):
            raise self._broken(f"a bucket from {low} to {high} is missing")
        return [buckets.unpack(data, number, self._mark) for number, data in stored]

    def people_in(self, opened: list[Bucket]) -> People:
        """Give everybody in some buckets of this snapshot, which are in order.

        Raises:
            RegistryBrokenError: a bucket is damaged.
        """
        keys, phone_keys = (
            np.frombuffer(b"".join(column), ">u8").astype(np.uint64)
            for column in (
                [bucket.keys for bucket in opened],
                [bucket.phone_keys for bucket in opened],
            )
        )
        payloads = self._texts.unpack_all((bucket.frame, bucket.people) for bucket in opened)
        return People(keys, phone_keys, payloads)

    def integrity_problems(self) -> list[str]:
        """Let SQLite check its own structure; an empty list when it is sound."""
        try:
            rows = self._database.execute("PRAGMA integrity_check(5)").fetchall()
        except sqlite3.Error as error:
            return [str(error)]
        return [row[0] for row in rows if row[0] != "ok"]

    def _read_meta(self, size_bytes: int) -> tuple[SnapshotInfo, Layout]:
        try:
            self._check_header(size_bytes)
            self._database.execute(_CACHE)
            meta = dict(self._database.execute("SELECT name, value FROM meta"))
            (dictionary,) = self._database.execute("SELECT data FROM dictionary").fetchone()
            if meta.pop("seal", None) != seal(meta, dictionary):
                raise self._broken("its description is damaged")
            info = _read_info(self._path.name, meta)
            layout = Layout(int(meta["buckets"]), dictionary)
            (last,) = self._database.execute("SELECT max(number) FROM buckets").fetchone()
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            raise self._broken(str(error)) from None
        if last != layout.bucket_count - 1:
            raise self._broken("its last bucket is missing")
        return info, layout

    def _check_header(self, size_bytes: int) -> None:
        values = [
            self._database.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "page_size", "page_count")
        ]
        if values[0] != APPLICATION_ID:
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


def describe(info: SnapshotInfo) -> dict[str, str]:
    """Write what a snapshot says about itself as texts by name; its file name is not among them."""
    return {
        "as_of": info.as_of.isoformat(),
        "checksum": info.checksum,
        "imported_at": info.imported_at.isoformat(),
        "key_id": info.key_id,
        "rows": str(info.rows),
        "source": info.source,
    }


def _read_info(generation: str, meta: Mapping[str, str]) -> SnapshotInfo:
    return SnapshotInfo(
        generation=generation,
        as_of=date.fromisoformat(meta["as_of"]),
        rows=int(meta["rows"]),
        key_id=meta["key_id"],
        imported_at=datetime.fromisoformat(meta["imported_at"]),
        source=meta["source"],
        checksum=meta["checksum"],
    )


def seal(meta: Mapping[str, str], dictionary: bytes) -> str:
    """Give the checksum of the description and of the dictionary."""
    text = "\n".join(f"{name}={value}" for name, value in sorted(meta.items()))
    sealed = hashlib.blake2b(text.encode(), digest_size=16, person=b"saqbol meta")
    sealed.update(dictionary)
    return sealed.hexdigest()
