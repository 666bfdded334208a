"""One running bot with a hundred people for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from tests.telegram.broadcasts.newsroom import Newsroom, prepared, settings_of
from tests.telegram.conftest import _plain_logs, running_bot

__all__ = ["_plain_logs"]


@pytest.fixture(scope="session")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newsroom]:
    async with (
        prepared(tmp_path_factory.mktemp("room"), people=110) as room,
        running_bot(settings_of(room)),
    ):
        yield room
