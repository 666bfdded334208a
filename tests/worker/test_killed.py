"""Whatever happens to a worker's process, nobody is lost, and few are uncertain."""

import asyncio
import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.broadcasts import BroadcastId, BroadcastState, DeliveryState
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.worker import loop
from bot.worker.sending import IN_FLIGHT
from tests.databases import on_both
from tests.failures.ledger import read_ledger
from tests.failures.oracles import Evidence, judge
from tests.failures.running import some_seed
from tests.telegram.client import until
from tests.worker.conftest import FieldOf
from tests.worker.field import Field
from tests.worker.process import WorkerProcess

pytestmark = pytest.mark.timeout(300)
LEASE_S = 1.0
_KILLS = 100
_LONGEST_LIFE_S = 0.9


async def check_ledger(field: Field, home: Path, kills: int) -> int:
    """Let the oracles compare the ledger with the journal; give the number of those uncertain."""
    ledger = await read_ledger(field.engine)
    judge(Evidence([], await field.calls(), "", home, ledger=ledger))
    states = [row.state for row in ledger]
    assert {*states} <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    assert len(ledger) % len(field.ids) == 0
    uncertain = states.count(DeliveryState.UNCERTAIN)
    assert uncertain <= kills * IN_FLIGHT
    return uncertain


async def kill_until_done(
    field: Field, home: Path, broadcast_id: BroadcastId, moments: random.Random, *, most_kills: int
) -> int:
    """Kill the worker at random moments until the broadcast is done; give the number of kills."""
    worker = WorkerProcess(home, field.url, LEASE_S, {"DATABASE_URL": field.database})
    for kills in range(most_kills):
        await worker.start()
        await asyncio.sleep(moments.uniform(0, _LONGEST_LIFE_S))
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

        kills = await kill_until_done(
            field, tmp_path, broadcast_id, random.Random(some_seed()), most_kills=2
        )

        await check_ledger(field, tmp_path, kills)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_f01_worker_killed_a_hundred_times_loses_nobody(
    field_of: FieldOf, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    seed = some_seed()
    moments = random.Random(seed)
    kills = 0
    async with field_of(150) as field:
        while kills < _KILLS:
            # The oracles tell broadcasts apart by their texts.
            wordings = Wordings({Locale.RU: Wording(f"Новость {kills}")}, Locale.RU)
            broadcast_id = await field.begin(wordings)
            kills += await kill_until_done(
                field, tmp_path, broadcast_id, moments, most_kills=_KILLS - kills
            )
        arrived = Evidence([], await field.calls(), "", tmp_path).arrived()
        ledger = await read_ledger(field.engine)
        got = [(row.state, arrived[row.person, row.text]) for row in ledger]
        lost = sum(not times and state is not DeliveryState.UNCERTAIN for state, times in got)
        twice = sum(times > 1 for _state, times in got)
        uncertain = sum(state is DeliveryState.UNCERTAIN for state, _times in got)
        tell(
            f"{kills} kills of a worker, seed {seed}: {len(ledger)} recipients, {lost} lost, "
            f"{twice} written to twice, {uncertain} uncertain"
        )

        assert (lost, twice) == (0, 0)
        assert await check_ledger(field, tmp_path, kills) == uncertain


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
        await check_ledger(field, tmp_path, kills=1)


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
        lease_s = loop.LEASE_S if field.is_on_sqlite else None
        async with WorkerProcess(tmp_path, field.url, lease_s, variables) as worker:
            await until(lambda: has_begun(field))
            code = await worker.end_by(signal.SIGTERM)
            stopped = await field.counts(broadcast_id)
            await worker.start()
            await field.wait_for(broadcast_id, BroadcastState.DONE, 30)

        assert code == 0, worker.log
        assert set(stopped) == {DeliveryState.SENT, DeliveryState.PENDING}
        assert await field.counts(broadcast_id) == {DeliveryState.SENT: 40}
        assert await check_ledger(field, tmp_path, kills=0) == 0
