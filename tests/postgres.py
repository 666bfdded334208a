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
        self._process = _start(folder)

    def end(self, by: signal.Signals) -> None:
        """End by SIGINT, which waits for no connection, or by SIGQUIT, which is like a crash."""
        self._process.send_signal(by)
        self._process.wait(_END_S)

    def start_anew(self) -> None:
        self._process = _start(self._folder)

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
    initdb = _program("initdb")
    with tempfile.TemporaryDirectory(prefix="saqbol-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if _NOBODY:
            shutil.chown(folder, _NOBODY)
        options = ["-U", "saqbol", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        _run([initdb, "-D", str(folder / "data"), *options], folder)
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.end(signal.SIGINT)


def _start(folder: Path) -> "subprocess.Popen[bytes]":
    """Start the server and wait until it takes connections."""
    data = folder / "data"
    # No port, only a socket in a folder that is ours. Tests end processes, they cut no power.
    settings = ["-h", "", "-k", str(folder), "-F", "-N", "200"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own arguments
            [_program("postgres"), "-D", str(data), *settings],
            stdout=log,
            stderr=log,
            cwd=folder,
            user=_NOBODY,
        )
    _wait_until_ready(data, process.pid)
    return process


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


def _wait_until_ready(data: Path, pid: int) -> None:
    """Wait for the word that the server writes into its file of states, under its number."""
    until = time.monotonic() + _START_S
    state = data / "postmaster.pid"
    while time.monotonic() < until:
        written = state.read_text(encoding="utf-8") if state.exists() else ""
        if written.startswith(f"{pid}\n") and "ready" in written:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(data.parent / 'log').read_text()}")
