"""Workers on a database server: one rate and one wait for all, and connections that end."""

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.broadcasts import BroadcastState, DeliveryState
from bot.worker.sending import IN_FLIGHT
from tests.failures.ledger import read_ledger
from tests.failures.oracles import Evidence, judge
from tests.postgres import Postgres
from tests.worker.conftest import FieldOf

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
_END_THE_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def test_rate_is_that_of_all_workers_together(field_of: FieldOf) -> None:
    async with field_of(75) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=25), field.worker(bulk_per_s=25):
            await field.wait_for(broadcast_id, BroadcastState.DONE)

        times = [call["monotonic"] for call in await field.calls()]
        rate = (len(times) - 1) / (times[-1] - times[0])
        assert 0.9 * 25 <= rate <= 25.5


async def test_f02_what_telegram_tells_one_worker_the_others_wait_for(field_of: FieldOf) -> None:
    async with field_of(75) as field:
        await field.fail({"kind": "429", "retry_after": 3}, field.ids[20])
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=25), field.worker(bulk_per_s=25):
            await field.wait_for(broadcast_id, BroadcastState.DONE)

        calls = await field.calls()
        refused = min(call["monotonic"] for call in calls if call["chat_id"] == field.ids[20])
        during = [call for call in calls if 0 < call["monotonic"] - refused < 3]
        # The other one hears of it with its next turns; what has its turn by then leaves.
        assert len(during) < 20
        assert all(call["monotonic"] - refused < 2 for call in during)
        assert set((await field.arrived()).values()) == {1}
        assert await field.counts(broadcast_id) == {DeliveryState.SENT: 75}


async def test_f42_connections_that_the_server_ends_lose_nobody(field_of: FieldOf) -> None:
    async with field_of(60) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=30):
            for _ in range(3):
                await asyncio.sleep(0.5)
                async with field.engine.begin() as connection:
                    await connection.exec_driver_sql(_END_THE_OTHERS)
            await field.wait_for(broadcast_id, BroadcastState.DONE, 60)

        assert set((await field.arrived()).values()) == {1}
        assert await field.counts(broadcast_id) == {DeliveryState.SENT: 60}


@pytest.mark.long
async def test_f42_server_that_is_killed_and_started_anew_loses_nobody(
    field_of: FieldOf, postgres: Postgres, tmp_path: Path
) -> None:
    async with field_of(60) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=30):
            await asyncio.sleep(0.7)
            postgres.end(signal.SIGQUIT)
            try:
                await asyncio.sleep(1.5)
            finally:
                postgres.start_anew()
            # The connections from before it are of no use.
            await field.engine.dispose()
            await field.wait_for(broadcast_id, BroadcastState.DONE, 60)
        ledger = await read_ledger(field.engine)
        states = Counter(row.state for row in ledger)

        judge(Evidence([], await field.calls(), "", tmp_path, ledger=ledger))
        # A claim of which the server could not say that it was written waits for its lease to end.
        assert states[DeliveryState.SENT] >= 60 - IN_FLIGHT
        assert states.total() == states[DeliveryState.SENT] + states[DeliveryState.UNCERTAIN] == 60
