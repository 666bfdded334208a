"""The webhook: 2xx only for an update that is handled, so that Telegram keeps all others."""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.log import get_logger

log = get_logger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name
_BODY_S = 5.0
# Telegram waits for a minute, but sends the next update of a chat only after this one.
_DEADLINE_S = 8.0
_RETRY_AFTER = {"Retry-After": "1"}
# Begins to handle an update: None when there is no room, else whether it is done with.
Take = Callable[[Mapping[str, Any]], "asyncio.Future[bool] | None"]


class Webhook:
    """Takes updates from whoever knows the secret; nothing else about a caller is believed."""

    def __init__(self, url: str, secret: str, take: Take) -> None:
        self._path = urlsplit(url).path or "/"
        self._secret = secret.encode()
        self._take = take

    def routes(self) -> list[web.RouteDef]:
        return [web.post(self._path, self.receive)]

    async def receive(self, request: web.Request) -> web.Response:
        """Check the caller and the body; answer when the update is handled, or 503."""
        given = request.headers.get(_SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return _refusal(HTTPStatus.UNAUTHORIZED)
        if request.content_type != "application/json":
            return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        try:
            async with asyncio.timeout(_BODY_S):
                body = await request.read()
        except TimeoutError:
            return _refusal(HTTPStatus.REQUEST_TIMEOUT)
        update = _read_update(body)
        if update is None:
            log.warning("webhook_body_refused", size_bytes=len(body))
            return _refusal(HTTPStatus.BAD_REQUEST)
        return web.Response() if await self._is_done(update) else _later()

    async def _is_done(self, update: Mapping[str, Any]) -> bool:
        handling = self._take(update)
        if handling is None:
            return False
        # Past the deadline it goes on; the same update, sent again, waits for the same handling.
        await asyncio.wait({handling}, timeout=_DEADLINE_S)
        return handling.done() and not handling.cancelled() and handling.result()


def _read_update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return None
    return update


def _later() -> web.Response:
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_RETRY_AFTER)


def _refusal(status: HTTPStatus) -> web.Response:
    # What is left of the body is not read.
    response = web.Response(status=status)
    response.force_close()
    return response
