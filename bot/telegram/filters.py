"""Small async filters: aiogram sends every sync one, magic filters too, through a thread."""

from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.telegram.reading import Attempt, read_attempt

# Somebody else made the link that opened the bot with this.
_LINK = "/start"


class PrivateChat(Filter):
    """A chat of one person with the bot."""

    async def __call__(self, event: Message | ChatMemberUpdated) -> bool:
        return event.chat.type == ChatType.PRIVATE


class TypedNumber(Filter):
    """A text typed here that means an IIN; hands over ``attempt``."""

    async def __call__(self, message: Message) -> bool | dict[str, Attempt]:
        text = message.text
        if text is None or is_second_hand(message) or text.startswith(_LINK):
            return False
        attempt = read_attempt(text)
        return {"attempt": attempt} if attempt is not None else False


class NumberElsewhere(Filter):
    """A number in a forward, a caption, a link or through another bot; hands over ``attempt``."""

    async def __call__(self, message: Message) -> bool | dict[str, Attempt]:
        text = message.text or message.caption
        attempt = read_attempt(text) if text is not None else None
        return {"attempt": attempt} if attempt is not None else False


class OwnWords(Filter):
    """A text, by whomever it was written first."""

    async def __call__(self, message: Message) -> bool:
        return message.text is not None


class ThroughBot(Filter):
    """A message that was made through an inline bot."""

    async def __call__(self, message: Message) -> bool:
        return message.via_bot is not None


class SharedContact(Filter):
    """A contact card."""

    async def __call__(self, message: Message) -> bool:
        return message.contact is not None


class ViewButton(Filter):
    """A button that opens a view; the prefix of its callback data says which."""

    def __init__(self, prefixes: frozenset[str]) -> None:
        self._prefixes = prefixes

    async def __call__(self, query: CallbackQuery) -> bool:
        return (query.data or "").partition(":")[0] in self._prefixes


def is_second_hand(message: Message) -> bool:
    """Tell whether somebody else wrote the text."""
    return message.forward_origin is not None or message.via_bot is not None
