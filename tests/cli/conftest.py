"""The command line, in this process for speed or in one of its own as an administrator has it."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config import SHARE, Settings

PATIENCE_S = 100
# Beyond every day whose extract the tests import.
LATER = "2027-06-01"
Saqbol = Callable[..., Result]
Process = Callable[..., subprocess.CompletedProcess[str]]


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Give the environment of this process with none of our settings but the home folder."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
    return {**kept, "PYTHONPATH": str(SHARE), "HOME_DIR": str(home), **more}


def run_here(home: Path, *arguments: object, stdin: str = "", **environment: str) -> Result:
    """Run a command in this process; an error that the command does not explain is raised."""
    return CliRunner().invoke(
        app,
        [str(argument) for argument in arguments],
        input=stdin,
        env={"HOME_DIR": str(home), "TODAY": LATER} | environment,
        catch_exceptions=False,
    )


def run_process(
    folder: Path,
    home: Path,
    arguments: tuple[object, ...],
    environment: Mapping[str, str],
    *,
    prefix: tuple[str, ...] = (),
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [*prefix, sys.executable, "-m", "bot", *(str(argument) for argument in arguments)],
        cwd=folder,
        env=clean_environment(home, **{"TODAY": LATER, **environment}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def saqbol(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Saqbol:
    """Give a function that runs a command with a home folder of its own."""
    # A developer's .env must not be read.
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, **more: run_here(home, *arguments, **more)


@pytest.fixture
def process(tmp_path: Path, home: Path) -> Process:
    """Give a function that runs a command as a process in an empty folder."""
    return lambda *arguments, **environment: run_process(tmp_path, home, arguments, environment)


@pytest.fixture
def own_logging() -> Iterator[None]:
    """Take back what a command that sets up logging in this process has changed."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers, root.level, structlog.get_config()
    yield
    logging.captureWarnings(capture=False)
    structlog.configure(**configured)
    root.handlers, root.level = handlers, level
