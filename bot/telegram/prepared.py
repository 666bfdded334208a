"""A message that many people get: its body is written once, and each recipient's chat put in.

To build, validate and serialise aiogram's models for each recipient, and a whole message from each
answer, costs more than the rest of our own work on it (docs/benchmarks.md).
"""

import json
from typing import Any

from aiogram import Bot
from aiogram.methods import TelegramMethod
from pydantic import BaseModel


class Receipt(BaseModel):
    """All that is read of the message that Telegram gives back."""

    message_id: int


class PreparedMessage(TelegramMethod[Receipt]):
    """One recipient's call.

    Attributes:
        api_method: such as sendMessage.
        shared_json: a JSON object of what all recipients have in common.
        reply_to: the message in this chat that is answered, if it is still there.
    """

    __returning__ = Receipt

    api_method: str
    chat_id: int
    shared_json: str
    reply_to: int | None = None

    @property
    def __api_method__(self) -> str:  # type: ignore[override]  # aiogram's own type says ClassVar
        return self.api_method

    @property
    def body(self) -> bytes:
        """The JSON of the whole call."""
        own: dict[str, Any] = {"chat_id": self.chat_id}
        if self.reply_to is not None:
            own["reply_parameters"] = {
                "message_id": self.reply_to,
                "allow_sending_without_reply": True,
            }
        return f"{json.dumps(own)[:-1]}, {self.shared_json[1:]}".encode()


def shared_json(method: TelegramMethod[Any], bot: Bot) -> str:
    """Write down what a call says to whomever it goes; a file must be one that Telegram has."""
    fields = method.model_dump(exclude={"chat_id"}, exclude_none=True, warnings=False)
    prepared = bot.session.prepare_value(fields, bot, {}, _dumps_json=False)
    return bot.session.json_dumps(prepared)
