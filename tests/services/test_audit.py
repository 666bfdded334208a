"""The audit log: a chain that no writer forks and no change survives."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audit import AuditBrokenError, AuditRow, Event, canonical, chained
from bot.registry.keys import RegistryKey
from bot.services.audit import AuditLog, by_operator
from bot.storage.audit import AuditRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import audit as audit_table

OPERATOR = 700_000_011
KEY = RegistryKey(bytes(range(32)))
_WRITERS = 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saqbol.sqlite"


@pytest.fixture
async def engine(path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(f"sqlite+aiosqlite:///{path}")
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def log(engine: AsyncEngine) -> AuditLog:
    """Give a log of five rows."""
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)
    for number in range(5):
        await log.record(by_operator(OPERATOR), "tested", number=number)
    return log


def tamper(path: Path, *statements: str) -> None:
    """Change the table as somebody who owns the file can: the triggers are taken away before."""
    with closing(sqlite3.connect(path)) as connection:
        for what in ("not_changed", "not_replaced", "kept_for_a_year"):
            connection.execute(f"DROP TRIGGER audit_is_{what}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def fill_with_old(engine: AsyncEngine, days: list[int]) -> None:
    """Write rows that are so many days old."""
    tip: AuditRow | None = None
    async with engine.begin() as connection:
        for age in days:
            at = datetime.now(UTC) - timedelta(days=age)
            event = Event(at, by_operator(OPERATOR), "tested", canonical({"age": age}))
            tip = chained(event, tip)
            values = {"id": tip.id, "at": at, "previous": tip.previous, "hash": tip.hash}
            about = {"actor": event.actor, "action": event.action, "details": event.details}
            await connection.execute(insert(audit_table).values(**values, **about))


async def test_log_without_a_break_gives_its_last_number_and_hash(log: AuditLog) -> None:
    found = await log.verify()

    assert (found.first, found.last) == (1, 5)
    assert found.tip == (await log.page(None))[0].hash.hex()


async def test_empty_log_is_whole(engine: AsyncEngine) -> None:
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)

    assert (await log.verify()).last == 0


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE audit SET actor = '700000012' WHERE id = 3", 3),
        ("UPDATE audit SET action = 'slept' WHERE id = 1", 1),
        ("UPDATE audit SET details = '{\"number\":9}' WHERE id = 5", 5),
        ("UPDATE audit SET at = '2026-01-01 00:00:00.000000' WHERE id = 2", 2),
        ("UPDATE audit SET at = 'yesterday' WHERE id = 4", 4),
        ("UPDATE audit SET details = 'nothing' WHERE id = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE id = 2", 2),
        ("UPDATE audit SET previous = zeroblob(32) WHERE id = 3", 3),
        ("UPDATE audit SET id = 9 WHERE id = 5", 9),
        ("DELETE FROM audit WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id <= 4", 4),
    ],
)
async def test_change_by_hand_is_found_with_the_number_of_its_row(
    log: AuditLog, path: Path, statement: str, row: int
) -> None:
    # The chain allows no two rows after the same one, zeros come before the first.
    tamper(path, statement.replace("previous = zeroblob(32)", "previous = x'00'"))

    with pytest.raises(AuditBrokenError) as broken:
        await log.verify()

    assert broken.value.row == row


async def test_row_written_anew_with_its_own_hash_does_not_fit_the_next_one(
    log: AuditLog, path: Path
) -> None:
    newest_first = await log.page(None)
    third, second = newest_first[2], newest_first[3]
    event = Event(third.event.at, by_operator(1), "tested", third.event.details)
    forged = chained(event, second)
    tamper(
        path,
        f"UPDATE audit SET actor = '1', hash = x'{forged.hash.hex()}' WHERE id = 3",  # noqa: S608
    )

    with pytest.raises(AuditBrokenError) as broken:
        await log.verify()

    assert broken.value.row == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'slept' WHERE id = 3",
        "DELETE FROM audit WHERE id = 5",
        "DELETE FROM audit",
        pytest.param(
            "INSERT OR REPLACE INTO audit SELECT id, at, actor, 'slept', details, previous, hash"
            " FROM audit WHERE id = 3",
            id="replaced",
        ),
    ],
)
async def test_database_itself_refuses_to_change_or_remove_a_row(
    log: AuditLog, engine: AsyncEngine, statement: str
) -> None:
    with pytest.raises(DBAPIError):
        async with engine.begin() as connection:
            await connection.exec_driver_sql(statement)

    assert (await log.verify()).last == 5


async def test_writers_of_two_processes_do_not_fork_the_chain(engine: AsyncEngine) -> None:
    other = open_engine(str(engine.url))
    logs = [AuditLog(AuditRepository(each), KEY.of_subscriber) for each in (engine, other)]

    try:
        await asyncio.gather(
            *(
                logs[number % 2].record(by_operator(OPERATOR), "tested", number=number)
                for number in range(_WRITERS)
            )
        )
    finally:
        await other.dispose()

    assert (await logs[0].verify()).last == _WRITERS


async def test_rows_of_more_than_a_year_go_and_the_rest_verifies(engine: AsyncEngine) -> None:
    await fill_with_old(engine, [500, 400, 366, 364, 1])
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)

    removed = await log.cut()
    again = await log.cut()

    found = await log.verify()
    assert (removed, again) == (3, 0)
    assert (found.first, found.last) == (4, 6)
    assert (await log.page(None))[0].event.values()["last"] == 3


async def test_more_removed_than_the_retention_removes_is_found(
    engine: AsyncEngine, path: Path
) -> None:
    await fill_with_old(engine, [500, 400, 366, 364, 1])
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)
    await log.cut()

    tamper(path, "DELETE FROM audit WHERE id = 4")

    with pytest.raises(AuditBrokenError) as broken:
        await log.verify()
    assert broken.value.row == 4


async def test_log_in_which_everything_is_old_keeps_the_row_that_says_so(
    engine: AsyncEngine,
) -> None:
    await fill_with_old(engine, [500, 400])
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)

    removed = await log.cut()

    assert removed == 2
    assert (await log.verify()).first == 3


@pytest.mark.parametrize("value", ["950101500019", "+77010000000", "x" * 201])
async def test_numbers_of_people_and_texts_are_not_taken(log: AuditLog, value: str) -> None:
    with pytest.raises(ValueError, match="audit log"):
        await log.record(by_operator(OPERATOR), "tested", about=value)


async def test_somebody_else_is_a_keyed_hash(log: AuditLog, path: Path) -> None:
    await log.record(log.somebody(OPERATOR + 1), "tested")

    with closing(sqlite3.connect(path)) as connection:
        (actor,) = connection.execute("SELECT actor FROM audit WHERE id = 6").fetchone()
    assert actor == f"~{KEY.of_subscriber(OPERATOR + 1).hex()}"
