"""Extracts as they come from spreadsheets and old systems, through a whole import."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.registry.csv_file import MAX_LINE_BYTES, CsvFileError, CsvProblem
from bot.registry.errors import ImportStoppedError
from bot.registry.importing import import_csv
from bot.registry.registry import Registry
from bot.registry.report import ImportReport
from bot.registry.row_problems import ADVICE, RowProblem
from bot.registry.rows import COLUMNS, parse_row

from .samples import AS_OF, GOOD, IINS, KEY, changed_line, import_people, line, write_csv
from .test_csv_file import BODY, REFUSED
from .test_rows import WRONG

ROOT = Path(__file__).parents[2]
HEADER = ",".join(COLUMNS).encode()
LONG_NUMBER = re.compile(r"[0-9]{9,}")
DAMAGED_NUMBERS = {
    name: (columns["iin"], problem)
    for name, (columns, problem) in WRONG.items()
    if "iin" in columns
}
CHILD = """
import resource, sys
from datetime import date
from pathlib import Path
from bot.registry.csv_file import CsvFileError
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    import_csv(Path(sys.argv[1]), as_of=date(2026, 11, 21), home=Path(sys.argv[2]),
               key=RegistryKey(b"x" * 32))
except CsvFileError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def import_bytes(home: Path, content: bytes, max_error_share: float = 1.0) -> ImportReport:
    """Import a file of these bytes and write ``rejects.csv`` beside it."""
    path = home / "register.csv"
    path.write_bytes(content)
    return import_csv(
        path,
        as_of=AS_OF,
        home=home,
        key=KEY,
        force=True,
        max_error_share=max_error_share,
        rejects_path=home / "rejects.csv",
    )


def rejects(home: Path) -> list[tuple[int, str]]:
    """Read the list of rejected lines, which has nothing else, by line."""
    header, *listed = (home / "rejects.csv").read_text(encoding="ascii").splitlines()
    assert header == "line,reason"
    assert not LONG_NUMBER.search("\n".join(listed))
    return sorted((int(number), reason) for number, _, reason in (x.partition(",") for x in listed))


@pytest.mark.parametrize(("content", "problem", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_f16_foreign_file_stops_the_import_by_name_and_changes_nothing(
    tmp_path: Path, content: bytes, problem: CsvProblem, text: str
) -> None:
    before = import_people(tmp_path, 5)

    with pytest.raises(CsvFileError) as caught:
        import_bytes(tmp_path, content)

    assert caught.value.problem is problem
    assert text in str(caught.value)
    assert not LONG_NUMBER.search(str(caught.value))
    assert rejects(tmp_path) == []
    with Registry(tmp_path, KEY) as registry:
        assert registry.info.generation == before.generation


def test_f16_every_problem_of_a_whole_file_has_a_file_that_shows_it() -> None:
    elsewhere = {"unreadable", "damaged_archive", "too_large"}

    assert {problem for _, problem, _ in REFUSED.values()} == set(CsvProblem) - elsewhere


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BODY.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(BODY.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(BODY.rstrip().encode(), id="no line end at the end"),
        pytest.param(f"{BODY}\n\n".encode(), id="blank lines"),
        pytest.param(re.sub("([^,\n]+)", r'"\1"', BODY).encode(), id="quotes everywhere"),
        pytest.param(
            "\n".join(",".join(reversed(each.split(","))) for each in BODY.split("\n")).encode(),
            id="columns in another order",
        ),
    ],
)
def test_f16_harmless_differences_give_the_same_person(tmp_path: Path, content: bytes) -> None:
    report = import_bytes(tmp_path, content)

    assert (report.read, report.accepted, report.rejected) == (1, 1, 0)
    with Registry(tmp_path, KEY) as registry:
        entry = registry.find(IINS[0])
    assert entry is not None
    assert entry.person == parse_row(GOOD, as_of=AS_OF).person


def test_f16_header_alone_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(ImportStoppedError, match="no row to import"):
        import_bytes(tmp_path, HEADER + b"\n")


def test_f16_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    """Through a byte order mark, CRLF and blank lines; a quoted line end makes two lines."""
    lines = [
        HEADER,
        b"",
        line(IINS[1]).encode(),
        b"",
        changed_line({"iin": IINS[2].digits, "level": "F"}).encode(),
        f'"{IINS[3].digits}\r\n",{line(IINS[3]).partition(",")[2]}'.encode(),
        line(IINS[4]).encode() + b"\xff",
        line(IINS[5]).encode() + b"\0",
        line(IINS[6]).encode(),
    ]

    report = import_bytes(tmp_path, b"\xef\xbb\xbf" + b"\r\n".join(lines))

    assert rejects(tmp_path) == [
        (5, "bad_level"),
        (6, "bad_quotes"),
        (7, "bad_quotes"),
        (8, "not_utf8"),
        (9, "nul"),
    ]
    assert (report.read, report.accepted, report.rejected) == (7, 2, 5)


def test_f16_line_of_a_gigabyte_stops_the_import_at_its_number_and_fills_no_memory(
    tmp_path: Path,
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(BODY.encode() + b"9")
    with path.open("r+b") as file:
        # A hole: it takes no room on the disk.
        file.truncate(1 << 30)

    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", CHILD, path, tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    said, grown_kb = done.stdout.splitlines()
    assert said.startswith(f"line 3 is longer than {MAX_LINE_BYTES} bytes")
    assert int(grown_kb) < 200_000


@pytest.mark.parametrize(
    ("iin", "problem"), DAMAGED_NUMBERS.values(), ids=[*DAMAGED_NUMBERS.keys()]
)
def test_f17_damaged_number_is_rejected_by_name_and_line_and_not_repeated(
    tmp_path: Path, iin: str, problem: RowProblem
) -> None:
    lines = [line(IINS[1]), changed_line({"iin": iin}), line(IINS[2]), changed_line({"iin": iin})]

    report = import_bytes(tmp_path, "\n".join([HEADER.decode(), *lines]).encode())

    assert rejects(tmp_path) == [(3, problem), (5, problem)]
    assert report.reasons == {problem: 2}
    assert report.accepted == 2


@pytest.mark.parametrize(
    ("problem", "advice"),
    [
        (RowProblem.IIN_SCIENTIFIC, "Format the column as text"),
        (RowProblem.IIN_LEADING_ZERO_LOST, "fill up to 12 digits with zeros"),
        (RowProblem.IIN_FOREIGN_DIGITS, "Write it in 0-9"),
        (RowProblem.NOT_UTF8, "Export the file as UTF-8"),
    ],
)
def test_f17_reason_says_what_to_do(problem: RowProblem, advice: str) -> None:
    assert advice in ADVICE[problem]


def test_every_reason_is_explained_in_the_documentation_in_the_same_words() -> None:
    document = (ROOT / "docs" / "register.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9_]+)` \| (.*\.) \|$", document, re.MULTILINE))

    assert {name: rows.get(name) for name in RowProblem} == {
        problem.value: ADVICE[problem] for problem in RowProblem
    }
    assert set(rows) == set(RowProblem)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("AABC")), min_size=1, max_size=30))
def test_f18_rows_about_one_person_count_once_if_equal_and_not_at_all_if_not(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]
) -> None:
    home = tmp_path_factory.mktemp("home")
    said = {person: {level for who, level in rows if who == person} for person, _ in rows}
    agreed = {person for person, levels in said.items() if len(levels) == 1}
    # Somebody about whom all agree: else there may be nobody to import.
    lines = [line(IINS[10]), *(line(IINS[person], level=level) for person, level in rows)]

    report = import_bytes(home, "\n".join([HEADER.decode(), *lines]).encode())

    assert rejects(home) == [
        (number, "conflicting_rows")
        for number, (person, _) in enumerate(rows, 3)
        if person not in agreed
    ]
    assert report.accepted == 1 + len(agreed)
    assert report.duplicates == sum(person in agreed for person, _ in rows) - len(agreed)
    with Registry(home, KEY) as registry:
        found = {person for person in said if registry.find(IINS[person]) is not None}
    assert found == agreed


def test_f18_wrong_row_about_somebody_does_not_contradict_the_right_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "both.csv", [line(IINS[1], level="F"), line(IINS[1])])

    report = import_bytes(tmp_path, path.read_bytes())

    assert rejects(tmp_path) == [(2, "bad_level")]
    assert report.accepted == 1
