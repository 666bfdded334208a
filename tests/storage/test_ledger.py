"""Whatever workers do and however they crash, the ledger never claims what is not so."""

import asyncio
import tempfile
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, insert, select

from bot.domain.audience import Audience
from bot.domain.broadcasts import (
    MAX_ATTEMPTS,
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    after_doubt,
)
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import Claim, DeliveryRepository, Finding
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import deliveries, subscribers

_PEOPLE = range(1, 7)
_ID = BroadcastId(1)
_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_NEWS = Wordings({Locale.RU: Wording("Новость")})
_UNENDED = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.STOPPED)
_UNFINISHED = {DeliveryState.PENDING, DeliveryState.SENDING}
# Who is in one of these states has got nothing.
_WITHOUT = (DeliveryState.PENDING, DeliveryState.FAILED)
_WORKERS = st.integers(0, 1)


@cache
def _running_broadcast(*, rather_twice: bool) -> bytes:
    """Give the file of a database with a broadcast that has just begun."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saqbol.sqlite"
        asyncio.run(_begin(f"sqlite+aiosqlite:///{path}", rather_twice))
        return path.read_bytes()


async def _begin(url: str, rather_twice: bool) -> None:
    engine = open_engine(url)
    await upgrade(engine)
    row = {"locale": "ru", "consent_version": 3, "changed_at": _NOW}
    async with engine.begin() as connection:
        await connection.execute(insert(subscribers), [{"id": i, **row} for i in _PEOPLE])
    broadcasts = BroadcastRepository(engine)
    choices = Choices(datetime.now(UTC), rather_twice=rather_twice)
    assert await broadcasts.add("n", 1, _NEWS, Audience(), choices) == _ID
    await broadcasts.confirm(_ID, BroadcastState.SCHEDULED)
    await broadcasts.begin_due(datetime.now(UTC))
    await engine.dispose()


class Ledger(RuleBasedStateMachine):
    """Two workers claim, send, record, crash and are given up in any order.

    Leases have no length here, so every claim may be given up at any moment, also one whose owner
    lives and comes back.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._runner = asyncio.Runner()
        # What Telegram did, and what each worker holds and has heard of.
        self._arrived: Counter[int] = Counter()
        self._held: list[list[Claim]] = [[], []]
        self._heard: list[list[Finding]] = [[], []]
        # The token of who has a recipient for himself.
        self._owners: dict[int, str] = {}
        # Those whom Telegram refused, and those of whom nobody could tell at some time.
        self._refused: set[int] = set()
        self._doubted: set[int] = set()
        self._state = BroadcastState.RUNNING

    @initialize(rather_twice=st.booleans())
    def begin(self, rather_twice: bool) -> None:
        self._rather_twice = rather_twice
        path = Path(self._folder.name) / "saqbol.sqlite"
        path.write_bytes(_running_broadcast(rather_twice=rather_twice))
        self._engine = open_engine(f"sqlite+aiosqlite:///{path}")
        self._broadcasts = BroadcastRepository(self._engine)
        self._deliveries = DeliveryRepository(self._engine, lease_s=0)

    @rule(worker=_WORKERS, number=st.integers(1, 4))
    def claim(self, worker: int, number: int) -> None:
        claims = self._runner.run(self._deliveries.claim(_ID, number))
        self._held[worker] += claims
        assert not self._owners.keys() & {claim.subscriber_id for claim in claims}
        self._owners |= {claim.subscriber_id: claim.token for claim in claims}
        assert not claims or self._state is BroadcastState.RUNNING

    @rule(
        worker=_WORKERS,
        carried_out=st.booleans(),
        heard=st.sampled_from(["answer", "answer", "nothing", "unreached"]),
    )
    def send(self, worker: int, carried_out: bool, heard: str) -> None:
        worker = worker if self._held[worker] else 1 - worker
        if not self._held[worker]:
            return
        claim = self._held[worker].pop(0)
        if heard == "unreached":
            # Surely not sent: given back.
            self._hear(worker, claim, DeliveryState.PENDING, is_untried=True)
            return
        if carried_out:
            self._arrived[claim.subscriber_id] += 1
        if heard == "nothing":
            self._doubted.add(claim.subscriber_id)
            state = after_doubt(claim.attempt, rather_twice=self._rather_twice)
            self._hear(worker, claim, state)
        elif carried_out:
            self._hear(worker, claim, DeliveryState.SENT)
        else:
            self._refused.add(claim.subscriber_id)
            self._hear(worker, claim, DeliveryState.FAILED)

    def _hear(
        self, worker: int, claim: Claim, state: DeliveryState, *, is_untried: bool = False
    ) -> None:
        message_id = 1 if state is DeliveryState.SENT else None
        finding = Finding(claim, state, _NOW, message_id, is_untried=is_untried)
        self._heard[worker].append(finding)

    @rule(worker=_WORKERS, number=st.integers(1, 3))
    def record(self, worker: int, number: int) -> None:
        worker = worker if self._heard[worker] else 1 - worker
        findings = self._heard[worker][:number]
        self._runner.run(self._deliveries.record(findings))
        for finding in findings:
            claim = finding.claim
            is_owner = self._owners.get(claim.subscriber_id) == claim.token
            if is_owner or finding.state is DeliveryState.SENT:
                self._owners.pop(claim.subscriber_id, None)
        del self._heard[worker][:number]

    @rule(worker=_WORKERS)
    def crash(self, worker: int) -> None:
        self._held[worker], self._heard[worker] = [], []

    @rule()
    def give_up(self) -> None:
        number = self._runner.run(self._deliveries.give_up_expired())
        assert number == (0 if self._state is BroadcastState.DONE else len(self._owners))
        self._doubted |= self._owners.keys()
        self._owners.clear()

    @rule(step=st.sampled_from(["pause", "resume", "finish"] * 3 + ["stop"]))
    def step(self, step: str) -> None:
        has_happened, state = self._runner.run(self._step(step))
        if has_happened:
            self._state = state

    async def _step(self, step: str) -> tuple[bool, BroadcastState]:
        running, paused, stopped = _UNENDED
        if step == "pause":
            return await self._broadcasts.move(_ID, [running], paused), paused
        if step == "resume":
            return await self._broadcasts.resume(_ID, 1), running
        if step == "stop":
            return await self._broadcasts.move(_ID, [running, paused], stopped), stopped
        return await self._broadcasts.finish(_ID), BroadcastState.DONE

    @invariant()
    def ledger_is_true(self) -> None:
        if not hasattr(self, "_engine"):
            return
        rows = self._runner.run(self._rows())
        assert {row.subscriber_id for row in rows} == set(_PEOPLE)
        for row in rows:
            arrived = self._arrived[row.subscriber_id]
            if row.state == DeliveryState.SENT:
                assert arrived
            if row.state == DeliveryState.FAILED:
                assert row.subscriber_id in self._refused
            if row.state == DeliveryState.UNCERTAIN:
                assert row.subscriber_id in self._doubted
            is_owned = row.subscriber_id in self._owners
            assert is_owned == (row.state == DeliveryState.SENDING)
            assert arrived <= (MAX_ATTEMPTS if self._rather_twice else 1)
            if not self._rather_twice and row.state in _WITHOUT:
                assert not arrived
        if self._state is BroadcastState.DONE:
            assert not {row.state for row in rows} & _UNFINISHED

    async def _rows(self) -> list[Row[int, str]]:
        query = select(deliveries.c.subscriber_id, deliveries.c.state)
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).all())

    def _send_the_rest(self) -> None:
        """Let one worker do what is left: nobody is forgotten, whatever happened before."""
        self.give_up()
        self.step("resume")
        for _ in range(MAX_ATTEMPTS * len(_PEOPLE)):
            self.crash(0)
            self.claim(0, len(_PEOPLE))
            while self._held[0]:
                self.send(0, carried_out=True, heard="answer")
            if self._heard[0]:
                self.record(0, len(self._heard[0]))
        self.step("finish")
        self.ledger_is_true()
        assert self._state in {BroadcastState.DONE, BroadcastState.STOPPED}

    def teardown(self) -> None:
        if hasattr(self, "_engine"):
            self._send_the_rest()
            self._runner.run(self._engine.dispose())
        self._runner.close()
        self._folder.cleanup()


# A smaller example is not worth minutes: a step takes milliseconds on a real file.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestLedger = Ledger.TestCase
TestLedger.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, phases=_PHASES
)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_f01_f09_ledger_is_true_after_thousands_of_histories() -> None:
    thorough = settings(TestLedger.settings, max_examples=2000)
    run_state_machine_as_test(Ledger, settings=thorough)
