"""The bot as an administrator runs it: a process that can be stopped and killed."""

import multiprocessing
import os
import signal
import socket
import sys
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

from bot.cli import main
from bot.config import SHARE, Settings
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import until
from tests.telegram.conftest import TOKEN

# A busy machine takes a while to import everything.
_START_S = 100.0
_END_S = 15.0
# A process of its own for each start, but one that need not import everything anew.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.app", "bot.cli"])


class BotProcess:
    """``saqbol run`` for the length of an ``async with`` block, started again by :meth:`start`.

    At the end of the block it is stopped by SIGTERM and must end with 0.
    """

    def __init__(self, home: Path, url: str, **variables: str) -> None:
        self._log = home.parent / "log"
        names = {name.upper() for name in Settings.model_fields}
        kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
        self._environment = {
            **kept,
            "HOME_DIR": str(home),
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": url,
            "TODAY": SAMPLE_DAY.isoformat(),
            "LOG_FORMAT": "json",
            # One person goes through the whole sample.
            "LOOKUPS_PER_DAY": "1000",
            **variables,
        }
        self._process: ForkServerProcess | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        if self._process is None or self._process.exitcode is not None:
            return
        if kind is not None:
            await self.kill()
            return
        assert await self.stop() == 0, self.log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def pid(self) -> int:
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    async def start(self) -> None:
        """Start and wait until it asks for updates."""
        before = self.log.count('"bot_started"')
        await self.launch()

        async def started() -> bool:
            assert self._process is not None
            assert self._process.exitcode is None, self.log
            return self.log.count('"bot_started"') > before

        await until(started, _START_S)

    async def launch(self) -> None:
        """Start and wait for nothing."""
        self._process = _FORKS.Process(target=_run, args=(self._environment, self._log))
        self._process.start()

    async def end(self, seconds: float = _START_S) -> int:
        """Wait until it ends by itself; give the exit code, -9 after a kill."""
        process = self._process
        assert process is not None

        async def ended() -> bool:
            return process.exitcode is not None

        await until(ended, seconds)
        assert process.exitcode is not None
        return process.exitcode

    async def stop(self) -> int:
        """Send SIGTERM; give the exit code."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.end(_END_S)

    async def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        await self.end(_END_S)


def _run(environment: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(SHARE)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for standard in (1, 2):
        os.dup2(output, standard)
    sys.argv = ["saqbol", "run"]
    main()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
