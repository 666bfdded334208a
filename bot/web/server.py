"""One port for the webhook and for health; in-flight requests are finished before it closes."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

# Telegram's updates are some kilobytes.
_MAX_BODY_BYTES = 1024 * 1024
# Also the time that a slow client has for its headers.
_IDLE_S = 30.0
_FINISH_S = 9.0


@asynccontextmanager
async def listening(host: str, port: int, routes: Iterable[web.RouteDef]) -> AsyncIterator[int]:
    """Serve for the length of the block; give the port, a free one for 0.

    What the handlers need must be closed after the block: the last requests are finished at its
    end, after aiohttp's own shutdown hooks.

    Raises:
        OSError: the port is taken.
    """
    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app.add_routes(routes)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=_FINISH_S,
        keepalive_timeout=_IDLE_S,
        lingering_time=1.0,
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield site.port
    finally:
        await runner.cleanup()
