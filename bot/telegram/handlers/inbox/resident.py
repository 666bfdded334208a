"""The resident's side: to ask a person, to write, to end it, to say how it was."""

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message

from bot.content.search import Search
from bot.services.inbox import Inbox
from bot.services.subscribers import has_consented
from bot.storage.inbox import Conversation, ConversationId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    AskPerson,
    BeginConversation,
    EndConversation,
    OpenInbox,
    RateConversation,
)
from bot.telegram.copying import can_be_copied, is_name_personal
from bot.telegram.desk import Desk
from bot.telegram.filters import ChangedForOperators, ForOperators
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import end_row, keyboard, rating_keyboard
from bot.telegram.masking import has_iin
from bot.telegram.mirror import Mirror, Passed
from bot.telegram.rendering.inbox import (
    change_not_passed_text,
    ended_text,
    kinds_text,
    maybe_passed_text,
    name_has_number_text,
    not_passed_text,
    number_hidden_text,
    passed_text,
    rated_text,
    topic_ended_text,
)
from bot.telegram.rights import everybody
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, reply, send, show
from bot.telegram.views.services import ServiceViews
from bot.telegram.views.views import Views


async def ask_person(query: CallbackQuery, subscriber: Subscriber, views: Views) -> None:
    """Say what it means to ask a person, in a message of its own."""
    screen = await views.open(OpenInbox(), subscriber)
    if screen is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await send(query.message, screen)


async def begin_conversation(
    query: CallbackQuery, subscriber: Subscriber, inbox: Inbox, desk: Desk, views: Views
) -> None:
    """Open a conversation; the same screen says what is so now."""
    if desk.is_on and has_consented(subscriber):
        await inbox.begin(subscriber.id)
    screen = await views.open(OpenInbox(), subscriber)
    if screen is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, screen)


async def end_conversation(
    query: CallbackQuery,
    callback_data: EndConversation,
    subscriber: Subscriber,
    inbox: Inbox,
    desk: Desk,
) -> None:
    """End the conversation and ask whether it helped."""
    number = ConversationId(callback_data.conversation_id)
    if not isinstance(query.message, Message) or not await inbox.end(number, subscriber.id):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, Screen(ended_text(), rating_keyboard(number)))
    await desk.note(subscriber.id, topic_ended_text)
    await desk.close_topic(subscriber.id)


async def rate_conversation(
    query: CallbackQuery, callback_data: RateConversation, subscriber: Subscriber, inbox: Inbox
) -> None:
    """Keep the vote; another press changes it."""
    number, rating = ConversationId(callback_data.conversation_id), callback_data.rating
    is_kept = await inbox.rate(number, subscriber.id, rating)
    if not is_kept or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, Screen(rated_text(rating), rating_keyboard(number)))


async def pass_to_operators(
    message: Message,
    conversation: Conversation,
    subscriber: Subscriber,
    mirror: Mirror,
    inbox: Inbox,
    search: Search,
    services: ServiceViews,
) -> None:
    """Pass a message of the conversation on, and offer guides where one begins or goes on."""
    if not can_be_copied(message):
        await reply(message, kinds_text())
        return
    if is_name_personal(message):
        await reply(message, name_has_number_text())
        return
    passed = await mirror.to_topic(message, conversation, subscriber)
    if passed is Passed.YES:
        if conversation.asked_at is None or not conversation.is_open:
            found = search.find(message.text or message.caption or "")
            text = passed_text(await inbox.expectation(), has_guides=bool(found))
            rows = [*services.rows(found), end_row(conversation.id)]
            await reply(message, text, keyboard(rows, OpenInbox()))
        await _take_number_out(message)
    elif passed is Passed.MAYBE:
        await reply(message, maybe_passed_text())
    elif passed is not Passed.BEFORE:
        await reply(message, not_passed_text())


async def pass_change(message: Message, subscriber: Subscriber, mirror: Mirror) -> None:
    """Change the copy of a message that the resident has changed."""
    is_changed = await mirror.change_in_topic(message, subscriber)
    if is_changed is None:
        return
    if is_changed:
        await _take_number_out(message)
    else:
        await reply(message, change_not_passed_text())


async def _take_number_out(message: Message) -> None:
    """Delete a message with an IIN from the private chat, as everywhere."""
    if not has_iin(message.text or message.caption or ""):
        return
    try:
        is_deleted = await message.delete()
    except TelegramAPIError:
        is_deleted = False
    await reply(message, number_hidden_text(is_deleted=is_deleted))


def build_router() -> Router:
    router = Router(name="inbox")
    router.message.register(pass_to_operators, ForOperators(), flags=everybody())
    router.edited_message.register(pass_change, ChangedForOperators(), flags=everybody())
    press = router.callback_query
    press.register(ask_person, AskPerson.filter(), flags=everybody())
    press.register(begin_conversation, BeginConversation.filter(), flags=everybody())
    press.register(end_conversation, EndConversation.filter(), flags=everybody())
    press.register(rate_conversation, RateConversation.filter(), flags=everybody())
    return router
