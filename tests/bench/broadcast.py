"""``make bench-broadcast``: the rate of a broadcast, its cost, and what people notice of it.

The worker, the bot and the server are processes of their own. Each message takes the server
``--latency`` seconds; the server's journal says what arrived. Beside it go a well-known loop, and
aiohttp alone, below which no sender that uses it can be. For a hundred thousand recipients:
``python -m tests.bench.broadcast --free 7500 --paid 100000``, which takes ten minutes (Linux only).
"""

import argparse
import asyncio
import multiprocessing
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.services.broadcasts import Broadcasts
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import subscribers
from bot.worker.loop import LEASE_S
from tests.bench.plain import run_plain
from tests.bench.processes import cpu_s, in_process
from tests.bench.sequential import run_sequential
from tests.bench.telegram import build_telegram
from tests.worker.process import WorkerProcess

_NEWS = Wordings({Locale.RU: Wording("<b>Новость</b>: сроки оплаты изменились.")})
_FREE_PER_S, _PAID_PER_S = 25, 1000
_LOOK_EVERY_S = 1.0
_QUIET_S = 20.0
# Enough to tell what one costs.
_PLAIN_PEOPLE = 20_000
_Run = Callable[[Connection, str, int, float], None]


@dataclass(frozen=True)
class Row:
    """One broadcast: *set_per_s* is None where nothing but the loop itself holds it back."""

    name: str
    set_per_s: float | None
    people: int
    cpu_s: float
    journal: dict[str, Any]

    @property
    def per_s(self) -> float:
        return float((self.journal["messages"] - 1) / self.journal["span_s"])

    def cells(self) -> Iterable[str]:
        share = f"{self.per_s / self.set_per_s:.1%}" if self.set_per_s else ""
        message_us = self.cpu_s / self.journal["messages"] * 1e6
        return (
            self.name,
            f"{self.people:,}",
            f"{self.set_per_s:,.0f}" if self.set_per_s else "–",
            f"{self.per_s:,.1f}",
            share,
            f"{self.cpu_s / self.journal['span_s']:.1%}",
            f"{message_us:,.0f}",
            str(self.journal["twice"]),
            str(self.people - self.journal["people"]),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--free", type=int, default=750, help="recipients at 25/s")
    parser.add_argument("--paid", type=int, default=20_000, help="recipients at 1000/s")
    parser.add_argument("--sequential", type=int, default=250, help="recipients of the other loop")
    parser.add_argument("--latency", type=float, default=0.06, help="seconds of each call")
    options = parser.parse_args()
    with in_process(build_telegram, options.latency) as url:
        rows = asyncio.run(measure(url, options))
    table = Table("sender", "recipients", "set/s", "reached/s", "", "core", "us/message")
    for name in ("twice", "lost"):
        table.add_column(name)
    for row in rows:
        table.add_row(*row.cells())
    console = Console(width=120)
    console.print(machine())
    console.print(table)


def machine() -> str:
    """Say on what was measured, and how busy it was with other work."""
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.system()};"
        f" {load:.1f} processes wanted to run in the last minute"
    )


async def measure(url: str, options: argparse.Namespace) -> list[Row]:
    async with aiohttp.ClientSession(url) as api:
        return [
            await _ours(api, url, "saqbol worker", options.free, is_paid=False),
            await _sequential(api, url, options.sequential, 1 / _FREE_PER_S),
            await _ours(api, url, "saqbol worker, paid", options.paid, is_paid=True),
            await _plain(api, url, min(options.paid, _PLAIN_PEOPLE)),
            await _sequential(api, url, options.sequential, 0.0),
        ]


async def _ours(
    api: aiohttp.ClientSession, url: str, name: str, people: int, *, is_paid: bool
) -> Row:
    async with api.delete("/journal"):
        pass
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        database = f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}"
        async with WorkerProcess(home, url, LEASE_S) as worker:
            await add_people(database, range(1, people + 1))
            before = cpu_s(worker.pid)
            await send(database, is_paid=is_paid)
            journal = await _complete(api, people)
            spent = cpu_s(worker.pid) - before
    return Row(name, _PAID_PER_S if is_paid else _FREE_PER_S, people, spent, journal)


async def _complete(api: aiohttp.ClientSession, people: int) -> dict[str, Any]:
    """Wait until all have their message, or nothing has come for long."""
    before, quiet = -1, 0
    while True:
        journal = await read_journal(api)
        quiet = quiet + 1 if journal["messages"] == before else 0
        if journal["people"] >= people or quiet * _LOOK_EVERY_S > _QUIET_S:
            return journal
        before = journal["messages"]
        await asyncio.sleep(_LOOK_EVERY_S)


async def _sequential(api: aiohttp.ClientSession, url: str, people: int, interval_s: float) -> Row:
    spent, journal = await _watch(api, run_sequential, url, people, interval_s)
    set_per_s = _FREE_PER_S if interval_s else None
    return Row(f"one after another, {interval_s:g} s between", set_per_s, people, spent, journal)


async def _plain(api: aiohttp.ClientSession, url: str, people: int) -> Row:
    spent, journal = await _watch(api, run_plain, url, people, 1 / _PAID_PER_S)
    return Row("aiohttp alone", _PAID_PER_S, people, spent, journal)


async def _watch(
    api: aiohttp.ClientSession, run: _Run, url: str, people: int, interval_s: float
) -> tuple[float, dict[str, Any]]:
    """Let another sender send; give its CPU time and the journal."""
    with _process(run, url, people, interval_s) as (pid, connection):
        async with api.delete("/journal"):
            pass
        before = cpu_s(pid)
        connection.send("go")
        await asyncio.to_thread(connection.recv)
        spent = cpu_s(pid) - before
    return spent, await read_journal(api)


@contextmanager
def _process(
    run: _Run, url: str, people: int, interval_s: float
) -> Iterator[tuple[int, Connection]]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    arguments = (theirs, url, people, interval_s)
    process = context.Process(target=run, args=arguments, daemon=True)
    process.start()
    ours.recv()
    assert process.pid is not None
    yield process.pid, ours
    ours.send("end")
    process.join()


async def add_people(database: str, people: Iterable[int], **columns: object) -> None:
    """Write down people who agreed to the notice and read Russian."""
    row = {"locale": "ru", "consent_version": CONSENT_VERSION, "changed_at": datetime.now(UTC)}
    engine = open_engine(database)
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(
            insert(subscribers), [{"id": number, **row, **columns} for number in people]
        )
    await engine.dispose()


async def send(database: str, *, is_paid: bool) -> BroadcastId:
    """Send the news off to everybody who can be reached."""
    engine = open_engine(database)
    broadcasts = Broadcasts(BroadcastRepository(engine))
    choices = Choices(datetime.now(UTC), is_paid=is_paid)
    broadcast_id = await broadcasts.draft(f"{is_paid}", 1, _NEWS, Audience(), choices)
    await broadcasts.confirm(broadcast_id, needs_approval=False)
    await engine.dispose()
    return broadcast_id


async def stop(database: str, broadcast_id: BroadcastId) -> BroadcastState:
    engine = open_engine(database)
    broadcasts = Broadcasts(BroadcastRepository(engine))
    await broadcasts.stop(broadcast_id)
    found = await broadcasts.get(broadcast_id)
    await engine.dispose()
    assert found is not None
    return found.state


async def read_journal(api: aiohttp.ClientSession) -> dict[str, Any]:
    async with api.get("/journal") as response:
        journal: dict[str, Any] = await response.json()
        return journal


if __name__ == "__main__":
    main()
