"""What a broadcast costs: the rate reached and the CPU time of a message, from claim to record.

Run: ``python -m tests.bench.broadcast --people 3000 --latency 0.06 [--paid]``.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from rich.console import Console
from sqlalchemy import insert

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices, DeliveryState
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.services.broadcasts import Broadcasts
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import subscribers
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.departures import Departures
from bot.telegram.gate import Gate
from bot.telegram.session import JsonSession
from bot.worker.loop import LEASE_S, Worker
from tests.bench.processes import in_process

_TOKEN = "7000000000:bench-token-that-opens-nothing-anywhere"
_NEWS = Wordings({Locale.RU: Wording("<b>Новость</b>: сроки оплаты изменились.")})
_IDLE_S = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--latency", type=float, default=0.06, help="seconds of each call")
    parser.add_argument("--paid", action="store_true")
    options = parser.parse_args()
    with in_process(answer_late, options.latency) as url, tempfile.TemporaryDirectory() as home:
        asyncio.run(measure(url, Path(home), options.people, is_paid=options.paid))


async def measure(url: str, home: Path, people: int, *, is_paid: bool) -> None:
    """Send one broadcast to so many and print what it took."""
    console = Console()
    engine = open_engine(f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}")
    await upgrade(engine)
    row = {"locale": "ru", "consent_version": 3, "changed_at": datetime.now(UTC)}
    async with engine.begin() as connection:
        await connection.execute(
            insert(subscribers), [{"id": number, **row} for number in range(1, people + 1)]
        )
    broadcasts = Broadcasts(BroadcastRepository(engine))
    choices = Choices(datetime.now(UTC), is_paid=is_paid)
    draft = await broadcasts.draft("bench", 1, _NEWS, Audience(), choices)
    began = perf_counter()
    await broadcasts.confirm(draft, needs_approval=False)
    console.print(f"{people:,} recipients written down in {perf_counter() - began:.2f} s")
    session = JsonSession(limit=600)
    session.api = TelegramAPIServer.from_base(url)
    session.middleware(Gate())
    session.middleware(Departures())
    async with Bot(_TOKEN, session=session) as bot:
        worker = Worker(broadcasts, DeliveryRepository(engine, LEASE_S), BroadcastMessenger(bot))
        async with running(worker):
            wall, cpu = perf_counter(), process_time()
            await done(broadcasts, draft)
            wall, cpu = perf_counter() - wall, process_time() - cpu
            idle = process_time()
            await asyncio.sleep(_IDLE_S)
            idle = process_time() - idle
    progress = await broadcasts.progress(draft)
    assert progress is not None
    console.print(
        f"{progress.by_state[DeliveryState.SENT]:,} sent, {people / wall:,.1f} a second,"
        f" {cpu / people * 1e6:,.0f} us of CPU a message; idle {idle / _IDLE_S:.2%} of a core"
    )
    await engine.dispose()


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await working


async def done(broadcasts: Broadcasts, broadcast_id: BroadcastId) -> None:
    while True:
        found = await broadcasts.get(broadcast_id)
        if found is not None and found.state is BroadcastState.DONE:
            return
        await asyncio.sleep(0.1)


def answer_late(latency_s: float) -> web.Application:
    """Build a server that takes every message after a while; it only counts."""
    numbers = iter(range(1, 10**9))

    async def send(request: web.Request) -> web.Response:
        body = await request.json()
        await asyncio.sleep(latency_s)
        chat = {"id": body["chat_id"], "type": "private"}
        message = {"message_id": next(numbers), "date": 1_795_219_200, "chat": chat, "text": "-"}
        return web.json_response({"ok": True, "result": message})

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", send)
    return app


if __name__ == "__main__":
    main()
