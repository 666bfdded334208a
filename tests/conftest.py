"""What most tests need: the sample register and the day it was made for."""

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from bot.config import SHARE, Settings
from bot.content.library import Content, load_content
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key

# Speed is measured by benchmarks; a busy machine must not fail a property.
hypothesis_settings.register_profile("saqbol", deadline=None)
# HYPOTHESIS_PROFILE=fuzz .venv/bin/pytest tests/fuzz --timeout 0: about ten minutes.
hypothesis_settings.register_profile("fuzz", deadline=None, max_examples=5000, print_blob=True)
# docs/mutation.md: the same few examples for each mutant.
hypothesis_settings.register_profile(
    "mutation", deadline=None, max_examples=12, derandomize=True, database=None
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "saqbol"))

SAMPLE_DAY = date(2026, 11, 21)
SAMPLE_REGISTER = SHARE / "data" / "sample" / "register.csv"


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a developer's own settings away from the tests, and the tests from the own pepper."""
    names = {name.upper() for name in Settings.model_fields} | {"XDG_CONFIG_HOME"}
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.upper() in names}
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
    yield
    del os.environ["XDG_CONFIG_HOME"]
    os.environ.update(kept)


@pytest.fixture
def almaty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine's own time be five hours ahead of UTC."""
    with monkeypatch.context() as place:
        place.setenv("TZ", "ALMT-5")  # needs no file of time zones
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content(SHARE)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home folder with the sample register imported."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home_dir=home, _env_file=None)
    import_csv(
        SAMPLE_REGISTER,
        as_of=SAMPLE_DAY,
        home=home,
        key=registry_key(settings),
    )
    return home
