"""Who is speaking, one thing at a time: order, subscriber and language for every handler."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineQuery, Message, TelegramObject, Update, User

from bot.log import get_logger
from bot.services.subscribers import Subscribers
from bot.storage.subscribers import SubscriberId
from bot.telegram.i18n import Catalogues

log = get_logger(__name__)

_MAX_WAITING = 15
_FROM_PEOPLE = (Message, CallbackQuery, InlineQuery)
# A person, or a topic of a group.
_Line = int | tuple[int, int]
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class OrderMiddleware(BaseMiddleware):
    """Handles what one person does one after the other, messages and buttons alike.

    In a topic of a group it is what all of its operators do: the resident reads their answers in
    the order of the topic, and none of them is dropped.
    """

    def __init__(self) -> None:
        # A lock lives as long as somebody holds or awaits it.
        self._locks: WeakValueDictionary[_Line, asyncio.Lock] = WeakValueDictionary()
        self._waiting: Counter[int] = Counter()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user: User | None = data.get("event_from_user")
        if "event_thread_id" in data:
            topic = (data["event_chat"].id, data["event_thread_id"])
            async with self._locks.setdefault(topic, asyncio.Lock()):
                return await handler(event, data)
        user_id = user.id if user else 0
        if self._waiting[user_id] >= _MAX_WAITING and user is not None:
            # One person must not take every place from the others.
            update_id = event.update_id if isinstance(event, Update) else None
            log.warning("update_dropped", update_id=update_id, reason="too many at once")
            return None
        self._waiting[user_id] += 1
        try:
            if user is None:
                return await handler(event, data)
            async with self._locks.setdefault(user_id, asyncio.Lock()):
                return await handler(event, data)
        finally:
            self._waiting[user_id] -= 1
            if not self._waiting[user_id]:
                del self._waiting[user_id]


class SubscriberMiddleware(BaseMiddleware):
    """Hands over ``subscriber`` and makes its locale the language of every ``_()``."""

    def __init__(self, subscribers: Subscribers, catalogues: Catalogues) -> None:
        self._subscribers = subscribers
        self._catalogues = catalogues

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        user = event.from_user if isinstance(event, _FROM_PEOPLE) else None
        if user is None:
            return await handler(event, data)
        subscriber = await self._subscribers.get(SubscriberId(user.id), user.language_code)
        subscriber = await self._subscribers.arrive(subscriber)
        data["subscriber"] = subscriber
        with self._catalogues.using(subscriber.locale):
            return await handler(event, data)
