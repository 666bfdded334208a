"""The whole bot over HTTP: the emulator on one side, people on the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import serve
from bot.config import Settings
from bot.emulator import Emulator
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import Client, Events

TOKEN = "7000000000:test-token-that-opens-nothing-anywhere"
Newcomer = Callable[..., Awaitable[Client]]


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[None]:
    """Run the bot for the length of the block, ready when it asks for updates."""
    task = asyncio.create_task(serve(settings, handle_signals=False))
    async with aiohttp.ClientSession(settings.bot_api_url) as session:
        while not task.done():
            async with session.get("/client/journal") as response:
                if any(call["method"] == "getMe" for call in await response.json()):
                    break
            await asyncio.sleep(0.02)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error


def bot_settings(home: Path, url: str, **changes: Any) -> Settings:
    values: dict[str, Any] = {
        "home_dir": home,
        "bot_token": TOKEN,
        "bot_api_url": url,
        "today": SAMPLE_DAY,
    }
    return Settings(_env_file=None, **{**values, **changes})


@pytest.fixture(scope="session")
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
async def api(emulator: Emulator) -> AsyncIterator[aiohttp.ClientSession]:
    """Give a session on the people's side of the emulator."""
    async with aiohttp.ClientSession(emulator.url) as session:
        yield session


@pytest.fixture(scope="session")
async def newcomer(
    emulator: Emulator, api: aiohttp.ClientSession, sample_home: Path
) -> AsyncIterator[Newcomer]:
    """Give a function that brings a new person to the running bot."""
    settings = bot_settings(sample_home, emulator.url)
    async with running_bot(settings), Events(api) as events:

        async def bring(language_code: str = "ru", *, consent: bool = True, **about: Any) -> Client:
            body = {"first_name": "Тест", "language_code": language_code, **about}
            async with api.post("/client/people", json=body) as response:
                client = Client(api, events, await response.json())
            if consent:
                welcome = await client.send("/start")
                await client.press(welcome, AGREE[language_code])
            return client

        yield bring


# The label of the consent button, by Telegram's language.
AGREE = {"kk": "Келісемін", "ru": "согласие", "ky": "Макулмун"}
