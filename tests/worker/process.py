"""``saqbol worker`` as a process that can be stopped, frozen and killed."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import MappingProxyType
from typing import Self

from bot.app import work
from bot.cli import main
from bot.config import Settings
from bot.log import set_up_logging
from tests.telegram.client import until
from tests.telegram.conftest import TOKEN
from tests.telegram.process import _FORKS

_START_S = 60.0
_END_S = 12.0


class WorkerProcess:
    """A worker for the length of an ``async with`` block; stopped at its end, if it still runs.

    Args:
        lease_s: None starts it by the command line, which takes a server.
        variables: further settings.
    """

    def __init__(
        self,
        home: Path,
        url: str,
        lease_s: float | None,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._home = home
        self._lease_s = lease_s
        self._variables = {
            "HOME_DIR": str(home),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": url,
            **variables,
        }
        self._log = home / "worker.log"
        self._process: ForkServerProcess | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None and self._process.exitcode is None:
            await self.end_by(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    async def start(self) -> None:
        """Start and wait until it works."""
        before = self.log.count("worker_started")
        arguments = (self._home, self._variables, self._lease_s, self._log)
        self._process = _FORKS.Process(target=_run, args=arguments)
        self._process.start()

        async def started() -> bool:
            assert self._process is not None
            assert self._process.exitcode is None, self.log
            return self.log.count("worker_started") > before

        await until(started, _START_S)

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def end_by(self, number: signal.Signals) -> int:
        """Send a signal that ends it; give the exit code, -9 after a kill."""
        self.send(number)
        process = self._process
        assert process is not None

        async def ended() -> bool:
            return process.exitcode is not None

        await until(ended, _END_S)
        assert process.exitcode is not None
        return process.exitcode


def _run(home: Path, variables: Mapping[str, str], lease_s: float | None, log: Path) -> None:
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for standard in (1, 2):
        os.dup2(output, standard)
    os.environ.update(variables)
    os.chdir(home)
    if lease_s is None:
        sys.argv = ["saqbol", "worker"]
        main()
    else:
        set_up_logging("json")
        asyncio.run(work(Settings(), lease_s=lease_s))
