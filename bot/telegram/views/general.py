"""The welcome with the privacy notice, and the menu."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.services.subscribers import CONSENT_VERSION, has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    AskExport,
    AskForget,
    GiveConsent,
    OpenCalculator,
    OpenMenu,
    OpenReminders,
    OpenScreener,
    OpenServices,
    OpenTopics,
    OpenWelcome,
    SetBroadcasts,
)
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import ask_person_row, button, keyboard, menu_button
from bot.telegram.rendering.notices import menu_text, privacy_text, welcome_text
from bot.telegram.screens import Opener, Screen


class GeneralViews:
    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenWelcome: self._welcome, OpenMenu: self._menu}

    async def _welcome(self, _view: OpenWelcome, subscriber: Subscriber) -> Screen:
        return welcome(subscriber)

    async def _menu(self, _view: OpenMenu, _subscriber: Subscriber) -> Screen:
        return menu()


def welcome(subscriber: Subscriber) -> Screen:
    """Ask for consent; show what was agreed to where it was given."""
    if has_consented(subscriber):
        rows = [
            [button(_("My reminders"), OpenReminders())],
            [_broadcasts_button(subscriber)],
            [button(_("Get my data"), AskExport())],
            [button(_("Erase my data"), AskForget())],
            [menu_button()],
        ]
        text = privacy_text(accepts_broadcasts=subscriber.accepts_broadcasts)
        return Screen(text, keyboard(rows, OpenWelcome()))
    agree = button(_("I agree, start"), GiveConsent(version=CONSENT_VERSION))
    return Screen(welcome_text(), keyboard([[agree]], OpenWelcome()))


def _broadcasts_button(subscriber: Subscriber) -> InlineKeyboardButton:
    if subscriber.accepts_broadcasts:
        return button(_("No messages from operators"), SetBroadcasts(are_wanted=False))
    return button(_("Get messages from operators"), SetBroadcasts(are_wanted=True))


def menu() -> Screen:
    rows = [
        [button(_("Guides"), OpenTopics(origin=""))],
        [button(_("Without an IIN: a few questions"), OpenScreener(given=""))],
        [button(_("What is free, what needs insurance"), OpenServices())],
        [button(_("Contribution calculator"), OpenCalculator(payer="", year=0, incomes=""))],
        ask_person_row(),
        [button(_("Privacy and my data"), OpenWelcome())],
    ]
    return Screen(menu_text(), keyboard(rows, OpenMenu()))
