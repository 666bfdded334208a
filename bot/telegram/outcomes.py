"""Counts what became of messages, after all that the gate did for them."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import TelegramMethod

from bot.domain.broadcasts import DeliveryState
from bot.domain.stats import Kind
from bot.services.counters import Counters
from bot.telegram.broadcasting import outcome_of
from bot.telegram.gate import Traffic, current_traffic

_MESSAGES = ("send", "copy", "forward")
_NO_MESSAGES = ("sendChatAction", "sendMessageDraft")


class Outcomes(BaseRequestMiddleware):
    """Stands before the gate, so that a message which is repeated counts once."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        if not _is_message_to_person(method):
            return await make_request(bot, method)
        try:
            result = await make_request(bot, method)
        except TelegramAPIError as error:
            self._note(outcome_of(error).state)
            raise
        self._note(DeliveryState.SENT)
        return result

    def _note(self, state: DeliveryState) -> None:
        if current_traffic() is Traffic.BROADCAST:
            if state is not DeliveryState.PENDING:
                self._counters.delivered(Kind.BROADCASTS, state)
            return
        # Nobody tries an answer again.
        not_later = DeliveryState.FAILED if state is DeliveryState.PENDING else state
        self._counters.delivered(Kind.REPLIES, not_later)


def _is_message_to_person(method: TelegramMethod[Any]) -> bool:
    name = method.__api_method__
    if not name.startswith(_MESSAGES) or name in _NO_MESSAGES:
        return False
    chat = getattr(method, "chat_id", None)
    return isinstance(chat, int) and chat > 0
