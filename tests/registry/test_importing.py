import fcntl
import os
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.registry.csv_file import CsvFileError
from bot.registry.errors import (
    ImportRunningError,
    ImportStoppedError,
    RegistryKeyError,
    RegistryMissingError,
    Suspicion,
    SuspiciousImportError,
    TooManyErrorsError,
)
from bot.registry.generate import generate
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.registry import Registry
from bot.registry.report import ImportReport, Progress, Reject
from bot.registry.row_problems import RowProblem
from bot.registry.rows import parse_row
from bot.registry.snapshot import Layout, Snapshot

from .samples import (
    AS_OF,
    IINS,
    KEY,
    PHONE,
    changed_line,
    import_lines,
    import_people,
    line,
    row,
    write_csv,
)
from .test_rows import WRONG


def test_imported_people_are_found_and_strangers_are_not(tmp_path: Path) -> None:
    report = import_lines(tmp_path, [line(iin) for iin in IINS[:300]])

    with Registry(tmp_path, KEY) as registry:
        for iin in IINS[:300]:
            entry = registry.find(iin)
            assert entry is not None
            assert entry.person == parse_row(row(iin), as_of=AS_OF).person
            assert entry.key == KEY.of_iin(iin)
            assert entry.has_phone(KEY.of_phone(PHONE))
            assert not entry.has_phone(KEY.of_phone("+77000009999"))
            assert not entry.has_phone(None)
        assert not any(registry.find(iin) for iin in IINS[300:])
    assert (report.read, report.accepted, report.rejected, report.duplicates) == (300, 300, 0, 0)


def test_layout_is_kept_within_a_month_while_the_buckets_are_neither_full_nor_empty(
    tmp_path: Path,
) -> None:
    rows, others = ([*generate(8_000, seed, AS_OF)][1:] for seed in (1, 2))

    first = layout_after(tmp_path, rows[:6_000], AS_OF)
    same = layout_after(tmp_path, others[:5_300], AS_OF)
    full = layout_after(tmp_path, rows, AS_OF)
    next_month = layout_after(tmp_path, others, date(2026, 12, 1))

    assert same == first
    assert full.bucket_count > first.bucket_count
    assert next_month.bucket_count == full.bucket_count
    assert next_month.dictionary != full.dictionary


def layout_after(home: Path, lines: Iterable[str], as_of: date) -> Layout:
    report = import_lines(home, lines, as_of)
    with closing(Snapshot(home / "registry" / report.generation)) as snapshot:
        return snapshot.layout


def test_snapshot_describes_itself(tmp_path: Path) -> None:
    report = import_people(tmp_path, 30)

    with Registry(tmp_path, KEY) as registry:
        info = registry.info

    assert (info.generation, info.as_of, info.rows) == (report.generation, AS_OF, 30)
    assert (info.key_id, info.source) == (KEY.key_id, "register.csv")
    assert datetime.now(UTC) - info.imported_at < timedelta(minutes=1)


def test_person_without_phone_has_no_phone_key(tmp_path: Path) -> None:
    import_lines(tmp_path, [line(phone="")])

    with Registry(tmp_path, KEY) as registry:
        entry = registry.find(IINS[0])

    assert entry is not None
    assert entry.phone_key is None


def test_strangers_file_with_every_error_gives_the_good_rows_and_lists_the_rest(
    tmp_path: Path,
) -> None:
    lines = [line(iin) for iin in IINS[:20]]
    expected = []
    for columns, problem in WRONG.values():
        lines.append(changed_line({"iin": IINS[30].digits, **columns}))
        expected.append(Reject(len(lines) + 1, problem))
    for text, problem in {
        "1,2,3": RowProblem.WRONG_COLUMN_COUNT,
        '"' + line(IINS[31]): RowProblem.BAD_QUOTES,
        line(IINS[31]) + "\0": RowProblem.NUL,
    }.items():
        lines.append(text)
        expected.append(Reject(len(lines) + 1, problem))
    for _ in range(2):
        lines.append(line(IINS[32], level="A" if len(lines) % 2 else "B"))
        expected.append(Reject(len(lines) + 1, RowProblem.CONFLICTING_ROWS))
    lines += [line(IINS[20])]
    path = write_csv(tmp_path / "register.csv", lines)
    with path.open("ab") as file:
        file.write(line(IINS[33]).encode() + b"\xff\n")
    expected.append(Reject(len(lines) + 2, RowProblem.NOT_UTF8))
    rejects_path = tmp_path / "rejects.csv"

    report = import_csv(
        path, as_of=AS_OF, home=tmp_path, key=KEY, max_error_share=0.8, rejects_path=rejects_path
    )

    assert report.accepted == 21
    assert report.rejects == tuple(expected)
    assert report.rejected == sum(report.reasons.values()) == len(expected)
    assert set(report.reasons) == set(RowProblem)
    header, *listed = rejects_path.read_text().splitlines()
    assert header == "line,reason"
    assert sorted(listed) == sorted(f"{item.line},{item.problem}" for item in expected)


def test_list_of_rejects_is_whole_and_nothing_is_switched_while_the_audit_log_is_written(
    tmp_path: Path,
) -> None:
    before = import_people(tmp_path, 30).generation
    path = write_csv(tmp_path / "next.csv", [line(iin) for iin in IINS[:30]] + ["a row of nothing"])
    rejects, found = tmp_path / "rejects.csv", list[tuple[str, str]]()

    def look(_: ImportReport) -> None:
        found.append((rejects.read_text(), Generations(tmp_path).listed()[0].file))

    report = import_csv(
        path, as_of=AS_OF, home=tmp_path, key=KEY, rejects_path=rejects, before_switch=look
    )

    assert found == [("line,reason\n32,wrong_column_count\n", before)]
    assert Generations(tmp_path).listed()[0].file == report.generation != before


def test_equal_rows_count_once(tmp_path: Path) -> None:
    report = import_lines(tmp_path, [line(), line(IINS[1]), line(), line()])

    assert (report.accepted, report.duplicates, report.rejected) == (2, 2, 0)


@pytest.mark.parametrize("columns", [{"level": "A"}, {"phone": "+77000009999"}, {"phone": ""}])
def test_rows_that_contradict_are_all_rejected(tmp_path: Path, columns: dict[str, str]) -> None:
    lines = [line(iin) for iin in IINS[1:90]] + [line(), changed_line(columns), line()]

    report = import_lines(tmp_path, lines)

    assert report.rejects == tuple(
        Reject(number, RowProblem.CONFLICTING_ROWS) for number in (91, 92, 93)
    )
    with Registry(tmp_path, KEY) as registry:
        assert registry.find(IINS[0]) is None
        assert registry.find(IINS[1]) is not None


def test_too_many_errors_keep_the_old_register_and_still_list_the_lines(tmp_path: Path) -> None:
    before = import_people(tmp_path)
    lines = [line(iin) for iin in IINS[:94]] + [line(iin, level="F") for iin in IINS[94:100]]
    path = write_csv(tmp_path / "bad.csv", lines)
    rejects = tmp_path / "rejects.csv"

    with pytest.raises(TooManyErrorsError, match="6 of 100 rows are wrong") as caught:
        import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY, rejects_path=rejects)

    assert caught.value.reasons == {"bad_level": 6}
    assert len(rejects.read_text().splitlines()) == 7
    assert_current(tmp_path, before.generation)


def test_share_of_errors_at_the_limit_is_accepted(tmp_path: Path) -> None:
    lines = [line(iin) for iin in IINS[:95]] + [line(iin, level="F") for iin in IINS[95:100]]

    assert import_lines(tmp_path, lines).rejected == 5


def test_older_extract_stops_unless_forced(tmp_path: Path) -> None:
    before = import_people(tmp_path)
    day_before = AS_OF - timedelta(days=1)

    with pytest.raises(SuspiciousImportError, match=r"2026-11-20.*2026-11-21"):
        import_people(tmp_path, as_of=day_before)

    assert_current(tmp_path, before.generation)
    report = import_lines(tmp_path, [line(iin) for iin in IINS[:100]], day_before, force=True)
    assert_current(tmp_path, report.generation)


def test_much_smaller_extract_stops_unless_forced(tmp_path: Path) -> None:
    before = import_people(tmp_path, 100)

    with pytest.raises(SuspiciousImportError, match=r"79 people.*100"):
        import_people(tmp_path, 79)

    assert_current(tmp_path, before.generation)
    report = import_lines(tmp_path, [line(iin) for iin in IINS[:79]], force=True)
    assert_current(tmp_path, report.generation)


def test_extract_with_four_fifths_of_the_people_is_accepted(tmp_path: Path) -> None:
    import_people(tmp_path, 100)

    assert import_people(tmp_path, 80).accepted == 80


def test_same_extract_again_gives_the_same_people(tmp_path: Path) -> None:
    first = import_people(tmp_path)
    with Registry(tmp_path, KEY) as registry:
        checksum = registry.info.checksum

    second = import_people(tmp_path)

    assert first.generation != second.generation
    with Registry(tmp_path, KEY) as registry:
        assert registry.info.checksum == checksum


@pytest.mark.parametrize("lines", [[], [line(level="F")]], ids=["no rows", "no good row"])
def test_register_of_nobody_is_refused_even_when_forced(tmp_path: Path, lines: list[str]) -> None:
    path = write_csv(tmp_path / "register.csv", lines)

    with pytest.raises(ImportStoppedError, match="no row to import"):
        import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY, max_error_share=1, force=True)

    with pytest.raises(RegistryMissingError):
        Registry(tmp_path, KEY)


def test_three_newest_generations_stay_and_leftovers_go(tmp_path: Path) -> None:
    folder = tmp_path / "registry"
    reports = [import_people(tmp_path, as_of=date(2026, 11, day)) for day in range(17, 21)]
    (folder / "import-0a0a0a0a.tmp").mkdir()
    (folder / "import-0a0a0a0a.tmp" / "part-00").write_bytes(b"left")
    (folder / "current.0a0a0a0a.tmp").write_bytes(b"left")
    (folder / "2026-11-30-0a0a0a0a.sqlite").write_bytes(b"never made current")

    reports.append(import_people(tmp_path))

    assert {path.name for path in folder.iterdir()} == {
        "current",
        "import.lock",
        *(report.generation for report in reports[-3:]),
    }


def test_second_import_at_the_same_time_is_refused(tmp_path: Path) -> None:
    import_people(tmp_path)

    with (tmp_path / "registry" / "import.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ImportRunningError):
            import_people(tmp_path)

    import_people(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write into somebody else's folder")
def test_root_does_not_import_where_the_bot_could_not_read_it(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12346)

    with pytest.raises(ImportStoppedError, match="belongs to user 12345"):
        import_people(tmp_path)

    assert not (tmp_path / "registry").exists()


def test_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(b"")

    with pytest.raises(CsvFileError):
        import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    assert [item.name for item in (tmp_path / "registry").iterdir()] == ["import.lock"]


def test_progress_goes_from_reading_to_checking(tmp_path: Path) -> None:
    seen: list[Progress] = []
    path = write_csv(tmp_path / "register.csv", [line(iin) for iin in IINS[:50]])

    import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY, on_progress=seen.append)

    assert [*dict.fromkeys(item.phase for item in seen)] == ["read", "write", "check"]
    assert all(0 <= item.share <= 1 for item in seen)
    assert seen[-1] == Progress("check", 50, 1.0)


def test_number_in_the_name_of_the_file_is_not_kept(tmp_path: Path) -> None:
    path = write_csv(tmp_path / f"about {IINS[0].digits}.csv", [line()])

    import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    with Registry(tmp_path, KEY) as registry:
        assert registry.info.source == "about ….csv"


def assert_current(home: Path, generation: str) -> None:
    with Registry(home, KEY) as registry:
        assert registry.info.generation == generation
        assert registry.find(IINS[0]) is not None


def test_lost_list_takes_no_snapshot_with_it_and_needs_force(tmp_path: Path) -> None:
    kept = import_people(tmp_path).generation
    (tmp_path / "registry" / "current").unlink()

    with pytest.raises(SuspiciousImportError, match="current is missing"):
        import_people(tmp_path)
    with pytest.raises(ImportStoppedError, match="no row to import"):
        import_lines(tmp_path, [], force=True)

    assert (tmp_path / "registry" / kept).exists()
    assert import_lines(tmp_path, [line()], force=True).overridden == (Suspicion.UNREADABLE,)
    assert not (tmp_path / "registry" / kept).exists()


def test_forced_import_beside_a_damaged_register_does_not_change_the_pepper(
    tmp_path: Path,
) -> None:
    import_people(tmp_path)
    damaged = tmp_path / "registry" / import_people(tmp_path).generation
    damaged.write_bytes(b"")
    path = write_csv(tmp_path / "register.csv", [line()])

    with pytest.raises(RegistryKeyError, match="Nothing was changed"):
        import_csv(path, as_of=AS_OF, home=tmp_path, key=RegistryKey(bytes(32)), force=True)


def test_all_that_is_suspicious_is_named_when_it_is_forced(tmp_path: Path) -> None:
    import_people(tmp_path)
    day_before = AS_OF - timedelta(days=1)

    report = import_lines(tmp_path, [line()], day_before, force=True)

    assert report.overridden == (Suspicion.OLDER, Suspicion.SMALLER)


@pytest.mark.parametrize("end", ["", "\n"])
def test_file_whose_last_line_has_no_end_may_be_cut(tmp_path: Path, end: str) -> None:
    path = write_csv(tmp_path / "register.csv", [line(iin) for iin in IINS[:3]])
    path.write_text(path.read_text().rstrip() + end)

    report = import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    assert report.may_be_cut is (end == "")
