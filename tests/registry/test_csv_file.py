from pathlib import Path

import pytest

from bot.registry.csv_file import MAX_LINE_BYTES, CsvFile, CsvFileError, CsvProblem, split_row
from bot.registry.row_problems import RowError, RowProblem
from bot.registry.rows import COLUMNS

from .samples import GOOD, IINS, line

HEADER = ",".join(COLUMNS)
BODY = f"{HEADER}\n{line()}\n"

REFUSED = {
    "empty file": (b"", CsvProblem.EMPTY, "0 bytes"),
    "UTF-16 with a mark": (BODY.encode("utf-16"), CsvProblem.UTF16, "CSV UTF-8"),
    "UTF-16 without a mark": (BODY.encode("utf-16-le"), CsvProblem.UTF16, "CSV UTF-8"),
    "Windows-1251 in the rows": (
        f"{HEADER}\n{line(clinic='Алматы')}\n".encode("cp1251"),
        CsvProblem.NOT_UTF8,
        "Windows-1251",
    ),
    "Windows-1251 in the header": ("ИИН,регион\n".encode("cp1251"), CsvProblem.NOT_UTF8, "UTF-8"),
    "semicolons": (BODY.replace(",", ";").encode(), CsvProblem.WRONG_SEPARATOR, "semicolons"),
    "tabs": (BODY.replace(",", "\t").encode(), CsvProblem.WRONG_SEPARATOR, "tabs"),
    "no header": (line().encode(), CsvProblem.NO_HEADER, "not a header"),
    "blank first line": (b"\n" + BODY.encode(), CsvProblem.NO_HEADER, "blank"),
    "quote never closed in the header": (b'"iin,residence\n', CsvProblem.NO_HEADER, "quote"),
    "a column is missing": (
        BODY.replace("iin,residence", "iin", 1).encode(),
        CsvProblem.WRONG_COLUMNS,
        "missing: residence",
    ),
    "a column is unknown": (
        BODY.replace("level", "surname", 1).encode(),
        CsvProblem.WRONG_COLUMNS,
        "missing: level; unknown: surname",
    ),
    "a column is unknown in Cyrillic": (
        BODY.replace("level", "Иванов", 1).encode(),
        CsvProblem.WRONG_COLUMNS,
        "1 unknown without a plain Latin name",
    ),
    "a column stands twice": (
        BODY.replace("level", "region", 1).encode(),
        CsvProblem.WRONG_COLUMNS,
        "more than once: region",
    ),
    "a header of a gigabyte begins": (
        b"i" * (MAX_LINE_BYTES + 5),
        CsvProblem.LINE_TOO_LONG,
        "longer than",
    ),
}


@pytest.mark.parametrize(("content", "problem", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_foreign_file_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, problem: CsvProblem, text: str
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)

    with pytest.raises(CsvFileError, match=text) as caught, CsvFile(path):
        pass

    assert caught.value.problem is problem
    assert IINS[0].digits not in str(caught.value)
    assert "Иванов" not in str(caught.value)


def test_file_that_is_not_there_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(CsvFileError, match="No such file"):
        CsvFile(tmp_path / "register.csv")


def test_gigantic_line_stops_reading_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(BODY.encode() + b"9" * (MAX_LINE_BYTES * 3))

    with CsvFile(path) as file, pytest.raises(CsvFileError, match="line 3 is longer"):
        [chunk.lines() for chunk in file.chunks()]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BODY.encode("utf-8-sig"), id="byte order mark"),
        pytest.param(BODY.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(BODY.rstrip("\n").encode(), id="no line end at the end"),
        pytest.param((BODY + "\n\n").encode(), id="blank lines at the end"),
        pytest.param(BODY.replace("citizen", '"citizen"').encode(), id="quotes"),
        pytest.param(
            f"{','.join(reversed(COLUMNS))}\n{','.join(reversed(list(GOOD.values())))}".encode(),
            id="columns in another order",
        ),
    ],
)
def test_harmless_differences_are_accepted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(content)

    with CsvFile(path) as file:
        (chunk,) = file.chunks()
        rows = [split_row(text, file.columns) for text in chunk.lines() if text]

    assert chunk.first_line == 2
    assert rows == [GOOD]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(line().encode() + b",", RowProblem.WRONG_COLUMN_COUNT, id="a cell too many"),
        pytest.param(b"1,2", RowProblem.WRONG_COLUMN_COUNT, id="cells missing"),
        pytest.param(b'"' + line().encode(), RowProblem.BAD_QUOTES, id="quote never closed"),
        pytest.param(line().encode() + b"\0", RowProblem.NUL, id="NUL"),
        pytest.param(line().encode() + b"\xff", RowProblem.NOT_UTF8, id="stray byte"),
    ],
)
def test_broken_line_is_a_row_error_and_spoils_no_other(
    tmp_path: Path, text: bytes, problem: RowProblem
) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(BODY.encode() + text + b"\n" + line().encode())

    with CsvFile(path) as file:
        (chunk,) = file.chunks()
        before, broken, after = chunk.lines()
        with pytest.raises(RowError) as caught:
            split_row(broken, file.columns)

        assert caught.value.problem is problem
        assert split_row(before, file.columns) == split_row(after, file.columns) == GOOD
