"""A bot that is stopped takes no more updates: they wait for the next start."""

import asyncio
from pathlib import Path

import aiohttp

from bot.app import serve
from tests.telegram.conftest import bot_settings, own_emulator


async def test_cancelled_bot_asks_for_no_more_updates(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer), aiohttp.ClientSession(emulator.url) as api:

        async def questions() -> int:
            async with api.get("/client/journal") as response:
                calls = await response.json()
            return sum(call["method"] == "getUpdates" for call in calls)

        before = asyncio.all_tasks()
        bot = asyncio.create_task(serve(bot_settings(own_home, emulator.url), handle_signals=False))
        person = await newcomer("ru")
        bot.cancel()
        await asyncio.gather(bot, return_exceptions=True)

        left = [
            task
            for task in asyncio.all_tasks() - before
            if "polling" in getattr(task.get_coro(), "__qualname__", "")
        ]
        asked = await questions()
        await person.write("950101500019")
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

        assert not left
        assert await questions() == asked
