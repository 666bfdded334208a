"""The whole bot, put together as for service but not asked anything by anybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Dispatcher

from bot.app import assemble
from tests.telegram.conftest import bot_settings


@pytest.fixture(scope="session")
async def dispatcher(sample_home: Path) -> AsyncIterator[Dispatcher]:
    settings = bot_settings(sample_home, "http://127.0.0.1:9", lookups_per_day=10_000)
    async with assemble(settings) as app:
        yield app.dispatcher
