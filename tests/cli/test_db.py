"""``saqbol db``."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .conftest import Process, Saqbol


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


def test_upgrade_makes_the_database_and_may_run_again(
    saqbol: Saqbol, process: Process, home: Path
) -> None:
    first, second = saqbol("db", "upgrade"), process("db", "upgrade")

    assert (first.exit_code, second.returncode) == (0, 0), first.output + second.stderr
    assert {"subscribers", "answers"} <= tables(home / "saqbol.sqlite")
    assert "up to date" in second.stdout
    assert second.stderr == ""


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("nonsense", id="not a URL"),
        pytest.param("sqlite+aiosqlite:///notes.txt", id="not a database"),
        pytest.param("sqlite+aiosqlite:///notes.txt/saqbol.sqlite", id="folder is a file"),
    ],
)
def test_wrong_database_is_a_clear_error(saqbol: Saqbol, tmp_path: Path, url: str) -> None:
    (tmp_path / "notes.txt").write_text("This is text. " * 100)

    result = saqbol("db", "upgrade", DATABASE_URL=url)

    assert result.exit_code in (1, 2)
    assert result.stderr.startswith("saqbol: ")
