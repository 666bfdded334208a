"""Roles, and the log of what was done with them, whichever database keeps them."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience
from bot.domain.audit import Event
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices
from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.domain.wording import Wording, Wordings
from bot.registry.keys import RegistryKey
from bot.services.audit import AuditLog, by_operator
from bot.storage.audit import AuditRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.engine import open_engine
from bot.storage.operators import Change, OperatorId, OperatorRepository
from tests.databases import on_both

pytestmark = on_both
FIRST, SECOND, THIRD = (OperatorId(700_000_011 + number) for number in range(3))
NOW, LATER = datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)
NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
_nonces = itertools.count()


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


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.SENDER])
@pytest.mark.parametrize("lets_out", [False, True], ids=["wrote it", "let it out"])
async def test_f28_broadcasts_behind_which_nobody_is_any_more_pause_with_the_role(
    engine: AsyncEngine, role: Role, lets_out: bool
) -> None:
    operators, broadcasts = OperatorRepository(engine, frozenset({FIRST})), Shelf(engine)
    author, approver = (THIRD, SECOND) if lets_out else (SECOND, THIRD)
    running, scheduled = [await broadcasts.put(author, approver, at) for at in (NOW, LATER)]
    draft = await broadcasts.put(SECOND, None, NOW)
    others = await broadcasts.put(THIRD, FIRST, NOW)
    claims = DeliveryRepository(engine, lease_s=30)
    began = await claims.claim(running, 1)
    for each in (role, Role.SUPPORT):
        await operators.grant(SECOND, each, FIRST, event())

    await operators.revoke(SECOND, Role.SUPPORT, FIRST, event())
    before = await broadcasts.states(running, scheduled)
    await operators.revoke(SECOND, role, FIRST, event())

    assert before == [("running", None), ("scheduled", None)]
    assert await broadcasts.states(running, scheduled) == [("paused", "revoked")] * 2
    assert await broadcasts.states(draft, others) == [("draft", None), ("running", None)]
    assert (len(began), await claims.claim(running, 1)) == (1, [])


async def test_f28_whoever_resumes_it_stands_behind_it(engine: AsyncEngine) -> None:
    operators, broadcasts = OperatorRepository(engine, frozenset({FIRST})), Shelf(engine)
    broadcast_id = await broadcasts.put(SECOND, None, NOW, confirmed=True)
    for each in (SECOND, THIRD):
        await operators.grant(each, Role.SENDER, FIRST, event())

    await operators.revoke(SECOND, Role.SENDER, FIRST, event())
    await broadcasts.resume(broadcast_id, THIRD)
    resumed = await broadcasts.get(broadcast_id)
    await operators.revoke(THIRD, Role.SENDER, FIRST, event())

    assert resumed is not None
    assert (resumed.state, resumed.approver) == (BroadcastState.RUNNING, THIRD)
    assert await broadcasts.states(broadcast_id) == [("paused", "revoked")]


async def test_resuming_after_another_pause_is_no_approval(engine: AsyncEngine) -> None:
    broadcasts = Shelf(engine)
    broadcast_id = await broadcasts.put(SECOND, FIRST, NOW)

    await broadcasts.move(
        broadcast_id, [BroadcastState.RUNNING], BroadcastState.PAUSED, pause_reason="operator"
    )
    await broadcasts.resume(broadcast_id, THIRD)

    found = await broadcasts.get(broadcast_id)
    assert found is not None
    assert (found.state, found.approver) == (BroadcastState.RUNNING, FIRST)


class Shelf(BroadcastRepository):
    """Broadcasts that are on their way, to the two people of the database."""

    async def put(
        self, author: int, approver: int | None, starts_at: datetime, *, confirmed: bool = False
    ) -> BroadcastId:
        """Write one; let it out where somebody approves it or it needs nobody."""
        nonce, choices = f"n{next(_nonces)}", Choices(starts_at)
        broadcast_id = await self.add(nonce, author, NEWS, Audience(), choices)
        if approver is not None:
            await self.confirm(broadcast_id, BroadcastState.AWAITING_APPROVAL)
            await self.approve(broadcast_id, approver)
        elif confirmed:
            await self.confirm(broadcast_id, BroadcastState.SCHEDULED)
        await self.begin_due(datetime.now(UTC))
        return broadcast_id

    async def states(self, *ids: BroadcastId) -> list[tuple[str, str | None]]:
        found = [await self.get(each) for each in ids]
        return [(each.state, each.pause_reason) for each in found if each is not None]


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
