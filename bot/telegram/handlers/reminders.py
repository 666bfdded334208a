"""Reminders switched on and off, and who wants no messages from operators."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.services.reminders import Reminders, TooManyRemindersError
from bot.services.subscribers import Subscribers
from bot.storage.answers import AnswerId
from bot.storage.reminders import ReminderId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    OpenAnswer,
    OpenReminders,
    SetBroadcasts,
    SetReminder,
    StopReminder,
)
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rendering.notices import broadcasts_text
from bot.telegram.rendering.reminders import (
    switched_off_text,
    switched_on_text,
    too_many_reminders_text,
)
from bot.telegram.rights import everybody
from bot.telegram.sending import acknowledge, send, show
from bot.telegram.views.general import welcome
from bot.telegram.views.views import Views


async def show_reminders(message: Message, subscriber: Subscriber, views: Views) -> None:
    """List the reminders of the person."""
    screen = await views.open(OpenReminders(), subscriber)
    if screen is not None:
        await send(message, screen)


async def set_reminder(
    query: CallbackQuery,
    callback_data: SetReminder,
    subscriber: Subscriber,
    reminders: Reminders,
    views: Views,
) -> None:
    """Switch the reminder of an answer on or off, and say what comes of it."""
    answer_id, is_on = AnswerId(callback_data.answer_id), callback_data.is_on
    try:
        is_known = await reminders.switch(answer_id, subscriber, on=is_on)
    except TooManyRemindersError:
        await query.answer(too_many_reminders_text(), show_alert=True)
        return
    screen = await views.open(OpenAnswer(answer_id=answer_id), subscriber) if is_known else None
    if screen is None:
        await refuse_button(query)
        return
    # It is so now, whether the message can still be changed or not.
    await query.answer(switched_on_text() if is_on else switched_off_text(), show_alert=True)
    if isinstance(query.message, Message):
        await show(query.message, screen)


async def stop_reminder(
    query: CallbackQuery,
    callback_data: StopReminder,
    subscriber: Subscriber,
    reminders: Reminders,
    views: Views,
) -> None:
    """Switch a reminder off, and list those that stay."""
    await reminders.remove(ReminderId(callback_data.reminder_id), subscriber)
    screen = await views.open(OpenReminders(), subscriber)
    await query.answer(switched_off_text(), show_alert=True)
    if screen is not None and isinstance(query.message, Message):
        await show(query.message, screen)


async def set_broadcasts(
    query: CallbackQuery,
    callback_data: SetBroadcasts,
    subscriber: Subscriber,
    subscribers: Subscribers,
) -> None:
    """Let operators write to the person by themselves, or not."""
    are_wanted = callback_data.are_wanted
    changed = await subscribers.choose_broadcasts(subscriber, are_wanted=are_wanted)
    if not isinstance(query.message, Message):
        await query.answer(broadcasts_text(accepts_broadcasts=are_wanted), show_alert=True)
        return
    await acknowledge(query)
    await show(query.message, welcome(changed))


def build_router() -> Router:
    router = Router(name="reminders")
    router.message.register(show_reminders, Command("reminders"), flags=everybody())
    router.callback_query.register(set_reminder, SetReminder.filter(), flags=everybody())
    router.callback_query.register(stop_reminder, StopReminder.filter(), flags=everybody())
    router.callback_query.register(set_broadcasts, SetBroadcasts.filter(), flags=everybody())
    return router
