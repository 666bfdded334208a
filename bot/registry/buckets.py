"""A bucket: the few people whose keys are next to each other, with its own checksum.

Every possible bucket is stored, also the empty ones. So a look-up reads exactly one bucket, and
that bucket proves that somebody is *not* in the register: damage anywhere on the way gives a wrong
checksum or number or no bucket at all, and never a false "not found". The checksum begins with the
mark of the generation, so that a page which a copy left behind from another one is noticed, too.

Layout: CRC-32 of all that follows, number of the bucket, how many people (each 4 bytes,
little-endian); their keys, sorted; their phone keys, zeros for none; one zstd frame of their
payloads, separated by line ends. Nobody has no frame.
"""

import struct
from typing import NamedTuple
from zlib import crc32

import numpy as np

from bot.registry.errors import RegistryBrokenError
from bot.registry.people import Keys

# With 20 million people two of them share 8 bytes once in 90,000 registers; the import notices.
KEY_BYTES = 8
NO_PHONE_KEY = bytes(KEY_BYTES)
PEOPLE_IN_BUCKET = 32
_HEADER = struct.Struct("<III")
_CRC_BYTES = 4


class Bucket(NamedTuple):
    """One bucket taken apart: keys and phone keys one after the other, payloads compressed."""

    keys: bytes
    phone_keys: bytes
    frame: bytes

    @property
    def people(self) -> int:
        return len(self.keys) // KEY_BYTES

    def place(self, key: bytes) -> int | None:
        """Find the place of an 8-byte key."""
        position = self.keys.find(key)
        while position >= 0 and position % KEY_BYTES:
            position = self.keys.find(key, position + 1)
        return None if position < 0 else position // KEY_BYTES

    def phone_key(self, place: int) -> bytes | None:
        phone_key = self.phone_keys[place * KEY_BYTES : (place + 1) * KEY_BYTES]
        return None if phone_key == NO_PHONE_KEY else phone_key


def count_for(people: int, ranges: int) -> int:
    """Give into how many buckets so many people go: about 32 in each, equally many in a range."""
    return ranges * max(1, -(-people // (PEOPLE_IN_BUCKET * ranges)))


def is_good_count(count: int, people: int) -> bool:
    """Tell whether so many buckets are still neither too full nor too empty for so many people."""
    return abs(people - PEOPLE_IN_BUCKET * count) * 4 <= PEOPLE_IN_BUCKET * count


def number_of(key: bytes, count: int) -> int:
    """Give the number of the bucket, of so many, that must hold this key."""
    return int.from_bytes(key[:4], "big") * count >> 32


def numbers_of(keys: Keys, count: int) -> Keys:
    """Give the same for many keys as numbers."""
    return (keys >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)


def pack(number: int, bucket: Bucket, mark: int) -> bytes:
    """Write one bucket of the generation with this mark."""
    body = b"".join(bucket)
    header = _HEADER.pack(0, number, bucket.people)
    checksum = crc32(body, crc32(header[_CRC_BYTES:], mark))
    return checksum.to_bytes(_CRC_BYTES, "little") + header[_CRC_BYTES:] + body


def content(data: bytes) -> memoryview:
    """Give what is the same in every generation with the same people and layout."""
    return memoryview(data)[_CRC_BYTES:]


def unpack(data: bytes, number: int, mark: int) -> Bucket:
    """Take the bucket of this number apart, in the generation with this mark.

    Raises:
        RegistryBrokenError: the bucket is damaged, is another one or of another generation.
    """
    try:
        crc, stored_number, people = _HEADER.unpack_from(data)
    except struct.error:
        raise RegistryBrokenError(f"bucket {number} of the register is cut short") from None
    if crc != crc32(content(data), mark) or stored_number != number:
        raise RegistryBrokenError(f"bucket {number} of the register is damaged")
    phones = _HEADER.size + people * KEY_BYTES
    frame = phones + people * KEY_BYTES
    return Bucket(data[_HEADER.size : phones], data[phones:frame], data[frame:])
