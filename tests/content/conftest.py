"""A copy of data/ and locales/ that a test may damage."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import SHARE
from bot.content.check import find_problems

Check = Callable[[], list[str]]


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in ("data", "locales"):
        shutil.copytree(SHARE / name, tmp_path / "share" / name)
    return tmp_path / "share"


@pytest.fixture(scope="session")
def known_problems() -> set[str]:
    """Give what is wrong already, so that a text in work does not hide what a test looks for."""
    return set(find_problems(SHARE))


@pytest.fixture
def check(share: Path, known_problems: set[str]) -> Check:
    """Give a function that lists the problems a test has made."""
    return lambda: [text for text in find_problems(share) if text not in known_problems]
