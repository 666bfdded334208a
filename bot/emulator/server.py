"""The server itself: one port of this machine for bots, people and the chat page."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.emulator.bot_api import BotApi
from bot.emulator.client_api import ClientApi
from bot.emulator.faults import FaultSchedule
from bot.emulator.files import MAX_FILE_BYTES
from bot.emulator.journal import Journal
from bot.emulator.shapes import JSON
from bot.emulator.world import Settings, World

PAGE = Path(__file__).parent / "page"
SHUTDOWN_S = 1.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_MAX_BODY_BYTES = 2 * MAX_FILE_BYTES


class Emulator:
    """A Bot API server for the length of an ``async with`` block.

    Args:
        port: the port to listen on; 0 takes a free one.
        host: a loopback address, because everybody who reaches the server is trusted.
        samples: numbers to tap on the chat page.
        notice: a line for the head of the chat page.
        clock: seconds since 1970.
        callback_deadline_s: how long a press or an inline query can be answered.
        webhook_retry_s: the first delay after a webhook has failed twice; then it doubles.
        can_read_all_group_messages: whether the privacy mode is off.
    """

    def __init__(  # noqa: PLR0913 - the settings of a server, all by name
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        samples: Sequence[JSON] = (),
        notice: str = "",
        *,
        clock: Callable[[], float] = time.time,
        callback_deadline_s: float = 15.0,
        webhook_retry_s: float = 2.0,
        can_read_all_group_messages: bool = False,
    ) -> None:
        if host not in _LOOPBACK:
            raise ValueError(f"host {host!r} is not of this machine: use 127.0.0.1")
        self.url = ""
        self._port = port
        self._host = host
        self._settings = Settings(
            clock=clock,
            samples=samples,
            notice=notice,
            callback_deadline_s=callback_deadline_s,
            webhook_retry_s=webhook_retry_s,
            can_read_all_group_messages=can_read_all_group_messages,
        )

    async def __aenter__(self) -> Self:
        self._world = World(self._settings)
        faults, journal = FaultSchedule(), Journal()
        self._bot_api = BotApi(self._world, faults, journal)
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.add_routes(self._bot_api.routes())
        app.add_routes(ClientApi(self._world, faults, journal).routes())
        app.add_routes([web.get("/", _show_page), web.get(r"/{name:[\w-]+\.\w+}", _show_page)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bot_api.stop()
        self._world.events.close()
        await self._runner.cleanup()


async def _show_page(request: web.Request) -> web.StreamResponse:
    path = PAGE / request.match_info.get("name", "index.html")
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})
