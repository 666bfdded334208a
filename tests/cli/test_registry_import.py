"""``saqbol registry import`` of good, foreign and suspicious files."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.registry.row_problems import ADVICE, RowProblem
from bot.registry.rows import COLUMNS
from tests.registry.samples import IINS, PHONE, changed_line, line, write_csv
from tests.registry.test_rows import WRONG

from .conftest import Saqbol

AS_OF = "2026-11-21"
WHY = "the Fund has confirmed this extract"
# What no row can say in text: bytes of a line, by the reason they are refused for.
_BROKEN_LINES = {
    RowProblem.NUL: b"\0" + line(IINS[90]).encode(),
    RowProblem.NOT_UTF8: line(IINS[91]).replace("citizen", "Алматы").encode("cp1251"),
    RowProblem.BAD_QUOTES: f'"{line(IINS[92])}'.encode(),
    RowProblem.WRONG_COLUMN_COUNT: line(IINS[93]).encode() + b",more",
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "good.csv", [line(iin) for iin in IINS[:100]])


def write_strangers_csv(path: Path) -> list[tuple[int, RowProblem]]:
    """Write twenty good rows and one row for every problem; list the wrong lines."""
    lines = [line(iin).encode() for iin in IINS[:20]]
    wrong = []
    for columns, problem in WRONG.values():
        lines.append(changed_line(columns).encode())
        wrong.append((len(lines) + 1, problem))
    for problem, text in _BROKEN_LINES.items():
        lines.append(text)
        wrong.append((len(lines) + 1, problem))
    for level in "AB":
        lines.append(line(IINS[99], level=level).encode())
        wrong.append((len(lines) + 1, RowProblem.CONFLICTING_ROWS))
    path.write_bytes(b"\n".join([",".join(COLUMNS).encode(), *lines, b""]))
    return wrong


def test_strangers_file_has_every_problem(tmp_path: Path) -> None:
    wrong = write_strangers_csv(tmp_path / "stranger.csv")

    assert {problem for _, problem in wrong} == set(RowProblem)


def test_good_rows_are_imported_and_the_rest_listed_by_line_and_reason(
    saqbol: Saqbol, tmp_path: Path
) -> None:
    wrong = write_strangers_csv(tmp_path / "stranger.csv")
    rejects = tmp_path / "rejects.csv"

    result = saqbol(
        *("registry", "import", "stranger.csv", "--as-of", AS_OF),
        *("--rejects", rejects, "--max-errors", 80),
    )

    assert result.exit_code == 0, result.output
    assert "20 people of" in result.stdout
    for problem in RowProblem:
        count = sum(found is problem for _, found in wrong)
        assert f"{count} × {problem}: {ADVICE[problem]}\n" in result.stdout
    first = [f"  line {number}: {problem}" for number, problem in wrong[:20]]
    assert "\n".join(first) in result.stdout
    assert "--rejects" in result.stdout
    listed = [f"{number},{problem}" for number, problem in wrong]
    assert rejects.read_text().splitlines() == ["line,reason", *listed]
    assert saqbol("status", IINS[19].digits, "--on", AS_OF).exit_code == 0


def test_no_number_and_no_phone_is_echoed(saqbol: Saqbol, tmp_path: Path) -> None:
    write_strangers_csv(tmp_path / "stranger.csv")

    result = saqbol(
        *("registry", "import", "stranger.csv", "--as-of", AS_OF),
        *("--rejects", "rejects.csv", "--max-errors", 80),
    )

    shown = result.output + (tmp_path / "rejects.csv").read_text()
    assert not re.search(r"[0-9]{9,}", shown.replace(AS_OF, ""))
    assert PHONE not in shown


def test_too_many_wrong_rows_stop_the_import_and_tell_how_to_find_them(
    saqbol: Saqbol, tmp_path: Path
) -> None:
    wrong = write_strangers_csv(tmp_path / "stranger.csv")

    result = saqbol("registry", "import", "stranger.csv", "--as-of", AS_OF)

    assert result.exit_code == 1
    assert "Nothing was changed" in result.stderr
    letters = sum(problem is RowProblem.IIN_LETTERS for _, problem in wrong)
    assert f"{letters} × iin_letters: {ADVICE[RowProblem.IIN_LETTERS]}\n" in result.stderr
    assert "line 22" in result.output or "--rejects" in result.output
    assert "saqbol registry import" in saqbol("status", IINS[0].digits).stderr


@pytest.mark.parametrize(
    ("lines", "as_of", "complaint"),
    [
        pytest.param([line(iin) for iin in IINS[:79]], AS_OF, "79 people", id="far fewer people"),
        pytest.param([line(iin) for iin in IINS[:100]], "2026-11-20", "newer", id="older day"),
    ],
)
def test_suspicious_file_stops_and_is_imported_by_force(
    saqbol: Saqbol, good: Path, tmp_path: Path, lines: list[str], as_of: str, complaint: str
) -> None:
    suspicious = write_csv(tmp_path / "suspicious.csv", lines)
    saqbol("registry", "import", good, "--as-of", AS_OF)
    saqbol("db", "upgrade")

    stopped = saqbol("registry", "import", suspicious, "--as-of", as_of)
    forced = saqbol("registry", "import", suspicious, "--as-of", as_of, "--force", WHY)

    assert stopped.exit_code == 1
    assert complaint in stopped.stderr
    assert "Nothing was changed" in stopped.stderr
    assert forced.exit_code == 0
    assert f"{len(lines)} people" in forced.stdout


UNPAID = {"contributions": "", "spells": "", "level": "", "pension_paid": "", "returned": ""}


def write_uninsured(path: Path, number: int) -> Path:
    """Write a hundred people of whom so many have never paid."""
    people = [line(iin, **(UNPAID if place < number else {})) for place, iin in enumerate(IINS)]
    return write_csv(path, people[:100])


@pytest.fixture
def few(saqbol: Saqbol, tmp_path: Path) -> Path:
    """Give the extract of the register in use: twenty of a hundred people are uninsured."""
    few = write_uninsured(tmp_path / "few.csv", 20)
    assert saqbol("registry", "import", few, "--as-of", AS_OF).exit_code == 0
    return few


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return write_uninsured(tmp_path / "many.csv", 60)


def test_f19_many_more_uninsured_people_stop_the_import_and_are_forced_with_a_reason(
    saqbol: Saqbol, few: Path, many: Path
) -> None:
    saqbol("db", "upgrade")
    stopped = saqbol("registry", "import", many, "--as-of", AS_OF)
    forced = saqbol("registry", "import", many, "--as-of", AS_OF, "--force", WHY)
    saqbol("registry", "rollback")
    saqbol("registry", "import", few, "--as-of", AS_OF)

    assert (stopped.exit_code, forced.exit_code) == (1, 0)
    assert "20.0% (all 100 assessed) in the current register and 60.0%" in stopped.stderr
    assert "Nothing was changed" in stopped.stderr
    written = saqbol("audit", "show").stdout.splitlines()
    assert [row.split(": ")[1].split()[0] for row in written] == [
        "register_forced",
        "register_rolled_back",
        "register_imported",
    ]
    assert f'"reason":"{WHY}"' in written[0]
    assert '"overridden":"turned_over"' in written[0]
    assert "forced although: turned_over" in forced.stderr
    assert '"as_of":"2026-11-21"' in written[0]
    assert '"people":100' in written[0]
    assert all(" command line: " in row for row in written)
    assert saqbol("audit", "verify").exit_code == 0


def test_day_that_has_not_come_and_a_list_over_the_extract_are_wrong_usage(
    saqbol: Saqbol, good: Path
) -> None:
    early = saqbol("registry", "import", good, "--as-of", AS_OF, TODAY="2026-11-20")
    over = saqbol("registry", "import", good, "--as-of", AS_OF, "--rejects", good)

    assert (early.exit_code, over.exit_code) == (2, 2)
    assert "has not come" in early.stderr
    assert good.stat().st_size > 0
    assert saqbol("registry", "import", good, "--as-of", AS_OF).exit_code == 0


def test_f19_nothing_is_forced_that_cannot_be_written_into_the_audit_log(
    saqbol: Saqbol, home: Path, few: Path, many: Path
) -> None:
    ordinary = saqbol("registry", "import", few, "--as-of", AS_OF)
    before = sorted(path.name for path in (home / "registry").iterdir())

    forced = saqbol("registry", "import", many, "--as-of", AS_OF, "--force", WHY)

    assert (ordinary.exit_code, forced.exit_code) == (0, 1)
    assert "not in the audit log (there is no people database yet)" in ordinary.stderr
    assert "saqbol db upgrade" in forced.stderr
    assert sorted(path.name for path in (home / "registry").iterdir()) == before
    assert not (home / "saqbol.sqlite").exists()


def test_f19_ordinary_import_goes_on_when_the_database_does_not_take_its_row(
    saqbol: Saqbol, home: Path, few: Path, many: Path
) -> None:
    saqbol("db", "upgrade")
    with closing(sqlite3.connect(home / "saqbol.sqlite")) as database:
        database.execute("ALTER TABLE audit RENAME TO away")

    ordinary = saqbol("registry", "import", few, "--as-of", AS_OF)
    forced = saqbol("registry", "import", many, "--as-of", AS_OF, "--force", WHY)

    assert (ordinary.exit_code, forced.exit_code) == (0, 1)
    assert "not in the audit log (no such table: audit)" in ordinary.stderr
    assert "nothing was changed" in forced.stderr


@pytest.mark.parametrize(
    "why",
    [
        pytest.param("because", id="too short"),
        pytest.param("because " * 30, id="too long"),
        pytest.param(f"asked for by {IINS[0].digits}", id="an IIN"),
        pytest.param(f"asked for by {PHONE}", id="a phone"),
        pytest.param("ticket 123456789 of the Fund", id="a long number"),
    ],
)
def test_reason_that_is_none_or_names_somebody_is_refused_and_not_repeated(
    saqbol: Saqbol, good: Path, why: str
) -> None:
    result = saqbol("registry", "import", good, "--as-of", AS_OF, "--force", why)

    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert not re.search(r"[0-9]{9,}", result.output)


@pytest.mark.parametrize(
    ("arguments", "named", "code"),
    [
        pytest.param(("nowhere.csv", "--as-of", AS_OF), "nowhere.csv", 2, id="no such file"),
        pytest.param((".", "--as-of", AS_OF), "no file", 2, id="a folder"),
        pytest.param(("good.csv", "--as-of", "21.11.2026"), "--as-of", 2, id="wrong day"),
        pytest.param(("good.csv",), "--as-of", 2, id="no day"),
        pytest.param(
            ("good.csv", "--as-of", AS_OF, "--rejects", "no/folder.csv"),
            "no/folder.csv",
            1,
            id="rejects in no folder",
        ),
        pytest.param(
            ("good.csv", "--as-of", AS_OF, "--rejects", "."), ".", 1, id="rejects is a folder"
        ),
    ],
)
def test_wrong_argument_is_named(
    saqbol: Saqbol, good: Path, arguments: tuple[str, ...], named: str, code: int
) -> None:
    result = saqbol("registry", "import", *arguments)

    assert result.exit_code == code
    assert named in result.stderr
