"""``saqbol audit``."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import Settings
from bot.domain.audit import SYSTEM
from bot.registry.keys import registry_key
from bot.services.audit import AuditLog
from bot.storage.audit import AuditRepository
from bot.storage.engine import open_engine

from .conftest import Saqbol


async def write(home: Path, rows: int) -> None:
    settings = Settings(home_dir=home, _env_file=None)
    engine = open_engine(settings.database)
    log = AuditLog(AuditRepository(engine), registry_key(settings).of_subscriber)
    for number in range(rows):
        await log.record(SYSTEM, "tested", number=number)
    await engine.dispose()


@pytest.fixture
def database(saqbol: Saqbol, home: Path) -> Path:
    """Give a database with a log of three rows."""
    saqbol("db", "upgrade")
    asyncio.run(write(home, 3))
    return home / "saqbol.sqlite"


def test_whole_log_says_its_last_row_and_hash(saqbol: Saqbol, database: Path) -> None:
    result = saqbol("audit", "verify")

    with closing(sqlite3.connect(database)) as connection:
        (tip,) = connection.execute("SELECT hash FROM audit WHERE id = 3").fetchone()
    assert result.exit_code == 0
    assert result.output == (f"Rows 1–3 are as they were written. Last hash: {tip.hex()}\n")


def test_changed_row_ends_with_its_number(saqbol: Saqbol, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TRIGGER audit_is_not_changed")
        connection.execute("UPDATE audit SET action = 'slept' WHERE id = 2")
        connection.commit()

    result = saqbol("audit", "verify")

    assert result.exit_code == 1
    assert result.stderr == "saqbol: the audit log is broken at row 2: it was changed\n"


def test_empty_log_and_no_database_are_told_apart(saqbol: Saqbol, home: Path) -> None:
    missing = saqbol("audit", "verify")
    saqbol("db", "upgrade")
    empty = saqbol("audit", "verify")

    assert (missing.exit_code, empty.exit_code) == (1, 0)
    assert "no people database" in missing.stderr
    assert empty.output == "The audit log is empty.\n"
