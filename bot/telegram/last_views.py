"""Notes what a person looks at now, for the count of where people leave."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

from aiogram import BaseMiddleware
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, TelegramObject

from bot.services.counters import Counters
from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    GiveConsent,
    OpenAnswer,
    OpenCalculator,
    OpenCalendar,
    OpenFound,
    OpenGuide,
    OpenLetter,
    OpenMenu,
    OpenOutlook,
    OpenPayments,
    OpenScreener,
    OpenService,
    OpenServiceGroup,
    OpenServices,
    OpenTopic,
    OpenTopics,
    OpenWays,
    OpenWelcome,
    OpenWhy,
    ProvePhone,
    SendLetter,
    StartPayments,
)
from bot.telegram.handlers import consent, look_up, owner, questions
from bot.telegram.reading import Attempt

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class View(StrEnum):
    """What people look at, as operators count it."""

    ANSWER = "answer"
    WHY = "why"
    WAYS = "ways"
    CALENDAR = "calendar"
    OUTLOOK = "outlook"
    PAYMENTS = "payments"
    TOPICS = "topics"
    GUIDE = "guide"
    LETTER = "letter"
    FOUND = "found"
    SERVICES = "services"
    SCREENER = "screener"
    CALCULATOR = "calculator"
    MENU = "menu"
    PRIVACY = "privacy"
    PHONE = "phone"
    WRONG_NUMBER = "wrong_number"
    NOT_UNDERSTOOD = "not_understood"


_BUTTONS: Mapping[type[CallbackData], View] = {
    OpenAnswer: View.ANSWER,
    OpenWhy: View.WHY,
    OpenWays: View.WAYS,
    OpenCalendar: View.CALENDAR,
    OpenOutlook: View.OUTLOOK,
    StartPayments: View.PAYMENTS,
    OpenPayments: View.PAYMENTS,
    OpenTopics: View.TOPICS,
    OpenTopic: View.TOPICS,
    OpenGuide: View.GUIDE,
    OpenLetter: View.LETTER,
    SendLetter: View.LETTER,
    OpenFound: View.FOUND,
    OpenServices: View.SERVICES,
    OpenServiceGroup: View.SERVICES,
    OpenService: View.SERVICES,
    OpenScreener: View.SCREENER,
    OpenCalculator: View.CALCULATOR,
    OpenMenu: View.MENU,
    GiveConsent: View.MENU,
    OpenWelcome: View.PRIVACY,
    ProvePhone: View.PHONE,
}
_BY_PREFIX = {button.__prefix__: view for button, view in _BUTTONS.items()}
_MESSAGES: Mapping[Any, View] = {
    look_up.take_number: View.ANSWER,
    questions.find_answer: View.FOUND,
    questions.say_what_to_send: View.NOT_UNDERSTOOD,
    consent.start: View.MENU,
    consent.show_menu: View.MENU,
    consent.show_privacy: View.PRIVACY,
    owner.take_contact: View.PHONE,
}


class LastViewMiddleware(BaseMiddleware):
    """Stands inside the rights: what is refused or fails is looked at by nobody."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        subscriber: Subscriber | None = data.get("subscriber")
        view = _view(event, data)
        if subscriber is not None and view is not None:
            self._counters.viewed(subscriber.id, view.value)
        return result


def _view(event: TelegramObject, data: dict[str, Any]) -> View | None:
    if isinstance(event, CallbackQuery):
        # A button of a language carries that of the view behind its last bar.
        prefix = (event.data or "").partition(":")[0].rpartition("|")[2]
        return _BY_PREFIX.get(prefix)
    view = _MESSAGES.get(data["handler"].callback)
    if view is not None and view is not View.FOUND and not has_consented(data["subscriber"]):
        return View.PRIVACY
    attempt: Attempt | None = data.get("attempt")
    if view is View.ANSWER and (attempt is None or attempt.iin is None):
        return View.WRONG_NUMBER
    return view
