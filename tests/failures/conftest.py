"""An emulator of its own for each test: what fails here must not disturb others."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.telegram.conftest import _plain_logs, own_home

__all__ = ["_plain_logs", "own_home"]


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_retry_s=0.2) as emulator:
        yield emulator


@pytest.fixture
async def api(emulator: Emulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(emulator.url) as session:
        yield session
