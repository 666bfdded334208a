"""What a supervisor and a load balancer ask: does the process live, can it answer people."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from bot.log import get_logger

log = get_logger(__name__)

_CHECK_S = 6.0
_KEPT_S = 1.0
Check = Callable[[], Awaitable[bool]]


class Health:
    """Answers ``/healthz`` and ``/readyz``.

    Args:
        checks: what the bot cannot do without, by name.
    """

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._lock = asyncio.Lock()
        self._results: dict[str, bool] = {}
        self._checked_at = float("-inf")

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.live), web.get("/readyz", self.ready)]

    async def live(self, _request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"alive": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """Say what works; 503 when something does not."""
        async with self._lock:
            # However often somebody asks, the database is asked once a second.
            if time.monotonic() - self._checked_at >= _KEPT_S:
                results = await asyncio.gather(*map(_passes, self._checks.values()))
                self._results = dict(zip(self._checks, results, strict=True))
                self._checked_at = time.monotonic()
        is_ready = all(self._results.values())
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response(self._results, status=status)


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_S):
            return await check()
    except Exception as error:  # noqa: BLE001 - whatever it is, the thing does not work
        log.warning("check_failed", error=type(error).__name__)
        return False
