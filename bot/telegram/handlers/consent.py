"""First contact, consent, and being forgotten."""

from aiogram import Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.content.links import read_payload
from bot.content.search import Document
from bot.services.reminders import Reminders
from bot.services.subscribers import CONSENT_VERSION, Subscribers, has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    AskForget,
    Forget,
    GiveConsent,
    OpenGuide,
    OpenService,
    OpenTopics,
)
from bot.telegram.desk import Desk
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import forget_keyboard
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.rendering.notices import (
    forget_question_text,
    forgotten_conversation_text,
    forgotten_text,
)
from bot.telegram.rights import everybody
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, reply, send, show
from bot.telegram.views.general import menu, welcome
from bot.telegram.views.views import Views


async def start(
    message: Message,
    command: CommandObject,
    subscriber: Subscriber,
    views: Views,
    operator_chats: OperatorChats,
) -> None:
    """Open what a link asks for; else greet a stranger with the privacy notice or show the menu."""
    screen = menu() if has_consented(subscriber) else welcome(subscriber)
    linked = read_payload(command.args or "")
    if linked is not None:
        topics = OpenTopics(origin="")
        screen = (
            await views.open(_view_of(linked), subscriber)
            or await views.open(topics, subscriber)
            or screen
        )
    await send(message, screen)
    await operator_chats.meet(subscriber.id)


def _view_of(linked: Document) -> OpenGuide | OpenService:
    if linked.is_guide:
        return OpenGuide(slug=linked.key, origin="")
    return OpenService(key=linked.key, origin="")


async def show_menu(message: Message, subscriber: Subscriber) -> None:
    """Show what the bot can do."""
    await send(message, menu() if has_consented(subscriber) else welcome(subscriber))


async def show_privacy(message: Message, subscriber: Subscriber) -> None:
    """Say what is kept; the languages are on the same message."""
    await send(message, welcome(subscriber))


async def give_consent(
    query: CallbackQuery,
    callback_data: GiveConsent,
    subscriber: Subscriber,
    subscribers: Subscribers,
) -> None:
    """Record the consent and open the menu; under an older notice show the one in force."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    screen = welcome(subscriber)
    if callback_data.version == CONSENT_VERSION:
        await subscribers.give_consent(subscriber)
        screen = menu()
    await acknowledge(query)
    await show(query.message, screen)


async def ask_forget(message: Message) -> None:
    """Ask before everything is erased."""
    await reply(message, forget_question_text(), forget_keyboard())


async def ask_forget_here(query: CallbackQuery) -> None:
    """Ask the same in place of the privacy notice."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, Screen(forget_question_text(), forget_keyboard()))


async def forget(
    query: CallbackQuery,
    subscriber: Subscriber,
    subscribers: Subscribers,
    reminders: Reminders,
    desk: Desk,
) -> None:
    """Erase everything about the person, however old the button is."""
    # First what can be found only as long as the person is known.
    is_deleted = await desk.delete_topic(subscriber.id)
    await subscribers.forget(subscriber)
    reminders.forget(subscriber)
    if not isinstance(query.message, Message):
        await query.answer(forgotten_text(), show_alert=True)
        return
    await acknowledge(query)
    text = forgotten_text()
    if is_deleted is not None:
        text = f"{text}\n\n{forgotten_conversation_text(is_deleted=is_deleted)}"
    await show(query.message, Screen(text, None))


def build_router() -> Router:
    router = Router(name="consent")
    router.message.register(start, CommandStart(), flags=everybody())
    router.message.register(show_menu, Command("menu", "help"), flags=everybody())
    router.message.register(show_privacy, Command("privacy", "language"), flags=everybody())
    router.message.register(ask_forget, Command("forget"), flags=everybody())
    router.callback_query.register(give_consent, GiveConsent.filter(), flags=everybody())
    router.callback_query.register(ask_forget_here, AskForget.filter(), flags=everybody())
    router.callback_query.register(forget, Forget.filter(), flags=everybody())
    return router
