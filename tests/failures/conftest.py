"""An emulator of its own for each test: what fails here must not disturb others."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.emulator import Emulator
from bot.registry.generate import generate
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures.texts import IIN_NOBODY
from tests.telegram.conftest import _plain_logs, home_with, own_home

__all__ = ["_plain_logs", "own_home"]


@pytest.fixture
def large_home(tmp_path: Path) -> Path:
    """Give a home folder with the sample register and two thousand made-up people.

    The sample alone fits into one page of the file, which is in memory from the opening on: damage
    to it is never read.
    """
    sample = SAMPLE_REGISTER.read_text(encoding="utf-8").splitlines()
    taken = {line[:12] for line in sample} | {IIN_NOBODY}
    _, *made_up = generate(2000, 1, SAMPLE_DAY)
    register = tmp_path / "register.csv"
    lines = [*sample, *(line for line in made_up if line[:12] not in taken)]
    register.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home_with(register, tmp_path / "home")


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
