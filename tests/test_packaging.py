"""The wheel works anywhere by itself; the locks are exact and name no server."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import SHARE

AS_OF = "2026-11-21"
UNINSURED = "950101500019"
_PATIENCE_S = 60
_PINNED = re.compile(
    r"[a-z0-9.-]+(\[[a-z,]+\])?==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
)


def run(arguments: list[str], folder: Path, **environment: str) -> str:
    """Run our interpreter in a folder with nothing of this process's environment."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONUTF8": "1", "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run(
        ["-m", "pip", "--disable-pip-version-check", "wheel", *options, "-w", ".", str(SHARE)],
        folder,
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def unpacked(wheel: Path) -> Path:
    folder = wheel.parent / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files_below(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(SHARE).as_posix()


@pytest.mark.parametrize("folder", ["data", "locales"])
def test_wheel_carries_every_text_and_figure(names: set[str], folder: str) -> None:
    wanted = {f"bot/share/{name}" for name in files_below(SHARE / folder)}

    assert wanted
    assert wanted - names == set()


def test_wheel_carries_the_whole_package_and_nothing_else(names: set[str]) -> None:
    assert set(files_below(SHARE / "bot")) - names == set()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"bot", next(top for top in tops if top.endswith(".dist-info"))}
    assert not [name for name in names if "test" in name or name.endswith((".pyc", ".sqlite"))]


def test_wheel_installs_the_command(unpacked: Path) -> None:
    (entry_points,) = unpacked.glob("*.dist-info/entry_points.txt")

    assert "saqbol = bot.cli:main" in entry_points.read_text()


def test_unpacked_wheel_checks_its_content_imports_and_answers(
    unpacked: Path, tmp_path: Path
) -> None:
    environment = {"PYTHONPATH": str(unpacked), "HOME_DIR": "home", "TODAY": AS_OF}
    register = unpacked / "bot" / "share" / "data" / "sample" / "register.csv"

    where = run(["-c", "import bot; print(bot.__file__)"], tmp_path, **environment)
    checked = run(["-m", "bot", "content", "check"], tmp_path, **environment)
    imported = run(
        ["-m", "bot", "registry", "import", str(register), "--as-of", AS_OF],
        tmp_path,
        **environment,
    )
    answer = run(["-m", "bot", "status", UNINSURED, "--on", AS_OF], tmp_path, **environment)

    assert where.startswith(str(unpacked))
    assert "complete" in checked
    assert "78 people of 78 rows" in imported
    assert "51 000 ₸" in answer.replace("\u00a0", " ")


def test_command_starts_without_what_only_imports_and_pictures_need(tmp_path: Path) -> None:
    script = "import sys, bot.cli; print(*sorted({'polars', 'matplotlib'} & sys.modules.keys()))"

    assert run(["-c", script], tmp_path, PYTHONPATH=str(SHARE)).strip() == ""


@pytest.mark.parametrize("lock", sorted(path.name for path in SHARE.glob("requirements*.lock")))
def test_lock_pins_every_package_with_hashes_and_names_no_server(lock: str) -> None:
    text = (SHARE / lock).read_text(encoding="utf-8")
    requirements = re.sub(r"\\\n", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))

    lines = requirements.strip().splitlines()
    assert lines
    for line in lines:
        pinned = (
            r"[a-z0-9.-]+(\[[a-z,]+\])?==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
        )
        assert re.fullmatch(pinned, line), line.split("--hash")[0]
    assert not re.search(r"https?:|index-url|find-links|pypi\.org|pythonhosted|@ ", text)


def test_both_locks_pin_the_same_versions() -> None:
    pinned = [
        dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (SHARE / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    ]

    runtime, development = pinned
    assert runtime.items() <= development.items()
