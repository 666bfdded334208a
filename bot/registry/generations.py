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

from bot.registry.errors import ImportRunningError, RegistryBrokenError

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

    def publish(self, generations: list[Generation]) -> None:
        """Make the first of these current, in one step that survives a power cut.

        When that fails, nothing is left of what was to become current.
        """
        temporary = self.folder / f"current.{secrets.token_hex(4)}{_WORK_SUFFIX}"
        text = json.dumps({"generations": [asdict(item) for item in generations]}, indent=1)
        try:
            with temporary.open("w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            self.give_to_owner(temporary)
            os.replace(temporary, self.pointer)  # noqa: PTH105 - the tests kill the import here
        except OSError:
            with suppress(OSError, RegistryBrokenError):
                self.remove_leftovers()
            raise
        self.sync_folder()

    def adopt(self, work_file: Path, name: str) -> Generation:
        """Move a finished file among the snapshots; it is not current yet."""
        generation = describe_file(work_file, name)
        self.give_to_owner(work_file)
        os.replace(work_file, self.path_of(generation))  # noqa: PTH105 - as above
        self.sync_folder()
        return generation

    def remove_leftovers(self) -> None:
        """Remove what the list does not name: older generations, and those of killed imports.

        Readers that still have an old file open finish on it.
        """
        files = [generation.file for generation in self.listed()]
        named = {*files, *map(summary_name, files)}
        for path in self.folder.iterdir():
            if path.suffix == _WORK_SUFFIX and path.is_dir():
                shutil.rmtree(path)
            elif path.suffix == _WORK_SUFFIX or (
                _ANY_FILE.fullmatch(path.name) and path.name not in named
            ):
                path.unlink()

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
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / "import.lock"
        with lock.open("ab") as file:
            for path in (self.folder, lock):
                self.give_to_owner(path)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImportRunningError(
                    "another import is running: wait until it has finished"
                ) from None
            yield

    def give_to_owner(self, path: Path) -> None:
        """Give what root made to the user who has the home folder: the bot has to read it."""
        if os.geteuid() == 0:
            owner = self.folder.parent.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def summary_name(generation: str) -> str:
    """Name the file that says what the import of a generation changed."""
    return f"{Path(generation).stem}.json"


def describe_file(path: Path, name: str) -> Generation:
    """Measure a snapshot file: about a second a gigabyte."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16))
        size_bytes = os.fstat(file.fileno()).st_size
    return Generation(name, size_bytes, digest.hexdigest())
