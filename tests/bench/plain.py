"""Messages by aiohttp alone: what one costs when nothing is claimed, recorded, or built by aiogram.

They go out as a paid broadcast's do: together every hundredth of a second, over connections kept.
"""

import asyncio
from multiprocessing.connection import Connection

from aiohttp import BytesPayload, ClientSession, TCPConnector

from bot.app.connection import _MAX_CONNECTIONS
from tests.telegram.conftest import TOKEN

_TICK_S = 0.01


def run_plain(connection: Connection, url: str, people: int, interval_s: float) -> None:
    """Say when it is ready, send from the first word on, and say when it is done."""
    asyncio.run(_run(connection, url, people, interval_s))


async def _run(connection: Connection, url: str, people: int, interval_s: float) -> None:
    async with ClientSession(url, connector=TCPConnector(limit=_MAX_CONNECTIONS)) as session:
        connection.send("ready")
        connection.recv()
        loop, together = asyncio.get_running_loop(), round(_TICK_S / interval_s)
        began = loop.time()
        async with asyncio.TaskGroup() as sending:
            for before in range(0, people, together):
                await asyncio.sleep(began + before * interval_s - loop.time())
                for person in range(before + 1, min(before + together, people) + 1):
                    sending.create_task(_send(session, person))
    connection.send("done")
    connection.recv()


async def _send(session: ClientSession, person: int) -> None:
    body = b'{"chat_id": %d, "text": "<b>News</b>", "parse_mode": "HTML"}' % person
    payload = BytesPayload(body, content_type="application/json")
    async with session.post(f"/bot{TOKEN}/sendMessage", data=payload) as response:
        await response.read()
