"""Inline keyboards: what a person can do next."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.content.guides import Guide
from bot.domain.assessment import Status
from bot.domain.locales import Locale
from bot.services.answers import Answer
from bot.services.subscribers import CONSENT_VERSION
from bot.telegram.callbacks import (
    AskForget,
    ChooseLocale,
    Forget,
    GiveConsent,
    OpenAnswer,
    OpenGuide,
    OpenGuides,
    OpenMenu,
    OpenWays,
    OpenWelcome,
    OpenWhy,
    ProvePhone,
)
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _

Rows = list[list[InlineKeyboardButton]]
WITH_WAYS = frozenset({Status.UNINSURED, Status.CONDITIONAL, Status.OUTSIDE})


def welcome_keyboard() -> InlineKeyboardMarkup:
    agree = _button(_("I agree, start"), GiveConsent(version=CONSENT_VERSION))
    return _keyboard([[agree]], OpenWelcome())


def menu_keyboard() -> InlineKeyboardMarkup:
    rows = [
        [_button(_("Guides"), OpenGuides(answer_id=""))],
        [_button(_("Privacy and my data"), OpenWelcome())],
    ]
    return _keyboard(rows, OpenMenu())


def privacy_keyboard() -> InlineKeyboardMarkup:
    rows = [[_button(_("Erase my data"), AskForget())], [_menu_button()]]
    return _keyboard(rows, OpenWelcome())


def forget_keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[_button(_("Yes, erase"), Forget())], [_menu_button()]]
    )


def answer_keyboard(answer: Answer) -> InlineKeyboardMarkup:
    if answer.id is None:
        rows = [[_button(_("Guides"), OpenGuides(answer_id="")), _menu_button()]]
        return _keyboard(rows, OpenMenu())
    first = []
    if answer.assessment.trace:
        first.append(_button(_("Why?"), OpenWhy(answer_id=answer.id)))
    if answer.assessment.status in WITH_WAYS:
        first.append(_ways_button(answer.id, answer.assessment.status))
    rows = [
        *([first] if first else []),
        [
            _button(_("Guides"), OpenGuides(answer_id=answer.id)),
            _button(_("Another person"), OpenMenu()),
        ],
    ]
    if answer.can_prove_phone:
        rows.append([_button(_("Show details to me as the owner"), ProvePhone())])
    return _keyboard(rows, OpenAnswer(answer_id=answer.id))


def why_keyboard(answer_id: str, status: Status) -> InlineKeyboardMarkup:
    rows = [[_back_button(answer_id)]]
    if status in WITH_WAYS:
        rows[0].append(_ways_button(answer_id, status))
    return _keyboard(rows, OpenWhy(answer_id=answer_id))


def ways_keyboard(answer_id: str, guides: Iterable[Guide]) -> InlineKeyboardMarkup:
    return _keyboard(
        [*_guide_rows(guides, answer_id), [_back_button(answer_id)]],
        OpenWays(answer_id=answer_id),
    )


def guides_keyboard(answer_id: str, guides: Iterable[Guide]) -> InlineKeyboardMarkup:
    return _keyboard(
        [*_guide_rows(guides, answer_id), [_back_button(answer_id)]],
        OpenGuides(answer_id=answer_id),
    )


def guide_keyboard(slug: str, answer_id: str) -> InlineKeyboardMarkup:
    rows = [[_button(_("All guides"), OpenGuides(answer_id=answer_id)), _back_button(answer_id)]]
    return _keyboard(rows, OpenGuide(slug=slug, answer_id=answer_id))


def contact_keyboard() -> ReplyKeyboardMarkup:
    share = KeyboardButton(text=_("Share my phone number"), request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True)


def _keyboard(rows: Rows, view: CallbackData) -> InlineKeyboardMarkup:
    """Close every keyboard with the other two languages of the same view."""
    others = [
        _button(locale.own_name, ChooseLocale(locale=locale, view=view.pack()))
        for locale in Locale
        if locale is not current_locale()
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, others])


def _guide_rows(guides: Iterable[Guide], answer_id: str) -> Rows:
    return [
        [_button(guide.title, OpenGuide(slug=guide.slug, answer_id=answer_id))] for guide in guides
    ]


def _ways_button(answer_id: str, status: Status) -> InlineKeyboardButton:
    text = _("What you can do") if status is Status.OUTSIDE else _("Ways back")
    return _button(text, OpenWays(answer_id=answer_id))


def _back_button(answer_id: str) -> InlineKeyboardButton:
    if not answer_id:
        return _menu_button()
    return _button(_("Back to the answer"), OpenAnswer(answer_id=answer_id))


def _menu_button() -> InlineKeyboardButton:
    return _button(_("Menu"), OpenMenu())


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
