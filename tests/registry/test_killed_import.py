"""An import that dies at any step leaves the old register, and the next one cleans up."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.registry.errors import ImportStoppedError
from bot.registry.registry import Registry
from bot.registry.verify import verify

from .samples import AS_OF, IINS, KEY, import_people, line, write_csv

ROOT = Path(__file__).parents[2]
NEXT_DAY = AS_OF + timedelta(days=1)
PEOPLE = 60
CHILD = """
import os, resource, signal, sys
from datetime import date
from pathlib import Path
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey

home, pepper = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
fault, number = sys.argv[3], int(sys.argv[4])
steps = 0

def step(*_):
    global steps
    steps += 1
    if steps == number:
        os.kill(os.getpid(), signal.SIGKILL)

def deadly(function):
    def call(*arguments, **options):
        step()
        return function(*arguments, **options)
    return call

if fault == "kill":
    for name in ("fsync", "replace", "unlink", "mkdir", "rmdir"):
        setattr(os, name, deadly(getattr(os, name)))
elif fault == "full":
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
import_csv(home / "next.csv", as_of=date.fromisoformat(sys.argv[5]), home=home,
           key=RegistryKey(pepper), on_progress=step if fault == "kill" else None)
"""
PEPPER = b"a pepper for the tests, not for you"


def run_import(home: Path, fault: str, number: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", CHILD, home, PEPPER.hex(), fault, str(number), str(NEXT_DAY)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    import_people(tmp_path, PEOPLE)
    write_csv(tmp_path / "next.csv", [line(iin) for iin in IINS[1:PEOPLE]])
    return tmp_path


def test_import_killed_at_every_step_leaves_one_whole_register(home: Path) -> None:
    days = []
    for number in range(1, 100):
        done = run_import(home, "kill", number)

        with Registry(home, KEY) as registry:
            days.append(registry.info.as_of)
            old = registry.info.as_of == AS_OF
            assert registry.info.rows == (PEOPLE if old else PEOPLE - 1)
            assert (registry.find(IINS[0]) is not None) is old
            assert registry.find(IINS[1]) is not None
        assert verify(home, KEY) == []
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr

    assert done.returncode == 0
    assert len(days) > 10
    assert days == sorted(days)
    assert (days[0], days[-1]) == (AS_OF, NEXT_DAY)
    assert not list((home / "registry").glob("*.tmp"))


@pytest.mark.parametrize("limit_bytes", [100, 5_000, 20_000])
def test_full_disk_leaves_the_old_register(home: Path, limit_bytes: int) -> None:
    done = run_import(home, "full", limit_bytes)

    assert ImportStoppedError.__name__ in done.stderr
    assert "Nothing was changed" in done.stderr
    with Registry(home, KEY) as registry:
        assert registry.info.as_of == AS_OF
    assert verify(home, KEY) == []
    assert not list((home / "registry").glob("*.tmp"))
    assert not any(iin.digits in done.stderr for iin in IINS)


def test_lock_of_a_killed_import_is_free(home: Path) -> None:
    run_import(home, "kill", 3)

    assert import_people(home, PEOPLE).accepted == PEOPLE
    assert os.access(home / "registry" / "import.lock", os.R_OK)
