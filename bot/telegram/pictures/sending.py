"""Shows screens with a picture; Telegram gets the same picture once."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageMedia, SendPhoto
from aiogram.types import BufferedInputFile, InputMediaPhoto, Message

from bot.log import get_logger
from bot.storage.pictures import PictureRepository
from bot.telegram.screens import Picture, Screen
from bot.telegram.sending import bot_of, show

log = get_logger(__name__)

_FILE_NAME = "picture.png"


async def show_with_picture(message: Message, screen: Screen, pictures: PictureRepository) -> None:
    """Turn *message* into the screen; a picture comes under a text and in place of a picture."""
    if screen.picture is None:
        await show(message, screen)
        return
    file_id = await pictures.find(screen.picture.key)
    if file_id is not None:
        try:
            await _post(message, screen, file_id)
        except TelegramBadRequest as error:
            # Telegram may forget a file, and another bot's ids are no good to this one.
            if "file" not in error.message.lower():
                raise
            log.info("picture_refused")
        else:
            return
    drawn = BufferedInputFile(await _draw(screen.picture), _FILE_NAME)
    uploaded = await _post(message, screen, drawn)
    if uploaded is not None:
        await pictures.keep(screen.picture.key, uploaded)


async def _draw(picture: Picture) -> bytes:
    return await asyncio.to_thread(picture.draw)


async def _post(message: Message, screen: Screen, photo: BufferedInputFile | str) -> str | None:
    """Send or edit; give the file id of the photo, None where nothing had to change."""
    bot = bot_of(message)
    if not message.photo:
        return _file_id(await _send(bot, message, screen, photo))
    try:
        edited = await _edit(bot, message, screen, photo)
    except TelegramBadRequest as error:
        if "message is not modified" not in error.message:
            raise
        return None
    return _file_id(edited) if isinstance(edited, Message) else None


async def _send(
    bot: Bot, message: Message, screen: Screen, photo: BufferedInputFile | str
) -> Message:
    return await bot(
        SendPhoto(
            chat_id=message.chat.id,
            photo=photo,
            caption=screen.text,
            parse_mode="HTML",
            reply_markup=screen.keyboard,
        )
    )


async def _edit(
    bot: Bot, message: Message, screen: Screen, photo: BufferedInputFile | str
) -> Message | bool:
    return await bot(
        EditMessageMedia(
            chat_id=message.chat.id,
            message_id=message.message_id,
            media=InputMediaPhoto(media=photo, caption=screen.text, parse_mode="HTML"),
            reply_markup=screen.keyboard,
        )
    )


def _file_id(message: Message) -> str | None:
    """Give the id of the largest size, which is the picture as it was sent."""
    return message.photo[-1].file_id if message.photo else None
