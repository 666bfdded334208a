"""One embedded bot to a home folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeInUseError(Exception):
    """Another process runs the bot on the same home folder."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Keep others out of the home folder for the block; a killed process leaves no lock behind.

    Raises:
        HomeInUseError: another process is in.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeInUseError(
                f"another bot runs on {home}: stop it first, or choose another HOME_DIR"
            ) from None
        yield
