"""What a supervisor and a load balancer ask: does the process live, can it serve people."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.services.health import Health

_KEPT_S = 1.0


class Probes:
    """Answers ``/healthz`` and ``/readyz``.

    Args:
        check_health: tries the database and the register.
        is_telegram_reached: tells whether the Bot API answers.
    """

    def __init__(
        self,
        check_health: Callable[[], Awaitable[Health]],
        is_telegram_reached: Callable[[], Awaitable[bool]],
    ) -> None:
        self._check_health = check_health
        self._is_telegram_reached = is_telegram_reached
        self._lock = asyncio.Lock()
        self._last: tuple[Health, bool] | None = None
        self._checked_at = 0.0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self.live), web.get("/readyz", self.ready)]

    async def live(self, _request: web.Request) -> web.Response:
        """Say that the process answers."""
        return web.json_response({"alive": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """Say what works; 503 when something does not."""
        health, is_telegram_reached = await self._check()
        is_ready = health.is_ready and is_telegram_reached
        return web.json_response(
            {
                "ready": is_ready,
                "database": health.database,
                "register": health.register,
                "telegram": "reached" if is_telegram_reached else "not_reached",
                "generation": health.generation,
                "as_of": health.as_of.isoformat(),
                "age_days": health.age_days,
                "stale": health.is_stale,
            },
            status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def _check(self) -> tuple[Health, bool]:
        """Check anew, but once a second however often somebody asks."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._checked_at >= _KEPT_S:
                self._last = await asyncio.gather(self._check_health(), self._is_telegram_reached())
                self._checked_at = time.monotonic()
            return self._last
