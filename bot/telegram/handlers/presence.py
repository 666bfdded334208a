"""Who blocked the bot or came back to it: broadcasts pass over those who cannot be reached."""

from aiogram import Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from bot.services.subscribers import Subscribers
from bot.storage.subscribers import SubscriberId
from bot.telegram.filters import PrivateChat
from bot.telegram.rights import everybody


async def note_presence(event: ChatMemberUpdated, subscribers: Subscribers) -> None:
    """Note what a person did to the bot."""
    user = event.from_user
    subscriber = await subscribers.get(SubscriberId(user.id), user.language_code)
    is_here = event.new_chat_member.status != ChatMemberStatus.KICKED
    await subscribers.note_presence(subscriber, is_here=is_here)


def build_router() -> Router:
    router = Router(name="presence")
    router.my_chat_member.register(note_presence, PrivateChat(), flags=everybody())
    return router
