"""A damaged register is an error, never a person who is not found."""

import shutil
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bot.domain.iin import Iin
from bot.registry.buckets import number_of
from bot.registry.errors import RegistryBrokenError, SuspiciousImportError
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.registry import Registry
from bot.registry.snapshot import Snapshot
from bot.registry.synthetic.iins import synthetic_iins
from bot.registry.verify import FindingCode, verify

from .samples import AS_OF, IINS, KEY, import_lines, import_people, line, write_csv

PEOPLE = 300


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    report = import_people(tmp_path, PEOPLE)
    return tmp_path / "registry" / report.generation


DAMAGE = {
    "zero bytes": lambda whole: whole[:0],
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "last page lost": lambda whole: whole[:-8192],
    "one byte too many": lambda whole: whole + b"\0",
    "text": lambda whole: b"not a register".ljust(len(whole)),
    "zeros": lambda whole: bytes(len(whole)),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damaged_file_is_refused_at_start(snapshot: Path, damage: object) -> None:
    assert callable(damage)
    snapshot.write_bytes(damage(snapshot.read_bytes()))

    with pytest.raises(RegistryBrokenError, match=snapshot.name):
        Registry(snapshot.parents[1], KEY)

    assert verify(snapshot.parents[1], KEY)


def test_missing_file_is_broken_and_not_an_empty_register(snapshot: Path) -> None:
    snapshot.unlink()

    with pytest.raises(RegistryBrokenError):
        Registry(snapshot.parents[1], KEY)

    assert [finding.code for finding in verify(snapshot.parents[1], KEY)] == [
        FindingCode.UNREADABLE
    ]
    assert not snapshot.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"generations": []}', "\udcff"])
def test_damaged_pointer_is_broken_and_only_a_forced_import_replaces_it(
    snapshot: Path, text: str
) -> None:
    home = snapshot.parents[1]
    Generations(home).pointer.write_bytes(text.encode(errors="surrogateescape"))
    path = write_csv(home / "register.csv", [line(iin) for iin in IINS])

    with pytest.raises(RegistryBrokenError):
        Registry(home, KEY)
    with pytest.raises(SuspiciousImportError, match="cannot be read"):
        import_csv(path, as_of=AS_OF, home=home, key=KEY)
    assert [finding.code for finding in verify(home, KEY)] == [FindingCode.UNREADABLE]

    import_csv(path, as_of=AS_OF, home=home, key=KEY, force=True)

    assert verify(home, KEY) == []


def test_pointer_cannot_lead_out_of_its_folder(snapshot: Path) -> None:
    pointer = Generations(snapshot.parents[1]).pointer
    pointer.write_text(pointer.read_text().replace(snapshot.name, f"../registry/{snapshot.name}"))

    with pytest.raises(RegistryBrokenError, match="damaged"):
        Registry(snapshot.parents[1], KEY)


def test_flipped_byte_anywhere_is_found_by_verify(snapshot: Path) -> None:
    home, whole, random = snapshot.parents[1], snapshot.read_bytes(), Random(1)
    for _ in range(60):
        damaged = bytearray(whole)
        damaged[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        snapshot.write_bytes(damaged)

        assert verify(home, KEY)


def test_damage_under_an_open_reader_never_hides_a_person(tmp_path: Path) -> None:
    # So many that most of the file is read only when somebody asks.
    iins = [Iin(digits) for digits in islice(synthetic_iins(Random(8)), 3_000)]
    report = import_lines(tmp_path, [line(iin) for iin in iins])
    snapshot = tmp_path / "registry" / report.generation
    home, whole = tmp_path, snapshot.read_bytes()
    for size in (0, 8192, len(whole) // 2):
        with Registry(home, KEY) as registry:
            snapshot.write_bytes(whole[:size])

            for iin in iins:
                try:
                    assert registry.find(iin) is not None
                except RegistryBrokenError:
                    break
            else:
                pytest.fail("most of the file is gone and nobody noticed")
        snapshot.write_bytes(whole)


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM buckets WHERE number = 3", FindingCode.DAMAGED_BUCKET),
        ("UPDATE buckets SET number = -1 WHERE number = 3", FindingCode.DAMAGED_BUCKET),
        ("UPDATE buckets SET data = x'00' WHERE number = 3", FindingCode.DAMAGED_BUCKET),
        ("UPDATE buckets SET data = 'text' WHERE number = 3", FindingCode.UNREADABLE),
        ("UPDATE meta SET value = '2027-01-01' WHERE name = 'as_of'", FindingCode.UNREADABLE),
        ("DELETE FROM meta WHERE name = 'seal'", FindingCode.UNREADABLE),
        ("DROP TABLE meta", FindingCode.UNREADABLE),
        ("DROP TABLE dictionary", FindingCode.UNREADABLE),
        ("UPDATE dictionary SET data = x'0102'", FindingCode.UNREADABLE),
        ("PRAGMA user_version = 1", FindingCode.UNREADABLE),
    ],
)
def test_tampering_through_sqlite_is_found(snapshot: Path, sql: str, code: FindingCode) -> None:
    with closing(sqlite3.connect(snapshot, isolation_level=None)) as database:
        database.execute(sql)

    codes = {finding.code for finding in verify(snapshot.parents[1], KEY)}

    assert {FindingCode.WRONG_DIGEST, code} <= codes


def test_bucket_in_the_place_of_another_is_broken(snapshot: Path) -> None:
    with closing(sqlite3.connect(snapshot, isolation_level=None)) as database:
        database.execute("UPDATE buckets SET data = (SELECT data FROM buckets WHERE number = 0)")

    with Registry(snapshot.parents[1], KEY) as registry:
        misses = [iin for iin in IINS[:PEOPLE] if KEY.of_iin(iin)[0] >= 0x80]
        for iin in misses:
            with pytest.raises(RegistryBrokenError, match="damaged"):
                registry.find(iin)


def test_bucket_left_behind_from_another_generation_is_broken(tmp_path: Path) -> None:
    """As when a copy over the old file stops in the middle."""
    before = import_people(tmp_path, PEOPLE)
    after = import_lines(tmp_path, (line(iin, level="D") for iin in IINS[:PEOPLE]))
    folder = tmp_path / "registry"
    with closing(Snapshot(folder / after.generation)) as snapshot:
        bucket = number_of(KEY.of_iin(IINS[0]), snapshot.layout.bucket_count)
    with closing(sqlite3.connect(folder / after.generation, isolation_level=None)) as database:
        database.execute("ATTACH ? AS before", (str(folder / before.generation),))
        database.execute(
            "UPDATE buckets SET data = (SELECT data FROM before.buckets WHERE number = :bucket)"
            " WHERE number = :bucket",
            {"bucket": bucket},
        )

    with Registry(tmp_path, KEY) as registry, pytest.raises(RegistryBrokenError, match="damaged"):
        registry.find(IINS[0])


@pytest.mark.parametrize("data", [None, 7, "text"])
def test_cell_that_is_no_bucket_is_broken_also_for_who_reads_many(
    snapshot: Path, data: object
) -> None:
    with closing(sqlite3.connect(snapshot, isolation_level=None)) as database:
        database.execute("CREATE TABLE other (number INTEGER PRIMARY KEY, data)")
        database.execute("INSERT INTO other SELECT * FROM buckets")
        database.execute("UPDATE other SET data = ? WHERE number = 3", (data,))
        database.execute("DROP TABLE buckets")
        database.execute("ALTER TABLE other RENAME TO buckets")

    with closing(Snapshot(snapshot)) as opened, pytest.raises(RegistryBrokenError, match="bucket"):
        opened.buckets_between(0, 1 << 32)


def test_verify_of_a_whole_register_finds_nothing(snapshot: Path) -> None:
    assert verify(snapshot.parents[1], KEY) == []
    assert verify(snapshot.parents[1], None) == []


def test_verify_names_a_wrong_key_and_a_missing_register(snapshot: Path, tmp_path: Path) -> None:
    assert [item.code for item in verify(tmp_path, RegistryKey(bytes(32)))] == [
        FindingCode.WRONG_KEY
    ]
    shutil.rmtree(tmp_path / "registry")
    assert [item.code for item in verify(tmp_path, KEY)] == [FindingCode.MISSING]
