"""A PostgreSQL server of the tests' own: in a temporary folder, reached through a socket there."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

# Where Debian's package puts what no user is to start by name.
_DEBIAN = "/usr/lib/postgresql"
_START_S = 30.0
_END_S = 20.0
# The server refuses to run as root.
_NOBODY = "nobody" if os.getuid() == 0 else None


class PostgresMissingError(Exception):
    """PostgreSQL is not installed."""


class Postgres:
    """A running server; each test makes itself a database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()

    async def new_database(self) -> str:
        """Make an empty database; give its address."""
        name = f"test_{next(self._numbers)}"
        engine = create_async_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"CREATE DATABASE {name}")
        await engine.dispose()
        return self._address(name)

    def _address(self, database: str) -> str:
        return f"postgresql+asyncpg://saqbol@/{database}?host={self._folder}"


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Run a server for the length of the block.

    Raises:
        PostgresMissingError: it is not installed.
    """
    initdb, server = _program("initdb"), _program("postgres")
    with tempfile.TemporaryDirectory(prefix="saqbol-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if _NOBODY:
            shutil.chown(folder, _NOBODY)
        data = folder / "data"
        options = ["-U", "saqbol", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _run([initdb, "-D", str(data), *options], folder)
        # No port, only a socket in a folder that is ours. Tests end processes, they cut no power.
        settings = ["-h", "", "-k", name, "-F", "-N", "200"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                [server, "-D", str(data), *settings],
                stdout=log,
                stderr=log,
                cwd=folder,
                user=_NOBODY,
            )
        try:
            _wait_until_ready(data)
            yield Postgres(folder)
        finally:
            # Fast shutdown: it does not wait for connections to end.
            process.send_signal(signal.SIGINT)
            process.wait(_END_S)


def _program(name: str) -> str:
    newest = sorted(Path(_DEBIAN).glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (str(newest[-1]) if newest else None)
    if found is None:
        raise PostgresMissingError(f"{name} of PostgreSQL is not installed")
    return found


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, capture_output=True, cwd=folder, user=_NOBODY, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")


def _wait_until_ready(data: Path) -> None:
    """Wait for the word that the server writes into its file of states."""
    until = time.monotonic() + _START_S
    state = data / "postmaster.pid"
    while time.monotonic() < until:
        if state.exists() and "ready" in state.read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(data.parent / 'log').read_text()}")
