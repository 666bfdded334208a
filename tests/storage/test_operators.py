"""Roles, and the log of what was done with them, whichever database keeps them."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audit import Event
from bot.domain.roles import Role
from bot.registry.keys import RegistryKey
from bot.services.audit import AuditLog, by_operator
from bot.storage.audit import AuditRepository
from bot.storage.engine import open_engine
from bot.storage.operators import Change, OperatorId, OperatorRepository
from tests.databases import on_both

pytestmark = on_both
FIRST, SECOND = OperatorId(700_000_011), OperatorId(700_000_012)


def event() -> Event:
    return Event(datetime.now(UTC), by_operator(FIRST), "tested", "{}")


def audit_log(engine: AsyncEngine) -> AuditLog:
    return AuditLog(AuditRepository(engine), RegistryKey(bytes(range(32))).of_subscriber)


async def test_role_is_given_once_and_taken_once_with_a_row_for_each(engine: AsyncEngine) -> None:
    operators = OperatorRepository(engine, frozenset({FIRST}))

    given = [await operators.grant(SECOND, Role.AUTHOR, FIRST, event()) for _ in range(2)]
    roles = await operators.roles(SECOND)
    taken = [await operators.revoke(SECOND, Role.AUTHOR, FIRST, event()) for _ in range(2)]

    assert given == taken == [Change.DONE, Change.NOTHING]
    assert roles == {Role.AUTHOR}
    assert not await operators.roles(SECOND)
    assert (await audit_log(engine).verify()).last == 2


async def test_two_administrators_who_remove_each_other_leave_one(
    engine: AsyncEngine, url: str
) -> None:
    other = open_engine(url)
    setting_up = OperatorRepository(engine, frozenset({FIRST}))
    for each in (FIRST, SECOND):
        await setting_up.grant(each, Role.ADMINISTRATOR, FIRST, event())
    # Named in no settings any more: they are kept in the table alone.
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO operators VALUES (:id, 'administrator', :at)"),
            {"id": FIRST, "at": datetime.now(UTC)},
        )
    one, two = (OperatorRepository(each, frozenset()) for each in (engine, other))

    changes = await asyncio.gather(
        one.revoke(SECOND, Role.ADMINISTRATOR, FIRST, event()),
        two.revoke(FIRST, Role.ADMINISTRATOR, SECOND, event()),
    )
    await other.dispose()

    assert sorted(changes) == [Change.DONE, Change.NOT_ALLOWED]
    assert len(await one.all()) == 1


async def test_two_processes_that_write_at_once_do_not_fork_the_log(
    engine: AsyncEngine, url: str
) -> None:
    other = open_engine(url)
    logs = [audit_log(engine), audit_log(other)]

    await asyncio.gather(
        *(logs[n % 2].record(by_operator(FIRST), "tested", number=n) for n in range(20))
    )
    await other.dispose()

    assert (await logs[0].verify()).last == 20


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET action = 'slept' WHERE id = 1", "DELETE FROM audit"]
)
async def test_log_is_not_changed_by_those_who_may_write_to_the_database(
    engine: AsyncEngine, statement: str
) -> None:
    log = audit_log(engine)
    await log.record(by_operator(FIRST), "tested")

    with pytest.raises(DBAPIError, match="append-only"):
        async with engine.begin() as connection:
            await connection.exec_driver_sql(statement)

    assert (await log.verify()).last == 1
