"""The folder of snapshots: which one is current, which ones stay for rollback, who may write.

``HOME/registry/current`` names the generations, newest first. It is replaced in one step, so a
reader sees the old list or the new one. A snapshot that it does not name was left by an import
that was killed.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.disk import sync_folder
from bot.registry.errors import (
    ImportRunningError,
    ImportStoppedError,
    RegistryBrokenError,
    RegistryError,
)

KEPT = 3
_NAME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}"
_FILE = re.compile(rf"{_NAME}\.sqlite")
_ANY_FILE = re.compile(rf"{_NAME}\.(sqlite|json)")
_WORK_SUFFIX = ".tmp"


@dataclass(frozen=True, slots=True)
class Generation:
    """One snapshot file by its name, with what it must be: size and BLAKE2b of the whole file."""

    file: str
    size_bytes: int
    blake2b: str


class Generations:
    """The snapshots below one home folder."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "registry"
        self.pointer = self.folder / "current"

    def path_of(self, generation: Generation) -> Path:
        return self.folder / generation.file

    def listed(self) -> list[Generation]:
        """List the generations, the current one first; none before the first import.

        Raises:
            RegistryBrokenError: the list cannot be read.
        """
        try:
            text = self.pointer.read_bytes()
        except FileNotFoundError:
            if self.snapshots():
                raise RegistryBrokenError(
                    f"{self.pointer} is missing though there are snapshots: put it back from a"
                    " backup, or import the CSV again with force"
                ) from None
            return []
        except OSError as error:
            raise RegistryBrokenError(f"{self.pointer}: {error.strerror}") from None
        try:
            listed = [
                Generation(str(item["file"]), int(item["size_bytes"]), str(item["blake2b"]))
                for item in json.loads(text)["generations"]
            ]
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            listed = []
        if not listed or not all(_FILE.fullmatch(generation.file) for generation in listed):
            raise RegistryBrokenError(f"{self.pointer} is damaged: import the CSV again with force")
        return listed

    def snapshots(self) -> list[Path]:
        """Give the files of all snapshots, those of the newest day first, listed or not."""
        files = [path for path in self.folder.glob("*.sqlite") if _FILE.fullmatch(path.name)]
        return sorted(files, reverse=True)

    def publish(self, generations: list[Generation]) -> None:
        """Make the first of these current, in one step that survives a power cut.

        Raises:
            OSError: the disk is full or refuses; the current generation stays.
            RegistryError: the first of them is current, but a power cut may undo that.
        """
        temporary = self.folder / f"current.{secrets.token_hex(4)}{_WORK_SUFFIX}"
        text = json.dumps({"generations": [asdict(item) for item in generations]}, indent=1)
        try:
            with temporary.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.pointer)  # noqa: PTH105 - the tests kill the import here
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        try:
            sync_folder(self.folder)
        except OSError as error:
            raise RegistryError(
                f"{generations[0].file} is in use, but the disk does not say that it keeps the"
                f" list ({error.strerror}): check the disk and import again"
            ) from None

    def adopt(self, work_file: Path, name: str) -> Generation:
        """Move a finished file among the snapshots; it is not current yet."""
        generation = describe_file(work_file, name)
        os.replace(work_file, self.path_of(generation))  # noqa: PTH105 - as above
        sync_folder(self.folder)
        return generation

    def disown(self, name: str) -> None:
        """Remove a snapshot that did not become current."""
        with suppress(OSError):
            (self.folder / name).unlink()

    def remove_leftovers(self) -> None:
        """Remove what the list does not name: older generations, and those of killed imports.

        Readers that still have an old file open finish on it.
        """
        files = [generation.file for generation in self.listed()]
        named = {*files, *map(summary_name, files)}
        for path in self.folder.iterdir():
            if path.suffix == _WORK_SUFFIX and path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == _WORK_SUFFIX or (
                _ANY_FILE.fullmatch(path.name) and path.name not in named
            ):
                path.unlink(missing_ok=True)

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Make a folder for an import on the same disk; it is gone afterwards."""
        path = self.folder / f"import-{secrets.token_hex(4)}{_WORK_SUFFIX}"
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other imports out; the lock goes with the process, even a killed one.

        Raises:
            ImportRunningError: another one is running.
            ImportStoppedError: this is root, and the home folder is somebody else's.
        """
        self._refuse_root()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "import.lock").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImportRunningError(
                    "another import is running: wait until it has finished"
                ) from None
            yield

    def _refuse_root(self) -> None:
        """Nobody but root could read what root writes, and the bot is somebody else."""
        home = self.folder.parent
        if os.geteuid() == 0 and home.exists() and (owner := home.stat().st_uid) != 0:
            raise ImportStoppedError(
                f"{home} belongs to user {owner}, who could not read what root writes. Nothing was"
                " changed: run this as that user (docs/operations.md), or give the folder to root"
                " where the bot runs as root"
            )


def summary_name(generation: str) -> str:
    """Name the file that says what the import of a generation changed."""
    return f"{Path(generation).stem}.json"


def describe_file(path: Path, name: str) -> Generation:
    """Measure a snapshot file: about a second a gigabyte."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
        size_bytes = os.fstat(file.fileno()).st_size
    return Generation(name, size_bytes, digest.hexdigest())
