"""People into buckets, range by range."""

from typing import NamedTuple

import numpy as np

from bot.registry import buckets
from bot.registry.buckets import Bucket
from bot.registry.people import People
from bot.registry.snapshot import Layout
from bot.registry.texts import TextPacker


class Packed(NamedTuple):
    """Buckets one after the other, and how many people they have."""

    buckets: list[bytes]
    people: int


def pack(people: People, numbers: range, layout: Layout, mark: int) -> Packed:
    """Pack people into the buckets of these numbers, where all of them belong."""
    texts = TextPacker(layout.dictionary)
    owners = buckets.numbers_of(people.keys, layout.bucket_count)
    bounds = np.searchsorted(owners, np.arange(numbers.start, numbers.stop + 1, dtype=np.uint64))
    keys, phone_keys = people.keys.astype(">u8"), people.phone_keys.astype(">u8")
    packed = []
    start, *ends = bounds.tolist()
    for number, end in zip(numbers, ends, strict=True):
        bucket = Bucket(
            keys[start:end].tobytes(),
            phone_keys[start:end].tobytes(),
            texts.pack(people.payloads[start:end]),
        )
        packed.append(buckets.pack(number, bucket, mark))
        start = end
    return Packed(packed, len(people.payloads))
