"""Whatever happens to a worker's process, nobody is lost, and few are uncertain."""

import asyncio
import random
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.broadcasts import BroadcastId, BroadcastState, DeliveryState
from bot.worker.sending import IN_FLIGHT
from tests.databases import on_both
from tests.telegram.client import until
from tests.worker.conftest import FieldOf
from tests.worker.field import Field
from tests.worker.process import WorkerProcess

pytestmark = pytest.mark.timeout(300)
LEASE_S = 1.0


async def check_ledger(field: Field, broadcast_id: BroadcastId, kills: int) -> int:
    """Compare the ledger with what people have; give the number of those uncertain."""
    arrived, ledger = await field.arrived(), await field.ledger(broadcast_id)
    assert ledger.keys() == set(field.ids)
    uncertain = 0
    for person, state in ledger.items():
        if state is DeliveryState.UNCERTAIN:
            uncertain += 1
            assert arrived[person] <= 1
        else:
            assert state is DeliveryState.SENT
            assert arrived[person] == 1
    assert uncertain <= kills * IN_FLIGHT
    return uncertain


async def kill_until_done(
    field: Field, home: Path, broadcast_id: BroadcastId, *, most_kills: int
) -> int:
    """Kill the worker at random moments until the broadcast is done; give the number of kills."""
    worker = WorkerProcess(home, field.url, LEASE_S, {"DATABASE_URL": field.database})
    for kills in range(most_kills):
        await worker.start()
        await asyncio.sleep(random.uniform(0, 0.9))
        if await field.state(broadcast_id) is BroadcastState.DONE:
            await worker.end_by(signal.SIGKILL)
            return kills
        await worker.end_by(signal.SIGKILL)
    async with worker:
        await field.wait_for(broadcast_id, BroadcastState.DONE, 60)
    return most_kills


@on_both
async def test_f01_killed_worker_loses_nobody_and_writes_to_nobody_twice(
    field_of: FieldOf, tmp_path: Path
) -> None:
    async with field_of(40) as field:
        broadcast_id = await field.begin()

        kills = await kill_until_done(field, tmp_path, broadcast_id, most_kills=2)

        await check_ledger(field, broadcast_id, kills)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_f01_worker_killed_a_hundred_times_loses_nobody(
    field_of: FieldOf, tmp_path: Path
) -> None:
    kills = uncertain = people = 0
    async with field_of(150) as field:
        while kills < 100:
            broadcast_id = await field.begin()
            before = await field.arrived()
            kills_here = await kill_until_done(field, tmp_path, broadcast_id, most_kills=100)
            after = await field.arrived()
            for person, state in (await field.ledger(broadcast_id)).items():
                got = after[person] - before[person]
                assert got <= 1
                assert state is DeliveryState.UNCERTAIN or (state, got) == (DeliveryState.SENT, 1)
                uncertain += state is DeliveryState.UNCERTAIN
            kills += kills_here
            people += len(field.ids)
    assert uncertain <= kills * IN_FLIGHT
    print(f"{kills} kills, {people} messages, {uncertain} uncertain")  # noqa: T201


@on_both
async def test_f09_frozen_worker_that_comes_back_writes_over_nothing_newer(
    field_of: FieldOf, tmp_path: Path
) -> None:
    async with field_of(50) as field:
        variables = {"DATABASE_URL": field.database}
        await field.fail({"kind": "slow", "seconds": 0.1}, times=1000)
        broadcast_id = await field.begin()
        async with (
            WorkerProcess(tmp_path, field.url, LEASE_S, variables) as frozen,
            WorkerProcess(tmp_path, field.url, LEASE_S, variables) as other,
        ):
            await until(lambda: has_begun(field))
            await freeze(frozen, field)
            await field.wait_for(broadcast_id, BroadcastState.DONE, 30)
            frozen.send(signal.SIGCONT)
            await asyncio.sleep(0.5)
            codes = [await frozen.end_by(signal.SIGTERM), await other.end_by(signal.SIGTERM)]

        assert codes == [0, 0], frozen.log
        await check_ledger(field, broadcast_id, kills=1)


async def freeze(worker: WorkerProcess, field: Field) -> None:
    """Stop the process outside of a transaction: in one it would hold up everybody on SQLite."""
    database = field.engine.url.database or ""
    while True:
        worker.send(signal.SIGSTOP)
        if not field.is_on_sqlite:
            return
        with closing(sqlite3.connect(database, timeout=0.1, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                worker.send(signal.SIGCONT)
                await asyncio.sleep(0.02)
                continue
            return


async def has_begun(field: Field) -> bool:
    return len(await field.calls()) >= 10


@on_both
async def test_f43_worker_stopped_by_sigterm_leaves_nobody_uncertain(
    field_of: FieldOf, tmp_path: Path
) -> None:
    async with field_of(40) as field:
        await field.fail({"kind": "slow", "seconds": 0.3}, times=1000)
        broadcast_id = await field.begin()
        variables = {"DATABASE_URL": field.database}
        async with WorkerProcess(tmp_path, field.url, None, variables) as worker:
            await until(lambda: has_begun(field))
            code = await worker.end_by(signal.SIGTERM)
            stopped = await field.counts(broadcast_id)
            await worker.start()
            await field.wait_for(broadcast_id, BroadcastState.DONE, 30)

        assert code == 0, worker.log
        assert set(stopped) == {DeliveryState.SENT, DeliveryState.PENDING}
        assert await field.counts(broadcast_id) == {DeliveryState.SENT: 40}
        assert await check_ledger(field, broadcast_id, kills=0) == 0
