"""Looking people up in the current snapshot, in microseconds."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.domain.iin import Iin
from bot.domain.person import Person
from bot.log import get_logger
from bot.registry.errors import (
    RegistryBrokenError,
    RegistryError,
    RegistryMissingError,
)
from bot.registry.generations import Generations
from bot.registry.keys import RegistryKey
from bot.registry.payload import decode
from bot.registry.snapshot import Snapshot, SnapshotInfo, open_snapshot

log = get_logger(__name__)

_CHECK_EVERY_S = 1.0
_Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the register has about one person.

    Attributes:
        key: 16 bytes that stand for the IIN.
        person: the facts.
        phone_key: the first 8 bytes that stand for the phone; None when the register has none.
    """

    key: bytes
    person: Person
    phone_key: bytes | None

    def has_phone(self, phone_key: bytes | None) -> bool:
        """Tell whether the phone with this 16-byte key is the one in the register."""
        if self.phone_key is None or phone_key is None:
            return False
        return phone_key[: len(self.phone_key)] == self.phone_key


class OpenGeneration:
    """One generation as a request sees it: what is found and what describes it belong together.

    Its file is closed when the last request has let go of it.

    Attributes:
        info: describes the generation.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        key: RegistryKey,
        lock: threading.Lock,
        on_broken: Callable[[bytes], None],
    ) -> None:
        self.info = snapshot.info
        self._snapshot = snapshot
        self._key = key
        self._lock = lock
        self._on_broken = on_broken

    def find(self, iin: Iin) -> Entry | None:
        """Find a person; None means that the register has nobody with this IIN.

        Raises:
            RegistryBrokenError: the file is damaged where the person must be.
        """
        return self.find_key(self._key.of_iin(iin))

    def find_key(self, key: bytes) -> Entry | None:
        """Find a person by the 16-byte key of the IIN.

        Raises:
            RegistryBrokenError: the file is damaged where the person must be.
        """
        try:
            with self._lock:
                stored = self._snapshot.find(key)
            if stored is None:
                return None
            person = _decoded(stored.payload)
        except RegistryBrokenError:
            self._on_broken(key)
            raise
        return Entry(key, person, stored.phone_key)

    def close(self) -> None:
        """Close the file; later look-ups raise."""
        self._snapshot.close()


class Registry:
    """The current snapshot, followed as imports replace it; safe to share between threads.

    A look-up is a few microseconds of reading, so it is called directly, also from async code.
    A new generation is noticed within a second, also between two calls; :attr:`current` keeps a
    request on one. When the new one cannot be opened, the old one goes on answering and
    :attr:`reload_error` says why.

    Args:
        home: the folder that has ``registry/``.
        key: made of the pepper that the register was built with.
        clock: seconds that never go back.

    Raises:
        RegistryMissingError: nothing was imported yet.
        RegistryKeyError: the register was built with another pepper.
        RegistryBrokenError: the current file is damaged.
    """

    def __init__(
        self, home: Path, key: RegistryKey, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._generations = Generations(home)
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._reload_error: RegistryError | None = None
        self._failed_key: bytes | None = None
        self._signature: _Signature | None = self._read_signature()
        self._current = self._open()
        self._check_at = clock() + _CHECK_EVERY_S

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def info(self) -> SnapshotInfo:
        """Describe the generation that answers now."""
        return self.current.info

    @property
    def reload_error(self) -> RegistryError | None:
        """Why a newer generation could not be opened; None when all is well."""
        with self._lock:
            self._follow()
            return self._reload_error

    @property
    def damage(self) -> RegistryBrokenError | None:
        """Why a look-up failed, as long as the same one still fails; None when all is well."""
        if self._failed_key is None:
            return None
        try:
            self.find_key(self._failed_key)
        except RegistryBrokenError as error:
            return error
        self._failed_key = None
        return None

    @property
    def current(self) -> OpenGeneration:
        """Give the generation that answers now; it stays the same for whoever keeps it."""
        with self._lock:
            self._follow()
            return self._current

    def find(self, iin: Iin) -> Entry | None:
        """Find a person, as :meth:`OpenGeneration.find`."""
        return self.current.find(iin)

    def find_key(self, key: bytes) -> Entry | None:
        """Find a person by the key of the IIN, as :meth:`OpenGeneration.find_key`."""
        return self.current.find_key(key)

    def close(self) -> None:
        """Close the file; later look-ups raise."""
        with self._lock:
            self._check_at = float("inf")
            self._current.close()

    def _follow(self) -> None:
        now = self._clock()
        if now < self._check_at:
            return
        self._check_at = now + _CHECK_EVERY_S
        try:
            signature = self._read_signature()
            if signature != self._signature:
                self._current = self._open()
                self._signature = signature
            self._reload_error = None
        except RegistryError as error:
            if str(error) != str(self._reload_error):
                log.error("new_register_not_opened", reason=str(error))
            self._reload_error = error

    def _note_broken(self, key: bytes) -> None:
        self._failed_key = key
        # Opened anew at the next check, perhaps from a file that was put right.
        self._signature = None

    def _read_signature(self) -> _Signature:
        """Tell one state of the pointer from another; it is read before the pointer itself."""
        try:
            stat = self._generations.pointer.stat()
        except FileNotFoundError:
            raise RegistryMissingError(
                f"there is no register in {self._generations.folder}. Run: saqbol registry import"
                " FILE --as-of YYYY-MM-DD (or, for a made-up one: saqbol registry generate)"
            ) from None
        except OSError as error:
            raise RegistryBrokenError(f"{self._generations.pointer}: {error.strerror}") from None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _open(self) -> OpenGeneration:
        listed = self._generations.listed()
        if not listed:
            raise RegistryMissingError(f"there is no register in {self._generations.folder}")
        path = self._generations.path_of(listed[0])
        snapshot = open_snapshot(path, listed[0].size_bytes, self._key)
        return OpenGeneration(snapshot, self._key, self._lock, self._note_broken)


def _decoded(payload: bytes) -> Person:
    try:
        return decode(payload)
    except ValueError:
        # The text of the error would quote what is known about the person.
        raise RegistryBrokenError("a person in the register is unreadable") from None
