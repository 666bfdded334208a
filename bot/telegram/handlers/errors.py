"""The last resort: a person hears "try later", the log hears what happened, without the text."""

from contextlib import suppress

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ErrorEvent, Message, Update

from bot.log import get_logger
from bot.services.subscribers import Subscribers
from bot.storage.subscribers import SubscriberId
from bot.telegram.desk import Desk
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.inbox import topic_not_delivered_text
from bot.telegram.rendering.notices import try_later_text
from bot.telegram.sending import reply

log = get_logger(__name__)


async def apologise(
    event: ErrorEvent,
    subscribers: Subscribers,
    catalogues: Catalogues,
    desk: Desk,
    is_last_try: bool = True,
) -> None:
    """Log the error by its type and place, and tell the person to try later.

    An update that will come again is left to its next try, unless Telegram refused a call: what
    may be repeated of those was repeated already, and the answer could be sent twice.
    """
    if not is_last_try and not isinstance(event.exception, TelegramAPIError):
        raise event.exception
    log.error("update_failed", update_id=event.update.update_id, exc_info=event.exception)
    with suppress(TelegramAPIError):
        await _tell(event.update, subscribers, catalogues, desk)


async def _tell(
    update: Update, subscribers: Subscribers, catalogues: Catalogues, desk: Desk
) -> None:
    incoming = update.message or update.callback_query
    if incoming is None or incoming.from_user is None:
        return
    user = incoming.from_user
    subscriber = subscribers.known(SubscriberId(user.id), user.language_code)
    with catalogues.using(subscriber.locale):
        if update.callback_query is not None:
            # Too late for an alert it is an error; after an acknowledgement it is not shown.
            with suppress(TelegramAPIError):
                await update.callback_query.answer(try_later_text(), show_alert=True)
            if isinstance(update.callback_query.message, Message):
                await reply(update.callback_query.message, try_later_text())
        elif update.message is not None and update.message.chat.type == "private":
            await reply(update.message, try_later_text())
        elif update.message is not None and desk.is_here(update.message.chat.id):
            await _tell_topic(update.message, desk)


async def _tell_topic(message: Message, desk: Desk) -> None:
    """Say in the topic that an answer may not have gone out."""
    if message.message_thread_id is not None and message.is_topic_message:
        html = topic_not_delivered_text(is_blocked=False)
        await desk.forum.say(message.message_thread_id, html, about=message.message_id)


def build_router() -> Router:
    router = Router(name="errors")
    router.errors.register(apologise)
    return router
