"""A message that many people get: its body is written once, and each recipient's chat put in.

To build, validate and serialise aiogram's models for each recipient, and a whole message from each
answer, costs more than the rest of our own work on it (docs/benchmarks.md).
"""

from dataclasses import dataclass
from typing import Any, cast

from aiogram import Bot
from aiogram.methods import TelegramMethod
from pydantic import BaseModel


class Receipt(BaseModel):
    """All that is read of the message that Telegram gives back."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a call says to whomever it goes.

    Attributes:
        api_method: such as sendMessage.
        shared: JSON of what all recipients have in common, without the bracket that opens it.
    """

    api_method: str
    shared: bytes


@dataclass(frozen=True, slots=True)
class PreparedMessage:
    """One recipient's call: as much of a method of aiogram as its sessions look at.

    Attributes:
        reply_to: the message in this chat that is answered, if it is still there.
    """

    prepared: Prepared
    chat_id: int
    reply_to: int | None = None

    __returning__ = Receipt

    @property
    def __api_method__(self) -> str:
        return self.prepared.api_method

    @property
    def body(self) -> bytes:
        """The JSON of the whole call."""
        own = b'{"chat_id": %d, ' % self.chat_id
        if self.reply_to is not None:
            own += (
                b'"reply_parameters":'
                b' {"message_id": %d, "allow_sending_without_reply": true}, ' % self.reply_to
            )
        return own + self.prepared.shared


def prepare(method: TelegramMethod[Any], bot: Bot) -> Prepared:
    """Write down what a call says to whomever it goes; a file must be one that Telegram has."""
    fields = method.model_dump(exclude={"chat_id"}, exclude_none=True, warnings=False)
    prepared = bot.session.prepare_value(fields, bot, {}, _dumps_json=False)
    return Prepared(method.__api_method__, bot.session.json_dumps(prepared)[1:].encode())


async def deliver(message: PreparedMessage, bot: Bot) -> Receipt:
    """Make the call, through all that calls go through."""
    return await bot(cast("TelegramMethod[Receipt]", message))
