"""Who is speaking, one thing at a time: order, subscriber and language for every handler."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineQuery, Message, TelegramObject, User

from bot.services.subscribers import Subscribers
from bot.storage.subscribers import SubscriberId
from bot.telegram.i18n import Catalogues

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class OrderMiddleware(BaseMiddleware):
    """Handles what one person does one after the other, messages and buttons alike."""

    def __init__(self) -> None:
        # A lock lives as long as somebody holds or awaits it.
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if user is None:
            return await handler(event, data)
        lock = self._locks.setdefault(user.id, asyncio.Lock())
        async with lock:
            return await handler(event, data)


class SubscriberMiddleware(BaseMiddleware):
    """Hands over ``subscriber`` and makes its locale the language of every ``_()``."""

    def __init__(self, subscribers: Subscribers, catalogues: Catalogues) -> None:
        self._subscribers = subscribers
        self._catalogues = catalogues

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user = event.from_user if isinstance(event, Message | CallbackQuery | InlineQuery) else None
        if user is None:
            return await handler(event, data)
        subscriber = await self._subscribers.get(SubscriberId(user.id), user.language_code)
        data["subscriber"] = subscriber
        with self._catalogues.using(subscriber.locale):
            return await handler(event, data)
