"""The owner of a record proves the phone and sees the details."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from bot.services.answers import Answers
from bot.services.reminders import Reminders
from bot.services.subscribers import Subscribers, has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import ProvePhone
from bot.telegram.filters import SharedContact, is_second_hand
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import contact_keyboard
from bot.telegram.rendering.notices import (
    contact_differs_text,
    contact_of_another_text,
    contact_proved_text,
    contact_question_text,
)
from bot.telegram.rights import everybody
from bot.telegram.sending import acknowledge, reply
from bot.telegram.views.answers import answer_screen
from bot.telegram.views.general import welcome


async def ask_contact(query: CallbackQuery) -> None:
    """Ask for the person's own contact."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await reply(query.message, contact_question_text(), contact_keyboard())


async def take_contact(
    message: Message,
    subscriber: Subscriber,
    subscribers: Subscribers,
    answers: Answers,
    reminders: Reminders,
) -> None:
    """Remember the phone by its key and show the last answer again."""
    if not has_consented(subscriber):
        screen = welcome(subscriber)
        await reply(message, screen.text, screen.keyboard)
        return
    contact, sender = message.contact, message.from_user
    is_own = (
        contact is not None
        and sender is not None
        and contact.user_id == sender.id
        and not is_second_hand(message)
    )
    if contact is None or not is_own:
        await reply(message, contact_of_another_text())
        return
    phone_key = answers.phone_key(contact.phone_number)
    subscriber = await subscribers.prove_phone(subscriber, phone_key)
    answer = await answers.reopen_latest(subscriber)
    if answer is not None and answer.can_prove_phone:
        await reply(message, contact_differs_text(), ReplyKeyboardRemove())
        return
    await reply(message, contact_proved_text(), ReplyKeyboardRemove())
    if answer is not None:
        screen = answer_screen(answer, await reminders.is_on(answer, subscriber))
        await reply(message, screen.text, screen.keyboard)


def build_router() -> Router:
    router = Router(name="owner")
    router.callback_query.register(ask_contact, ProvePhone.filter(), flags=everybody())
    router.message.register(take_contact, SharedContact(), flags=everybody())
    return router
