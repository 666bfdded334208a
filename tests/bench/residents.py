"""How long people wait for an answer while the bot sends a broadcast beside it.

``python -m tests.bench.residents [SECONDS]`` of each: nothing else, a free broadcast, nothing else,
a paid broadcast. The bot and the server are processes of their own, on SQLite. People write at
instants that do not depend on the answers; a wait ends when the answer's call reaches the server.
"""

import asyncio
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from bot.config import SHARE
from bot.domain.broadcasts import BroadcastState
from tests.bench.broadcast import add_people, machine, read_journal, send, stop
from tests.bench.processes import cpu_s, in_process
from tests.bench.telegram import build_telegram
from tests.telegram.conftest import home_with
from tests.telegram.process import BotProcess

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


def main(seconds: float) -> None:
    with in_process(build_telegram, _LATENCY_S) as url:
        found = asyncio.run(measure(url, seconds))
    table = Table("beside", "answers", "p50, ms", "p99, ms", "p99 ratio", "messages/s", "core")
    quiet_ms = found["nothing"].quantile_ms(0.99)
    for name, waits in found.items():
        p99_ms = waits.quantile_ms(0.99)
        table.add_row(
            name,
            f"{len(waits.waits_s)} of {len(waits.waits_s) + waits.unanswered}",
            f"{statistics.median(waits.waits_s) * 1000:,.0f}",
            f"{p99_ms:,.0f}",
            f"{p99_ms / quiet_ms:.2f}",
            f"{waits.messages / waits.seconds:,.0f}",
            f"{waits.cpu_s / waits.seconds:.0%}",
        )
    console = Console(width=120)
    console.print(machine())
    console.print(table)


async def measure(url: str, seconds: float) -> dict[str, Waits]:
    found = {"nothing": Waits(), "a free broadcast": Waits(), "a paid broadcast": Waits()}
    free, paid = int(40 * seconds) + 500, int(1500 * seconds) + 5_000
    async with aiohttp.ClientSession(url) as api:
        with tempfile.TemporaryDirectory() as folder:
            home = home_with(SHARE / "data" / "sample" / "register.csv", Path(folder) / "home")
            database = f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}"
            # Who cannot be reached gets no broadcast, and is answered as everybody.
            await add_people(database, _RESIDENTS, inactive_since=_LONG_AGO)
            await add_people(database, range(1, max(free, paid) + 1))
            async with BotProcess(home, url) as bot:
                await ask(api, bot, seconds / 5, Waits())
                for name, is_paid in (("a free broadcast", False), ("a paid broadcast", True)):
                    await ask(api, bot, seconds, found["nothing"])
                    broadcast_id = await send(database, is_paid=is_paid)
                    await asyncio.sleep(2)
                    await ask(api, bot, seconds, found[name])
                    if await stop(database, broadcast_id) is BroadcastState.DONE:
                        raise RuntimeError("the broadcast ended before the measurement")
                    await asyncio.sleep(2)
    return found


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
