"""Sends and edits messages of our form: HTML, no link previews."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageText, SendMessage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.log import get_logger
from bot.telegram.screens import Screen

log = get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


async def reply(message: Message, text: str, keyboard: Markup | None = None) -> Message:
    """Send HTML to the chat of *message*."""
    return await send_to(bot_of(message), message.chat.id, text, keyboard)


async def send_to(bot: Bot, chat_id: int, text: str, keyboard: Markup | None = None) -> Message:
    """Send HTML to a chat that may not have asked for it just now."""
    return await bot(
        SendMessage(
            chat_id=chat_id,
            text=text,
            parse_mode="HTML",
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
        )
    )


async def send(message: Message, screen: Screen) -> Message:
    """Send the screen to the chat of *message*."""
    return await reply(message, screen.text, screen.keyboard)


async def acknowledge(query: CallbackQuery) -> None:
    """Stop the button's spinner; after a restart it may be too late for that, and no harm."""
    try:
        await query.answer()
    except TelegramBadRequest:
        log.info("button_acknowledged_too_late")


async def show(message: Message, screen: Screen) -> Message:
    """Turn *message* into the screen; the same screen again is no error.

    A picture stays in the chat: what its buttons open comes as a message of its own. Gives the
    message that shows the screen.
    """
    if message.text is None:
        return await send(message, screen)
    await edit(bot_of(message), message.chat.id, message.message_id, screen)
    return message


async def edit(bot: Bot, chat_id: int, message_id: int, screen: Screen) -> None:
    """Turn a message of ours with a text into the screen; the same screen again is no error."""
    call = EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        text=screen.text,
        parse_mode="HTML",
        link_preview_options=NO_PREVIEW,
        reply_markup=screen.keyboard,
    )
    try:
        await bot(call)
    except TelegramBadRequest as error:
        if "message is not modified" not in error.message:
            raise


def bot_of(message: Message) -> Bot:
    """Give the bot through which the message came."""
    bot = message.bot
    if bot is None:
        raise RuntimeError("the message did not come through a bot")
    return bot
