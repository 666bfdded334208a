"""The whole bot over HTTP: the emulator on one side, people on the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from structlog.typing import Processor

from bot.app import serve
from bot.config import SHARE, Settings
from bot.emulator import Emulator
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import Client, Events

TOKEN = "7000000000:test-token-that-opens-nothing-anywhere"
Newcomer = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> Iterator[None]:
    """Keep structlog's coloured tracebacks out: drawing one takes seconds."""
    processors: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
    structlog.configure(processors=processors)
    yield
    structlog.reset_defaults()


@asynccontextmanager
async def running_bot(settings: Settings) -> AsyncIterator[None]:
    """Run the bot for the length of the block, ready when it asks for updates."""
    async with aiohttp.ClientSession(settings.bot_api_url) as session:
        earlier = await _starts(session)
        task = asyncio.create_task(serve(settings, handle_signals=False))
        while not task.done():
            if await _starts(session) > earlier:
                break
            await asyncio.sleep(0.02)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error


async def _starts(session: aiohttp.ClientSession) -> int:
    """Count how often a bot has asked who it is."""
    async with session.get("/client/journal") as response:
        return sum(call["method"] == "getMe" for call in await response.json())


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
        yield bringer(api, events)


def bringer(api: aiohttp.ClientSession, events: Events) -> Newcomer:
    """Make the function that brings a new person to the bot of this emulator."""

    async def bring(language_code: str = "ru", *, consent: bool = True, **about: Any) -> Client:
        body = {"first_name": "Тест", "language_code": language_code, **about}
        async with api.post("/client/people", json=body) as response:
            client = Client(api, events, await response.json())
        if consent:
            welcome = await client.send("/start")
            await client.press(welcome, AGREE[language_code])
        return client

    return bring


@asynccontextmanager
async def own_emulator() -> AsyncIterator[tuple[Emulator, Newcomer]]:
    """Start an emulator nobody else uses; people can come before any bot runs."""
    async with (
        Emulator() as emulator,
        aiohttp.ClientSession(emulator.url) as api,
        Events(api) as events,
    ):
        yield emulator, bringer(api, events)


@asynccontextmanager
async def bot_with_operator(home: Path, language: str) -> AsyncIterator[tuple[Client, Newcomer]]:
    """Run a bot whose operator has started it before; give the operator too."""
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(home, emulator.url)):
            operator = await newcomer(language)
        async with running_bot(bot_settings(home, emulator.url, operators=(operator.id,))):
            yield operator, newcomer


@pytest.fixture
def own_home(tmp_path: Path) -> Path:
    """Give a home folder that a test may harm, with the sample register imported."""
    register = SHARE / "data" / "sample" / "register.csv"
    return home_with(register, tmp_path / "home")


def home_with(register: Path, home: Path) -> Path:
    home.mkdir()
    key = registry_key(Settings(home_dir=home, _env_file=None))
    import_csv(register, as_of=SAMPLE_DAY, home=home, key=key)
    return home


# The label of the consent button, by Telegram's language.
AGREE = {"kk": "Келісемін", "ru": "согласие", "ky": "Макулмун"}
