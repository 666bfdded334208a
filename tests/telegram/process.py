"""The bot as an administrator runs it: a process that can be stopped and killed."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Self

from bot.config import SHARE, Settings
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import until
from tests.telegram.conftest import TOKEN

# A busy machine takes a while to import everything.
_START_S = 100.0
_END_S = 15.0


class BotProcess:
    """``saqbol run`` for the length of an ``async with`` block, started again by :meth:`start`."""

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
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        if self._process is None or self._process.returncode is not None:
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
        return self._process.pid

    async def start(self) -> None:
        """Start and wait until it asks for updates."""
        before = self.log.count('"bot_started"')
        await self.launch()

        async def started() -> bool:
            assert self._process is not None
            assert self._process.returncode is None, self.log
            return self.log.count('"bot_started"') > before

        await until(started, _START_S)

    async def launch(self) -> None:
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=self._environment,
                cwd=SHARE,
                stdout=output,
                stderr=output,
            )

    async def end(self) -> int:
        """Wait until it ends by itself; give the exit code."""
        assert self._process is not None
        async with asyncio.timeout(_START_S):
            return await self._process.wait()

    async def stop(self) -> int:
        """Send SIGTERM; give the exit code."""
        return await self._signal(signal.SIGTERM)

    async def kill(self) -> None:
        await self._signal(signal.SIGKILL)

    async def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        async with asyncio.timeout(_END_S):
            return await self._process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
