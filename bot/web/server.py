"""One port for the webhook and for health; in-flight requests are finished before it closes."""

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

# Telegram's updates are some kilobytes.
_MAX_BODY_BYTES = 1024 * 1024
# Also the time that a slow client has for its headers.
_IDLE_S = 30.0
_FINISH_S = 9.0


def _is_ours(record: logging.LogRecord) -> bool:
    """Tell a failure of this server from a malformed request, whose text would be quoted."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


_logger = logging.getLogger(__name__)
_logger.addFilter(_is_ours)


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
        logger=_logger,
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
