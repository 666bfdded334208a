"""Proving that a snapshot is whole: every byte, every bucket, every person."""

from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.registry import buckets
from bot.registry.errors import RegistryBrokenError
from bot.registry.generations import Generations, describe_file
from bot.registry.keys import RegistryKey
from bot.registry.payload import decode
from bot.registry.snapshot import Snapshot, new_checksum


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


def verify(home: Path, key: RegistryKey | None) -> list[Finding]:
    """Read the whole current snapshot and list what is wrong; an empty list when nothing is.

    Args:
        home: the folder that has ``registry/``.
        key: also check that the snapshot was built with it.
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
    return findings + check_file(path, key)


def check_file(
    path: Path, key: RegistryKey | None = None, *, decode_people: bool = True
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
            findings += _check_buckets(snapshot, decode_people=decode_people)
        except RegistryBrokenError as error:
            findings.append(Finding(FindingCode.UNREADABLE, str(error)))
    return findings


def _check_buckets(snapshot: Snapshot, *, decode_people: bool) -> list[Finding]:
    findings: list[Finding] = []
    checksum, rows, before = new_checksum(), 0, b""
    expected_number = 0
    for number, data in snapshot.stored_buckets():
        if number != expected_number:
            text = f"bucket {expected_number} is missing"
            return [*findings, Finding(FindingCode.DAMAGED_BUCKET, text)]
        expected_number += 1
        checksum.update(data)
        try:
            entries = list(buckets.unpack(data, number))
        except RegistryBrokenError as error:
            findings.append(Finding(FindingCode.DAMAGED_BUCKET, str(error)))
            continue
        rows += len(entries)
        for entry in entries:
            if entry.key <= before or buckets.bucket_of(entry.key, snapshot.bits) != number:
                text = f"bucket {number} has a person who belongs elsewhere"
                findings.append(Finding(FindingCode.WRONG_ORDER, text))
            before = entry.key
            if decode_people and not _is_decodable(entry.payload):
                text = f"bucket {number} has a person who cannot be read"
                findings.append(Finding(FindingCode.UNDECODABLE, text))
    info = snapshot.info
    if rows != info.rows:
        text = f"{rows} people instead of {info.rows}"
        findings.append(Finding(FindingCode.WRONG_ROWS, text))
    if checksum.hexdigest() != info.checksum:
        findings.append(Finding(FindingCode.WRONG_CHECKSUM, "the checksum of all entries differs"))
    return findings


def _is_decodable(payload: bytes) -> bool:
    try:
        decode(payload)
    except ValueError:
        return False
    return True
