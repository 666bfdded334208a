"""Notes the moment in which a broadcast's message leaves, after all waiting at the gate."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod

from bot.services.sending import Departure
from bot.telegram.delivery import Delivery, delivery_after

_departure: ContextVar[Departure | None] = ContextVar("departure", default=None)


@contextmanager
def departing(departure: Departure) -> Iterator[None]:
    """Let the call in the block leave only with this departure."""
    token = _departure.set(departure)
    try:
        yield
    finally:
        _departure.reset(token)


class Departures(BaseRequestMiddleware):
    """Stands behind the gate, so that whoever waited there too long does not leave."""

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        departure = _departure.get()
        if departure is None:
            return await make_request(bot, method)
        departure.leave()
        try:
            return await make_request(bot, method)
        except TelegramAPIError as error:
            if delivery_after(error) is Delivery.NOT_SENT:
                departure.come_back()
            raise
