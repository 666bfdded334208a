"""Groups, inline queries and messages of no meaning: never a status."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.filters import Command
from aiogram.types import (
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    Message,
)

from bot.storage.subscribers import Subscriber
from bot.telegram.filters import NumberElsewhere, PrivateChat
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.notices import group_text, unknown_message_text
from bot.telegram.sending import reply
from bot.telegram.views import Views


async def lead_to_private(message: Message, bot: Bot) -> None:
    """Answer in a group with a way to the private chat, whatever was asked."""
    me = await bot.me()
    button = InlineKeyboardButton(text=_("Open Saqbol"), url=f"https://t.me/{me.username}")
    await reply(message, group_text(), InlineKeyboardMarkup(inline_keyboard=[[button]]))


async def ignore(_message: Message) -> None:
    """Leave the talk of a group alone."""


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
    screen = views.welcome(subscriber) if not subscriber.consent_version else views.menu()
    await reply(message, f"{unknown_message_text()}\n\n{screen.text}", screen.keyboard)


def build_group_router() -> Router:
    """Take everything from chats of several people before any other handler sees it."""
    router = Router(name="groups")
    is_elsewhere = ~PrivateChat()
    router.message.register(lead_to_private, is_elsewhere, Command("start", "help", "menu"))
    router.message.register(lead_to_private, is_elsewhere, NumberElsewhere())
    router.message.register(ignore, is_elsewhere)
    router.my_chat_member.register(leave_group)
    router.inline_query.register(answer_inline)
    return router


def build_fallback_router() -> Router:
    router = Router(name="anything_else")
    router.message.register(say_what_to_send)
    return router
