"""An emulator of its own for each test: what fails here must not disturb others."""

from collections.abc import AsyncIterator, Callable

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


@pytest.fixture
def tell(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> Callable[[str], None]:
    """Give a function that prints a figure, also where output is captured."""

    def print_and_record(figure: str) -> None:
        record_property("figure", figure)
        with capsys.disabled():
            print(f"\n{figure}")  # noqa: T201 - for whoever runs the tests

    return print_and_record
