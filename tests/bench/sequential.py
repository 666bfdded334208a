"""The loop of a well-known broadcaster: the next message goes out when the last one is answered.

Driven as aiogram-broadcaster 0.6.7 does (https://github.com/loRes228/aiogram_broadcaster, looked at
in commit a0e1421, ``mailer/mailer.py``), at its fastest: no storage, no placeholders, no events,
and its interval is slept after each message. It remembers in memory who is left.
"""

import asyncio
from contextlib import suppress
from multiprocessing.connection import Connection

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError

from tests.telegram.conftest import TOKEN


def run_sequential(connection: Connection, url: str, people: int, interval_s: float) -> None:
    """Say when it is ready, send from the first word on, and say when it is done."""
    asyncio.run(_run(connection, url, people, interval_s))


async def _run(connection: Connection, url: str, people: int, interval_s: float) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(TOKEN, session=session) as bot:
        connection.send("ready")
        connection.recv()
        waiting, stop = {*range(1, people + 1)}, asyncio.Event()
        while waiting:
            with suppress(TelegramAPIError):
                await bot.send_message(waiting.pop(), "<b>Новость</b>", parse_mode="HTML")
            if interval_s:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), interval_s)
    connection.send("done")
    connection.recv()
