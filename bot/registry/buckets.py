"""A bucket: the few entries whose keys begin with the same bits, with its own checksum.

Every possible bucket is stored, also the empty ones. So a look-up reads exactly one bucket, and
that bucket proves that somebody is *not* in the register: damage anywhere on the way gives a wrong
checksum or number or no bucket at all, and never a false "not found".
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

from bot.registry.errors import RegistryBrokenError
from bot.registry.keys import KEY_BYTES

MAX_BITS = 32
_ENTRIES_IN_BUCKET = 24
_HEADER = struct.Struct("<III")  # CRC-32 of all that follows, number of the bucket, entries
_CRC_BYTES = 4
_NO_PHONE = bytes(KEY_BYTES)


class StoredEntry(NamedTuple):
    """One person as stored: 16-byte keys and an encoded person."""

    key: bytes
    phone_key: bytes | None
    payload: bytes


def bits_for(rows: int) -> int:
    """Give how many leading bits of a key choose its bucket: 12 to 24 entries in each."""
    return max(0, (max(rows - 1, 0) // _ENTRIES_IN_BUCKET).bit_length())


def bucket_of(key: bytes, bits: int) -> int:
    """Give the number of the bucket that must hold this key."""
    return int.from_bytes(key[:4], "big") >> (MAX_BITS - bits)


def pack(number: int, entries: Sequence[StoredEntry]) -> bytes:
    """Write the entries of one bucket, sorted by key."""
    ends, end = [], 0
    for entry in entries:
        end += len(entry.payload)
        ends.append(end)
    body = b"".join(
        (
            b"".join(entry.key for entry in entries),
            b"".join(entry.phone_key or _NO_PHONE for entry in entries),
            struct.pack(f"<{len(ends)}I", *ends),
            *(entry.payload for entry in entries),
        )
    )
    header = _HEADER.pack(0, number, len(entries))
    return struct.pack("<I", crc32(body, crc32(header[_CRC_BYTES:]))) + header[_CRC_BYTES:] + body


def find(bucket: bytes, number: int, key: bytes) -> StoredEntry | None:
    """Find one key in the bucket of this number.

    Raises:
        RegistryBrokenError: the bucket is damaged or is another one.
    """
    count = _check(bucket, number)
    end = _HEADER.size + count * KEY_BYTES
    position = bucket.find(key, _HEADER.size, end)
    while position >= 0 and (position - _HEADER.size) % KEY_BYTES:
        position = bucket.find(key, position + 1, end)
    if position < 0:
        return None
    return _entry(bucket, count, (position - _HEADER.size) // KEY_BYTES)


def unpack(bucket: bytes, number: int) -> Iterator[StoredEntry]:
    """Give all entries of the bucket of this number, sorted by key.

    Raises:
        RegistryBrokenError: the bucket is damaged or is another one.
    """
    count = _check(bucket, number)
    return (_entry(bucket, count, index) for index in range(count))


def _check(bucket: bytes, number: int) -> int:
    try:
        crc, stored_number, count = _HEADER.unpack_from(bucket)
    except (struct.error, TypeError):
        raise RegistryBrokenError(f"bucket {number} of the register is cut short") from None
    if crc != crc32(memoryview(bucket)[_CRC_BYTES:]) or stored_number != number:
        raise RegistryBrokenError(f"bucket {number} of the register is damaged")
    return int(count)


def _entry(bucket: bytes, count: int, index: int) -> StoredEntry:
    keys = _HEADER.size + index * KEY_BYTES
    phones = keys + count * KEY_BYTES
    ends = _HEADER.size + count * 2 * KEY_BYTES
    texts = ends + count * 4
    place = ends + index * 4
    start = int.from_bytes(bucket[place - 4 : place], "little") if index else 0
    end = int.from_bytes(bucket[place : place + 4], "little")
    phone_key = bucket[phones : phones + KEY_BYTES]
    return StoredEntry(
        bucket[keys : keys + KEY_BYTES],
        None if phone_key == _NO_PHONE else phone_key,
        bucket[texts + start : texts + end],
    )
