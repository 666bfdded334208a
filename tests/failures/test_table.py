"""docs/failures.md says what is true: every row is there, every test it names exists."""

import re

import pytest

from bot.config import SHARE
from tests.failures.table import NUMBER, Row, names_in, read_rows

_TESTS = SHARE / "tests"
_ROWS = read_rows()


def test_every_failure_has_one_row_in_order() -> None:
    assert [row.number for row in _ROWS] == [*range(1, NUMBER + 1)]


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: f"F{row.number:02}")
def test_row_has_a_proof_or_says_what_it_waits_for(row: Row) -> None:
    assert row.what
    assert row.tests or row.waits_for
    assert not row.waits_for or re.match(r"open: \w+", row.waits_for)
    assert row.promise or row.waits_for


@pytest.mark.parametrize(("file", "test"), sorted({test for row in _ROWS for test in row.tests}))
def test_named_test_exists(file: str, test: str) -> None:
    assert test in names_in(_TESTS / file)


def test_every_test_that_is_named_after_a_failure_stands_in_its_row() -> None:
    missing = [
        f"F{number} {file}::{name}"
        for path in sorted(_TESTS.rglob("test_*.py"))
        for file in [path.relative_to(_TESTS).as_posix()]
        for name in sorted(names_in(path))
        for number in map(int, re.findall(r"_f([0-9]{2})(?=_)", name))
        if (file, name) not in next(row.tests for row in _ROWS if row.number == number)
    ]

    assert missing == []
