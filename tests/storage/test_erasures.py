"""The file of erasures: what is written when somebody is erased, and what is read back."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

import pytest

from bot.storage.erasures import Erasure, ErasureFile

ANNA, AIGUL = 7_000_000_001, 700_000_002
KEY_ID = "5eb8a5c5"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def mark_of(subscriber_id: int) -> bytes:
    return subscriber_id.to_bytes(16)


@pytest.fixture
def erasures(tmp_path: Path) -> ErasureFile:
    return ErasureFile(tmp_path / "erasures.log", mark_of, KEY_ID)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond *size* bytes, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_an_erasure_is_one_line_of_time_key_and_mark(erasures: ErasureFile) -> None:
    await erasures.add(ANNA, not_before=LONG_AGO)

    assert re.fullmatch(
        rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}Z {KEY_ID} {ANNA:032x}\n",
        erasures.path.read_text("ascii"),
    )


@pytest.mark.usefixtures("almaty")
async def test_erasures_are_read_in_their_order_with_the_time_of_each(
    erasures: ErasureFile,
) -> None:
    before = datetime.now(UTC)
    await erasures.add(ANNA, not_before=LONG_AGO)
    between = datetime.now(UTC)
    await erasures.add(AIGUL, not_before=LONG_AGO)

    first, second = erasures.read()

    assert before <= first.at <= between <= second.at <= datetime.now(UTC)
    assert first.at.tzinfo is UTC
    assert first == Erasure(first.at, KEY_ID, mark_of(ANNA))
    assert second == Erasure(second.at, KEY_ID, mark_of(AIGUL))


def test_nobody_was_erased_where_there_is_no_file(erasures: ErasureFile) -> None:
    assert list(erasures.read()) == []


async def test_file_of_erasures_is_its_owner_s_alone(erasures: ErasureFile) -> None:
    await erasures.add(ANNA, not_before=LONG_AGO)

    assert S_IMODE(erasures.path.stat().st_mode) == 0o600


async def test_erasure_that_was_cut_short_is_an_error_and_spoils_no_other(
    erasures: ErasureFile,
) -> None:
    await erasures.add(ANNA, not_before=LONG_AGO)
    opened = descriptors()

    with (
        files_of_at_most(erasures.path.stat().st_size + 10),
        pytest.raises(OSError, match=r"^erasures\.log could not be written to its end$"),
    ):
        await erasures.add(AIGUL, not_before=LONG_AGO)
    await erasures.add(AIGUL, not_before=LONG_AGO)

    assert [erasure.mark for erasure in erasures.read()] == [mark_of(ANNA), mark_of(AIGUL)]
    assert descriptors() == opened


async def test_bytes_that_are_no_text_spoil_no_erasure(erasures: ErasureFile) -> None:
    erasures.path.write_bytes(b"\xff\xfe\x00 2026-11-21T10:00")
    await erasures.add(ANNA, not_before=LONG_AGO)

    assert [erasure.mark for erasure in erasures.read()] == [mark_of(ANNA)]


async def test_erasure_that_may_not_be_on_the_disk_is_an_error() -> None:
    # A device takes every byte and has no disk to bring it to.
    erasures = ErasureFile(Path("/dev/null"), mark_of, KEY_ID)

    with pytest.raises(OSError, match="Invalid argument"):
        await erasures.add(ANNA, not_before=LONG_AGO)
