"""The real bot, shared by the tests that do it no harm, and a home that a test may harm."""

from collections.abc import AsyncIterator

import pytest

from tests.conftest import SAMPLE_REGISTER
from tests.telegram.conftest import (
    Newcomer,
    bot_settings,
    home_with,
    own_emulator,
    own_home,
    running_bot,
)

__all__ = ["own_home"]


@pytest.fixture(scope="session")
async def newcomer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newcomer]:
    # Another bot of the same session may hold the shared home.
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("security") / "home")
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(home, emulator.url)),
    ):
        yield newcomer
