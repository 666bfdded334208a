"""Runs of rows and the buckets made of them, with keys that no IIN gives."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bot.registry import buckets
from bot.registry.buckets import Bucket
from bot.registry.chunk_reader import KeyedRows
from bot.registry.errors import ImportStoppedError
from bot.registry.packing import pack
from bot.registry.runs import merge_range, write_run
from bot.registry.snapshot import Layout
from bot.registry.texts import TextUnpacker

HIGH = 1 << 63


def rows(*keys: int, tail: int = 0, payload: str = "x", line: int = 2) -> KeyedRows:
    numbers = np.array(keys, np.uint64)
    return KeyedRows(
        lines=np.arange(line, line + len(keys), dtype=np.uint64),
        keys=numbers,
        tails=np.full(len(keys), tail, np.uint64),
        phone_keys=np.zeros(len(keys), np.uint64),
        payloads=pl.Series([f"{payload}{key}" for key in keys], dtype=pl.String),
    )


def test_two_people_with_one_stored_key_stop_the_import(tmp_path: Path) -> None:
    runs = [write_run(tmp_path / "1", rows(5, HIGH)), write_run(tmp_path / "2", rows(5, tail=1))]

    with pytest.raises(ImportStoppedError, match=r"same key.*change the pepper"):
        merge_range(runs, 0, 2)

    assert merge_range(runs, 1, 2).people.keys.tolist() == [HIGH]


def test_ranges_together_give_everybody_once_in_order(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    keys = np.unique(random.integers(0, 2**64, 3_000, np.uint64)).tolist()
    runs = [
        write_run(tmp_path / "1", rows(*keys[::2])),
        write_run(tmp_path / "2", rows()),
        write_run(tmp_path / "3", rows(*reversed(keys[1::2]))),
        write_run(tmp_path / "4", rows(*keys[:100])),
    ]

    merged = [merge_range(runs, number, 8) for number in range(8)]

    assert [key for each in merged for key in each.people.keys.tolist()] == keys
    assert [text for each in merged for text in each.people.payloads] == [
        b"x%d" % key for key in keys
    ]
    assert sum(each.duplicates for each in merged) == 100
    assert not any(each.conflicts for each in merged)


def test_lines_of_rows_that_contradict_are_named_in_order(tmp_path: Path) -> None:
    runs = [
        write_run(tmp_path / "1", rows(7, 8, 7, line=40)),
        write_run(tmp_path / "2", rows(7, payload="y", line=2)),
    ]

    merged = merge_range(runs, 0, 1)

    assert merged.people.keys.tolist() == [8]
    assert (merged.duplicates, merged.conflicts) == (0, [2, 40, 42])


def test_every_bucket_is_packed_and_holds_who_belongs_there(tmp_path: Path) -> None:
    keys = [0, 1, HIGH - 1, HIGH, 2**64 - 1]
    people = merge_range([write_run(tmp_path / "1", rows(*keys))], 0, 1).people

    packed = pack(people, range(6), Layout(6, b""), 7)

    opened = [buckets.unpack(data, number, 7) for number, data in enumerate(packed.buckets)]
    assert [bucket.people for bucket in opened] == [2, 0, 1, 1, 0, 1]
    for key in keys:
        stored = key.to_bytes(8, "big")
        bucket = opened[buckets.number_of(stored, 6)]
        place = bucket.place(stored)
        assert place is not None
        assert TextUnpacker(b"").unpack(bucket.frame, bucket.people)[place] == b"x%d" % key


def test_key_that_lies_across_two_others_is_not_found() -> None:
    keys = bytes(range(24))

    assert Bucket(keys, bytes(24), b"").place(keys[3:11]) is None
    assert Bucket(keys + keys[3:11], bytes(32), b"").place(keys[3:11]) == 3
