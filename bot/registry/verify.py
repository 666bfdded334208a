"""Proving that a snapshot is whole: every byte, every bucket, every person."""

from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path

import numpy as np

from bot.registry import buckets
from bot.registry.buckets import Bucket
from bot.registry.errors import RegistryBrokenError
from bot.registry.generations import Generations, describe_file
from bot.registry.keys import RegistryKey
from bot.registry.payload import PayloadChecker
from bot.registry.report import OnProgress, Progress
from bot.registry.snapshot import Snapshot, new_checksum

_BUCKETS_AT_ONCE = 1_024


class FindingCode(StrEnum):
    """What is wrong."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    WRONG_DIGEST = "wrong_digest"
    STRUCTURE = "structure"
    DAMAGED_BUCKET = "damaged_bucket"
    WRONG_ORDER = "wrong_order"
    WRONG_ROWS = "wrong_rows"
    WRONG_CHECKSUM = "wrong_checksum"
    UNDECODABLE = "undecodable"
    WRONG_KEY = "wrong_key"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in words without personal data."""

    code: FindingCode
    text: str


def verify(
    home: Path, key: RegistryKey | None, on_progress: OnProgress | None = None
) -> list[Finding]:
    """Read the whole current snapshot and list what is wrong; an empty list when nothing is.

    Args:
        home: the folder that has ``registry/``.
        key: also check that the snapshot was built with it.
        on_progress: called every ten thousand people or so.
    """
    generations = Generations(home)
    try:
        listed = generations.listed()
    except RegistryBrokenError as error:
        return [Finding(FindingCode.UNREADABLE, str(error))]
    if not listed:
        return [Finding(FindingCode.MISSING, "nothing was imported yet")]
    current = listed[0]
    path = generations.path_of(current)
    findings = []
    try:
        if describe_file(path, current.file) != current:
            text = "the file is not the one that was imported: some bytes differ"
            findings.append(Finding(FindingCode.WRONG_DIGEST, text))
    except OSError as error:
        return [Finding(FindingCode.UNREADABLE, f"{current.file}: {error.strerror}")]
    return findings + check_file(path, key, on_progress=on_progress)


def check_file(
    path: Path,
    key: RegistryKey | None = None,
    *,
    decode_people: bool = True,
    on_progress: OnProgress | None = None,
) -> list[Finding]:
    """Check one snapshot file by what it says about itself."""
    try:
        snapshot = Snapshot(path)
    except RegistryBrokenError as error:
        return [Finding(FindingCode.UNREADABLE, str(error))]
    with closing(snapshot):
        findings = [Finding(FindingCode.STRUCTURE, text) for text in snapshot.integrity_problems()]
        if key is not None and snapshot.info.key_id != key.key_id:
            text = f"built with key {snapshot.info.key_id}, not {key.key_id}"
            findings.append(Finding(FindingCode.WRONG_KEY, text))
        try:
            findings += _check_buckets(snapshot, on_progress, decode_people=decode_people)
        except RegistryBrokenError as error:
            findings.append(Finding(FindingCode.UNREADABLE, str(error)))
    return findings


def _check_buckets(
    snapshot: Snapshot, on_progress: OnProgress | None, *, decode_people: bool
) -> list[Finding]:
    findings: list[Finding] = []
    checksum, people = new_checksum(), 0
    expected_number, before = 0, -1
    can_be_read = PayloadChecker().can_be_read
    stored = snapshot.stored_buckets()
    while some := list(islice(stored, _BUCKETS_AT_ONCE)):
        opened = []
        for number, data in some:
            if number != expected_number:
                text = f"bucket {expected_number} is missing"
                return [*findings, Finding(FindingCode.DAMAGED_BUCKET, text)]
            expected_number += 1
            checksum.update(buckets.content(data))
            try:
                bucket = buckets.unpack(data, number, snapshot.info.mark)
                if decode_people and not all(map(can_be_read, snapshot.payloads(bucket))):
                    text = f"bucket {number} has a person who cannot be read"
                    findings.append(Finding(FindingCode.UNDECODABLE, text))
            except RegistryBrokenError as error:
                findings.append(Finding(FindingCode.DAMAGED_BUCKET, str(error)))
                continue
            people += bucket.people
            opened.append((number, bucket))
        found, before = _check_order(opened, before, snapshot.layout.bucket_count)
        findings += found
        if on_progress is not None:
            share = expected_number / snapshot.layout.bucket_count
            on_progress(Progress("check", people, min(share, 1.0)))
    info = snapshot.info
    if people != info.rows:
        text = f"{people} people instead of {info.rows}"
        findings.append(Finding(FindingCode.WRONG_ROWS, text))
    if checksum.hexdigest() != info.checksum:
        findings.append(Finding(FindingCode.WRONG_CHECKSUM, "the checksum of all entries differs"))
    return findings


def _check_order(
    opened: list[tuple[int, Bucket]], before: int, bucket_count: int
) -> tuple[list[Finding], int]:
    """Check that keys rise from *before* on, each in its bucket; give the last of them too."""
    keys = np.frombuffer(b"".join(bucket.keys for _, bucket in opened), ">u8").astype(np.uint64)
    if not keys.size:
        return [], before
    numbers = np.repeat(
        np.array([number for number, _ in opened], np.uint64),
        [bucket.people for _, bucket in opened],
    )
    rising = int(keys[0]) > before and bool((keys[1:] > keys[:-1]).all())
    if rising and (buckets.numbers_of(keys, bucket_count) == numbers).all():
        return [], int(keys[-1])
    text = f"buckets {opened[0][0]} to {opened[-1][0]} have a person who belongs elsewhere"
    return [Finding(FindingCode.WRONG_ORDER, text)], int(keys[-1])
