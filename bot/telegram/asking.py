"""Whether people are offered to ask a person: known to every keyboard, like the language."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

_is_offered: ContextVar[bool] = ContextVar("is_person_offered", default=False)
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


def is_person_offered() -> bool:
    return _is_offered.get()


class AskingMiddleware(BaseMiddleware):
    """Lets keyboards offer a person while the operators' group works."""

    def __init__(self, is_on: Callable[[], bool]) -> None:
        self._is_on = is_on

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        token = _is_offered.set(self._is_on())
        try:
            return await handler(event, data)
        finally:
            _is_offered.reset(token)
