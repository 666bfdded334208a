"""Groups, inline queries and messages of no meaning: never a status."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import (
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    Message,
)

from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.filters import PrivateChat
from bot.telegram.i18n import gettext as _
from bot.telegram.reading import read_attempt
from bot.telegram.rendering.notices import group_text, unknown_message_text
from bot.telegram.sending import reply
from bot.telegram.views import Views


async def stay_out(message: Message, bot: Bot) -> None:
    """Lead to the private chat whoever asks something in a group; leave its talk alone."""
    text = message.text or message.caption or ""
    if not text.startswith("/") and read_attempt(text) is None:
        return
    me = await bot.me()
    button = InlineKeyboardButton(text=_("Open Saqbol"), url=f"https://t.me/{me.username}")
    await reply(message, group_text(), InlineKeyboardMarkup(inline_keyboard=[[button]]))


async def leave_group(event: ChatMemberUpdated, bot: Bot) -> None:
    """Leave a group or a channel right after being added."""
    joined = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
    if event.chat.type != ChatType.PRIVATE and event.new_chat_member.status in joined:
        await bot.leave_chat(event.chat.id)


async def answer_inline(query: InlineQuery) -> None:
    """Give nothing, to this person alone and uncached."""
    await query.answer([], cache_time=0, is_personal=True)


async def say_what_to_send(message: Message, subscriber: Subscriber, views: Views) -> None:
    """Tell somebody who wrote something else what the bot understands."""
    screen = views.menu() if has_consented(subscriber) else views.welcome(subscriber)
    await reply(message, f"{unknown_message_text()}\n\n{screen.text}", screen.keyboard)


def build_group_router() -> Router:
    """Take everything from chats of several people before any other handler sees it."""
    router = Router(name="groups")
    router.message.register(stay_out, ~PrivateChat())
    router.my_chat_member.register(leave_group)
    router.inline_query.register(answer_inline)
    return router


def build_fallback_router() -> Router:
    router = Router(name="anything_else")
    router.message.register(say_what_to_send)
    return router
