"""A ready letter as a document."""

import asyncio

from aiogram import Bot, Router
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import SendLetter
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rendering.letter import letter_document
from bot.telegram.rights import everybody
from bot.telegram.sending import acknowledge
from bot.telegram.views.guides import GuideViews


async def send_letter(
    query: CallbackQuery,
    callback_data: SendLetter,
    bot: Bot,
    subscriber: Subscriber,
    guides: GuideViews,
) -> None:
    """Send the letter to edit, print and hand in."""
    body = await guides.letter_body(callback_data, subscriber)
    if body is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    document = await asyncio.to_thread(letter_document, body)
    name = f"{callback_data.slug}-{callback_data.language}.docx"
    await bot(
        SendDocument(chat_id=query.message.chat.id, document=BufferedInputFile(document, name))
    )


def build_router() -> Router:
    router = Router(name="letters")
    router.callback_query.register(send_letter, SendLetter.filter(), flags=everybody())
    return router
