import gzip
from pathlib import Path

import pytest
import zstandard

from bot.registry import unpacking
from bot.registry.csv_file import CsvFile, CsvFileError, CsvProblem
from bot.registry.importing import import_csv
from bot.registry.registry import Registry

from .samples import AS_OF, IINS, KEY, import_people, line, write_csv

LINES = [line(iin) for iin in IINS]


def read(path: Path) -> list[bytes]:
    with CsvFile(path) as file:
        return [text for chunk in file.chunks() for text in chunk.lines()]


@pytest.fixture
def plain(tmp_path: Path) -> bytes:
    return write_csv(tmp_path / "plain.csv", LINES).read_bytes()


def pack(kind: str, plain: bytes) -> bytes:
    half = len(plain) // 2
    match kind:
        case "gzip":
            return gzip.compress(plain)
        case "gzip in two parts":
            return gzip.compress(plain[:half]) + gzip.compress(plain[half:])
        case "zstd":
            return zstandard.compress(plain)
        case "zstd in two parts":
            return zstandard.compress(plain[:half]) + zstandard.compress(plain[half:])
        case _:
            return zstandard.ZstdCompressor(write_content_size=False).compress(plain)


KINDS = ["gzip", "gzip in two parts", "zstd", "zstd in two parts", "zstd of unknown size"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["register.csv", "register.zip"])
def test_packed_extract_is_read_whatever_its_name(
    tmp_path: Path, plain: bytes, kind: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(pack(kind, plain))

    assert read(path) == [text.encode() for text in LINES]


@pytest.mark.parametrize("kind", KINDS)
def test_f16_packed_extract_that_is_cut_short_anywhere_is_refused(
    tmp_path: Path, plain: bytes, kind: str
) -> None:
    path, packed = tmp_path / "register", pack(kind, plain)
    # Where one part ends and the other one begins, nobody can tell that something is missing.
    seam = len(pack(kind.split(maxsplit=1)[0], plain[: len(plain) // 2]))
    for end in (end for end in range(5, len(packed), 7) if end != seam):
        path.write_bytes(packed[:end])

        with pytest.raises(CsvFileError) as caught:
            read(path)

        assert caught.value.problem is CsvProblem.DAMAGED_ARCHIVE


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_f16_damaged_archive_changes_nothing(tmp_path: Path, plain: bytes, kind: str) -> None:
    before = import_people(tmp_path)
    damaged = bytearray(pack(kind, plain))
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    path = tmp_path / "register.csv"
    path.write_bytes(damaged)

    with pytest.raises(CsvFileError, match="copy it again") as caught:
        import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    assert caught.value.problem is CsvProblem.DAMAGED_ARCHIVE
    with Registry(tmp_path, KEY) as registry:
        assert registry.info.generation == before.generation
    assert not list((tmp_path / "registry").glob("*.tmp"))


@pytest.mark.parametrize("kind", KINDS)
def test_f16_extract_that_unpacks_to_more_than_any_register_is_refused(
    tmp_path: Path, plain: bytes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED_BYTES", len(plain) - 1)
    path = tmp_path / "register.csv"
    path.write_bytes(pack(kind, plain))

    with pytest.raises(CsvFileError) as caught:
        read(path)

    assert caught.value.problem is CsvProblem.TOO_LARGE
    path.write_bytes(plain)
    assert read(path)


def test_f16_gigabyte_in_a_few_bytes_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    packed = packer.compress(write_csv(tmp_path / "plain.csv", LINES).read_bytes())
    for _ in range(64):
        packed += packer.compress(b"9" * (16 << 20))
    path = tmp_path / "register.csv"
    path.write_bytes(packed + packer.flush())

    with pytest.raises(CsvFileError, match=f"line {len(LINES) + 2} is longer"):
        read(path)
