"""The list of reminders, a fresh answer for one of them, and the message that reminds."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData

from bot.services.reminders import Reminders
from bot.services.reminding import Letter
from bot.services.subscribers import has_consented
from bot.storage.reminders import ReminderId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenReminded, OpenReminders, StopReminder
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button, keyboard, menu_button
from bot.telegram.rendering.reminders import reminders_text, render_reminder
from bot.telegram.screens import Opener, Screen
from bot.telegram.views.answers import answer_screen
from bot.telegram.views.general import welcome


class ReminderViews:
    def __init__(self, reminders: Reminders) -> None:
        self._reminders = reminders

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenReminders: self._list, OpenReminded: self._reminded}

    async def _list(self, view: OpenReminders, subscriber: Subscriber) -> Screen:
        if not has_consented(subscriber):
            return welcome(subscriber)
        listed = await self._reminders.list_of(subscriber)
        rows = [
            [
                button(_("{last4}: open").format(last4=each.last4), _open(each.id)),
                button(
                    _("{last4}: switch off").format(last4=each.last4),
                    StopReminder(reminder_id=each.id),
                ),
            ]
            for each in listed
        ]
        return Screen(reminders_text(listed), keyboard([*rows, [menu_button()]], view))

    async def _reminded(self, view: OpenReminded, subscriber: Subscriber) -> Screen | None:
        if not has_consented(subscriber):
            return welcome(subscriber)
        answer = await self._reminders.open(ReminderId(view.reminder_id), subscriber)
        if answer is None:
            return None
        return answer_screen(answer, await self._reminders.is_on(answer, subscriber))


def reminder_screen(letter: Letter) -> Screen:
    """Write the message that reminds; its other languages are on the answer that it opens."""
    view = _open(letter.reminder_id)
    stop = StopReminder(reminder_id=letter.reminder_id)
    row = [button(_("Open answer"), view), button(_("Switch off"), stop)]
    return Screen(render_reminder(letter.notice, letter.answer), keyboard([row], view))


def _open(reminder_id: ReminderId) -> OpenReminded:
    return OpenReminded(reminder_id=reminder_id)
