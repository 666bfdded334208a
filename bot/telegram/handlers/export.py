"""Everything the bot keeps about a person, as a document for them alone."""

from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.services.exports import Exports
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import AskExport, SendExport
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import export_keyboard
from bot.telegram.rendering.export import (
    export_caption,
    export_document,
    export_question_text,
    export_wait_text,
)
from bot.telegram.rights import everybody
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, reply, show

_FILE_NAME = "saqbol-my-data.json"


async def ask_export(message: Message, subscriber: Subscriber, exports: Exports) -> None:
    """Ask before a file with personal data goes into the chat."""
    wait_s = exports.wait_s(subscriber.id)
    if wait_s:
        await reply(message, export_wait_text(wait_s))
    else:
        await reply(message, export_question_text(), export_keyboard())


async def ask_export_here(query: CallbackQuery) -> None:
    """Ask the same in place of the privacy notice."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, Screen(export_question_text(), export_keyboard()))


async def send_export(
    query: CallbackQuery, bot: Bot, subscriber: Subscriber, exports: Exports
) -> None:
    """Send the file to the private chat of the person; an old consent or none is no obstacle."""
    message = query.message
    if not isinstance(message, Message) or message.chat.type != ChatType.PRIVATE:
        await refuse_button(query)
        return
    wait_s = exports.wait_s(subscriber.id)
    if wait_s:
        await query.answer(export_wait_text(wait_s), show_alert=True)
        return
    document = export_document(await exports.make(subscriber.id))
    await acknowledge(query)
    await bot(
        SendDocument(
            # Whoever pressed, and no other chat.
            chat_id=subscriber.id,
            document=BufferedInputFile(document, _FILE_NAME),
            caption=export_caption(),
        )
    )
    exports.note_sent(subscriber.id)


def build_router() -> Router:
    router = Router(name="export")
    router.message.register(ask_export, Command("export"), flags=everybody())
    router.callback_query.register(ask_export_here, AskExport.filter(), flags=everybody())
    router.callback_query.register(send_export, SendExport.filter(), flags=everybody())
    return router
