"""The file of the pepper: outside the home folder, for its owner, and never made anew by chance."""

import os
import secrets
import stat
from pathlib import Path

from bot.disk import sync_folder
from bot.registry.errors import PepperError
from bot.registry.generations import Generations

MIN_PEPPER_BYTES = 32


def load_pepper(path: Path, home: Path) -> bytes:
    """Read the pepper; where there is no register yet, the file is made if it is missing.

    Raises:
        PepperError: it lies inside *home*, others may read it, it is too short, it cannot be read,
            or it is missing although there is a register.
    """
    _refuse_inside(path, home)
    generations = Generations(home)
    is_used = generations.pointer.exists() or generations.snapshots()
    if is_used and not path.exists():
        raise PepperError(_lost(path, home))
    return load_or_create_pepper(path, home)


def load_or_create_pepper(path: Path, home: Path) -> bytes:
    """Read the pepper, or make one that only its owner may read.

    Two processes that start together end up with the same pepper: the file appears complete or
    not at all, and the one that comes second reads it.

    Raises:
        PepperError: it lies inside *home*, others may read it, it is too short or cannot be read.
    """
    _refuse_inside(path, home)
    try:
        if not path.exists():
            _create(path)
        mode = path.stat().st_mode
        pepper = path.read_bytes()
    except OSError as error:
        raise PepperError(
            f"pepper file {path}: {error.strerror}. Name a file with REGISTRY_PEPPER_FILE"
        ) from None
    if mode & stat.S_IRWXO:
        raise PepperError(f"pepper file {path} is open to everybody: chmod 600 {path}")
    if len(pepper) < MIN_PEPPER_BYTES:
        raise PepperError(
            f"pepper file {path} has {len(pepper)} bytes and needs {MIN_PEPPER_BYTES};"
            " restore it from its backup: a new one makes every snapshot unreadable"
        )
    return pepper


def _refuse_inside(path: Path, home: Path) -> None:
    """A pepper beside the snapshots is of no use: whoever copies the folder has both."""
    for place in (path.absolute(), path.resolve()):
        if place.is_relative_to(home.resolve()) or place.is_relative_to(home.absolute()):
            raise PepperError(
                f"the pepper {path} is inside HOME_DIR ({home}), so whoever copies that folder"
                " has both: move the file elsewhere and name it with REGISTRY_PEPPER_FILE"
            )


def _lost(path: Path, home: Path) -> str:
    beside = home / "pepper"
    if beside.exists():
        return (
            f"the pepper is in {beside}, inside HOME_DIR, so whoever copies that folder has both."
            f" Move it: install -D -m 600 {beside} {path} && rm {beside}"
        )
    return (
        f"there is a register and no pepper {path}: without it nobody is found. Restore the file"
        " from its backup or name another with REGISTRY_PEPPER_FILE; if it is lost, turn to a new"
        " one with: saqbol registry rekey FILE --as-of YYYY-MM-DD --new-pepper-file FILE"
    )


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(MIN_PEPPER_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
        sync_folder(path.parent)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
