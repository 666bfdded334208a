"""How long people wait for an answer while a broadcast is sent.

``python -m tests.bench.residents [SECONDS]`` of each: on SQLite, where the bot itself sends,
nothing else, a free broadcast, nothing else, a paid broadcast; on PostgreSQL, where it is there,
nothing else, and a paid broadcast that a worker sends. All of them and the Bot API server are
processes of their own. People write at instants that do not depend on the answers; a wait ends when
the answer's call reaches the server.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from bot.config import SHARE
from bot.domain.broadcasts import BroadcastState
from bot.worker.loop import LEASE_S
from tests.bench.broadcast import add_people, machine, read_journal, send, stop
from tests.bench.processes import cpu_s, in_process
from tests.bench.telegram import build_telegram
from tests.postgres import Postgres, PostgresMissingError, running_postgres
from tests.telegram.conftest import home_with
from tests.telegram.process import BotProcess
from tests.worker.process import WorkerProcess

_LATENCY_S = 0.06
_SECONDS = 25.0
# A busy hour of a news day has fewer.
_QUESTIONS_PER_S = 5.0
# So many that nobody writes twice within a second, which the gate would space.
_RESIDENTS = range(1_000_001, 1_000_301)
_NUMBERS = ("950101500019", "991231500707", "991231501232", "961105601014", "991231500719")
_LAST_ANSWERS_S = 3.0
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Waits:
    """What people noticed in one kind of time.

    Attributes:
        waits_s: of each answer.
    """

    waits_s: list[float] = field(default_factory=list)
    unanswered: int = 0
    messages: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0

    def quantile_ms(self, share: float) -> float:
        ordered = sorted(self.waits_s)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000

    def cells(self, name: str, quiet_ms: float) -> Iterable[str]:
        p99_ms = self.quantile_ms(0.99)
        return (
            name,
            f"{len(self.waits_s)} of {len(self.waits_s) + self.unanswered}",
            f"{statistics.median(self.waits_s) * 1000:,.0f}",
            f"{p99_ms:,.0f}",
            f"{p99_ms / quiet_ms:.2f}",
            f"{self.messages / self.seconds:,.0f}",
            f"{self.cpu_s / self.seconds:.0%}",
        )


# On one database; the first is without a broadcast.
_Part = list[tuple[str, Waits]]


def main(seconds: float) -> None:
    with in_process(build_telegram, _LATENCY_S) as url:
        found = asyncio.run(measure(url, seconds))
    table = Table("beside", "answers", "p50, ms", "p99, ms", "p99 ratio", "messages/s", "core")
    for quiet, *rest in found:
        for name, waits in (quiet, *rest):
            table.add_row(*waits.cells(name, quiet[1].quantile_ms(0.99)))
    console = Console(width=120)
    console.print(machine())
    console.print(table)


async def measure(url: str, seconds: float) -> list[_Part]:
    async with aiohttp.ClientSession(url) as api:
        with tempfile.TemporaryDirectory() as folder:
            home = home_with(SHARE / "data" / "sample" / "register.csv", Path(folder) / "home")
            database = f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}"
            await _add_people(database, seconds)
            async with BotProcess(home, url) as bot:
                found = [await _measure_beside(api, bot, database, seconds)]
            with suppress(PostgresMissingError), running_postgres() as server:
                found.append(await _measure_apart(api, url, home, server, seconds))
    return found


async def _measure_beside(
    api: aiohttp.ClientSession, bot: BotProcess, database: str, seconds: float
) -> _Part:
    """Let the bot send as well."""
    quiet, free, paid = Waits(), Waits(), Waits()
    await ask(api, bot, seconds / 5, Waits())
    for waits, is_paid in ((free, False), (paid, True)):
        await ask(api, bot, seconds, quiet)
        await _ask_during_broadcast(api, bot, database, waits, seconds, is_paid=is_paid)
    return [("nothing, SQLite", quiet), ("a free broadcast", free), ("a paid broadcast", paid)]


async def _measure_apart(
    api: aiohttp.ClientSession, url: str, home: Path, server: Postgres, seconds: float
) -> _Part:
    """Let a worker send."""
    quiet, paid = Waits(), Waits()
    database = await server.new_database()
    await _add_people(database, seconds)
    async with (
        BotProcess(home, url, DATABASE_URL=database) as bot,
        WorkerProcess(home, url, LEASE_S, {"DATABASE_URL": database}),
    ):
        await ask(api, bot, seconds / 5, Waits())
        await ask(api, bot, seconds, quiet)
        await _ask_during_broadcast(api, bot, database, paid, seconds, is_paid=True)
    return [("nothing, PostgreSQL", quiet), ("a paid broadcast by a worker", paid)]


async def _add_people(database: str, seconds: float) -> None:
    # Who cannot be reached gets no broadcast, and is answered as everybody.
    await add_people(database, _RESIDENTS, inactive_since=_LONG_AGO)
    await add_people(database, range(1, int(1500 * seconds) + 5_000))


async def _ask_during_broadcast(
    api: aiohttp.ClientSession,
    bot: BotProcess,
    database: str,
    into: Waits,
    seconds: float,
    *,
    is_paid: bool,
) -> None:
    broadcast_id = await send(database, is_paid=is_paid)
    await asyncio.sleep(2)
    await ask(api, bot, seconds, into)
    if await stop(database, broadcast_id) is BroadcastState.DONE:
        raise RuntimeError("the broadcast ended before the measurement")
    await asyncio.sleep(2)


async def ask(api: aiohttp.ClientSession, bot: BotProcess, seconds: float, into: Waits) -> None:
    """Let people ask for so long, and add what they noticed."""
    loop = asyncio.get_running_loop()
    async with api.delete("/journal"):
        pass
    began, spent = loop.time(), cpu_s(bot.pid)
    numbers = cycle(_NUMBERS)
    people = islice(cycle(_RESIDENTS), int(seconds * _QUESTIONS_PER_S))
    for place, person in enumerate(people):
        await asyncio.sleep(began + place / _QUESTIONS_PER_S - loop.time())
        async with api.post(f"/people/{person}", data=next(numbers)) as response:
            assert response.ok
    journal = await read_journal(api)
    into.seconds += loop.time() - began
    into.cpu_s += cpu_s(bot.pid) - spent
    into.messages += journal["messages"]
    await asyncio.sleep(_LAST_ANSWERS_S)
    journal = await read_journal(api)
    into.waits_s += journal["waits_s"]
    into.unanswered += journal["unanswered"]


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS)
