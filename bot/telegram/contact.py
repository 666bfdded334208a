"""What the calls say about Telegram: whether it answers, and whether it takes our token."""

import asyncio
import time
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramNetworkError,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

# Twice the length of a long poll.
_LATELY_S = 60.0
_CHECK_S = 5


class TokenRefusedError(Exception):
    """Telegram does not know the token: it was revoked, or never was one."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses BOT_TOKEN: get a new one from @BotFather")


class Contact(BaseRequestMiddleware):
    """Watches every call; after a refused token no further call leaves.

    Attributes:
        refused: set when Telegram has refused the token.
    """

    def __init__(self) -> None:
        self.refused = asyncio.Event()
        self._answered_at = float("-inf")

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        if self.refused.is_set():
            raise TelegramUnauthorizedError(method, "the token was refused before")
        try:
            result = await make_request(bot, method)
        except TelegramUnauthorizedError:
            self.refused.set()
            raise
        except (TelegramNetworkError, TelegramServerError):
            raise
        except TelegramAPIError:
            self._answered_at = time.monotonic()
            raise
        self._answered_at = time.monotonic()
        return result

    async def is_kept(self, bot: Bot) -> bool:
        """Tell whether Telegram answered lately; where nothing was asked, ask."""
        if time.monotonic() - self._answered_at < _LATELY_S:
            return True
        try:
            await bot.get_me(request_timeout=_CHECK_S)
        except TelegramAPIError:
            return False
        return True
