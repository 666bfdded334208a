"""Groups and channels: never a status."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import (
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bot.telegram.filters import PrivateChat
from bot.telegram.i18n import gettext as _
from bot.telegram.reading import read_attempt
from bot.telegram.rendering.notices import group_text
from bot.telegram.rights import everybody
from bot.telegram.sending import reply


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
    if event.new_chat_member.status in joined:
        await bot.leave_chat(event.chat.id)


def build_router() -> Router:
    """Take everything from chats of several people before any other handler sees it."""
    router = Router(name="groups")
    router.message.register(stay_out, ~PrivateChat(), flags=everybody())
    router.my_chat_member.register(leave_group, ~PrivateChat(), flags=everybody())
    return router
