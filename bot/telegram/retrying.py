"""Calls that Telegram did not carry out are made again; what may have been sent is not repeated."""

import asyncio
import random
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiohttp import ClientConnectorError

from bot.log import get_logger

log = get_logger(__name__)

_ATTEMPTS = 4
_FIRST_DELAY_S = 0.3
# A person does not wait longer for an answer; the message can be sent again by hand.
_LONGEST_WAIT_S = 30
_FAILURES = (TelegramRetryAfter, TelegramNetworkError, TelegramServerError)


class RetryMiddleware(BaseRequestMiddleware):
    """Waits exactly as long as Telegram asks, and tries again where nothing can happen twice.

    Edits, deletions and answers to buttons may be repeated after any failure; a message only when
    it surely did not arrive. Long polling has its own patience.
    """

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        if method.__api_method__ == "getUpdates":
            return await make_request(bot, method)
        for attempt in range(1, _ATTEMPTS):
            try:
                return await make_request(bot, method)
            except _FAILURES as error:
                delay = _delay_before_retry(method, error, attempt)
                if delay is None:
                    raise
                log.info("call_repeated", method=method.__api_method__, attempt=attempt)
            await asyncio.sleep(delay)
        return await make_request(bot, method)


def _delay_before_retry(
    method: TelegramMethod[Any], error: Exception, attempt: int
) -> float | None:
    """Give the seconds to wait; None where the call must not be repeated."""
    if isinstance(error, TelegramRetryAfter):
        return error.retry_after if error.retry_after <= _LONGEST_WAIT_S else None
    surely_not_sent = isinstance(error.__cause__, ClientConnectorError)
    if not surely_not_sent and method.__api_method__.startswith(("send", "copy", "forward")):
        return None
    backoff: float = _FIRST_DELAY_S * 2 ** (attempt - 1)
    return backoff * random.uniform(1, 1.5)  # noqa: S311 - spreads retries, hides nothing
