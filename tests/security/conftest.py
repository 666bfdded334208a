"""The real bot, shared by the tests that do it no harm, and a home that a test may harm."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_REGISTER
from tests.telegram.conftest import (
    Newcomer,
    bot_settings,
    home_with,
    own_emulator,
    running_bot,
)


@pytest.fixture
def own_home(tmp_path: Path) -> Path:
    return home_with(SAMPLE_REGISTER, tmp_path / "home")


@pytest.fixture(scope="session")
async def newcomer(sample_home: Path) -> AsyncIterator[Newcomer]:
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(sample_home, emulator.url)),
    ):
        yield newcomer
