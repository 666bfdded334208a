"""What is written on disk is for its owner alone, and a crash writes no memory there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import SHARE
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER

_OPEN_TO_ALL = "0000"


def saqbol(home: Path, *arguments: str) -> str:
    """Run the command as an administrator with a careless umask."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-m", "bot", *arguments],
        cwd=SHARE,
        env={
            **os.environ,
            "HOME_DIR": str(home),
            "REGISTRY_PEPPER_FILE": str(home.parent / "secrets" / "pepper"),
        },
        umask=int(_OPEN_TO_ALL, 8),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("files") / "home"
    saqbol(home, "registry", "import", str(SAMPLE_REGISTER), "--as-of", str(SAMPLE_DAY))
    saqbol(home, "db", "upgrade")
    return home


def test_pepper_database_and_register_are_for_their_owner_alone(home: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.parent.rglob("*")}

    assert {"pepper", "saqbol.sqlite", "registry"} <= modes.keys()
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_f46_no_memory_is_written_to_disk_after_a_crash() -> None:
    code = (
        "import resource, sys\n"
        "sys.argv = ['saqbol', '--help']\n"
        "from bot.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print('cores', resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code],
        cwd=SHARE,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert "cores (0, 0)" in done.stdout, done.stderr
