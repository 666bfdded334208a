"""What inline keyboards are made of; each view lays its own out."""

from collections.abc import Iterable

from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
)

from bot.content.guides import Guide
from bot.content.inbox import CannedReply
from bot.domain.inbox import Rating
from bot.domain.locales import Locale
from bot.telegram.asking import is_person_offered
from bot.telegram.callbacks import (
    FOUND,
    SCREENED,
    AskPerson,
    BeginConversation,
    ChooseLocale,
    EndConversation,
    Forget,
    OpenAnswer,
    OpenFound,
    OpenGuide,
    OpenMenu,
    OpenScreener,
    RateConversation,
    SendExport,
)
from bot.telegram.commands import CHOOSE_OPERATOR
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.operator_callbacks import (
    BackToCanned,
    CloseTopic,
    ListCanned,
    PreviewCanned,
    SendCanned,
)

Row = list[InlineKeyboardButton]


def keyboard(rows: Iterable[Row], view: CallbackData) -> InlineKeyboardMarkup:
    """Close a keyboard with the other two languages of the same view."""
    others = [
        button(locale.own_name, ChooseLocale(locale=locale, view=view.pack()))
        for locale in Locale
        if locale is not current_locale()
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*(row for row in rows if row), others])


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def copy_button(text: str, copied: str) -> InlineKeyboardButton:
    """Make a button that puts a text of up to 256 characters into the clipboard."""
    return InlineKeyboardButton(text=text, copy_text=CopyTextButton(text=copied))


def in_rows(buttons: Iterable[InlineKeyboardButton], width: int) -> list[Row]:
    """Lay buttons out, so many in a row."""
    row = list(buttons)
    return [row[start : start + width] for start in range(0, len(row), width)]


def guide_rows(guides: Iterable[Guide], origin: str) -> list[Row]:
    return [[button(guide.title, OpenGuide(slug=guide.slug, origin=origin))] for guide in guides]


def menu_button() -> InlineKeyboardButton:
    return button(_("Menu"), OpenMenu())


def back_button(origin: str) -> InlineKeyboardButton:
    """Lead back to where a view was reached from: an answer, a result, what was found, the menu."""
    if not origin:
        return menu_button()
    if origin.startswith(FOUND):
        return button(_("Back to what was found"), OpenFound(codes=origin.removeprefix(FOUND)))
    if origin.startswith(SCREENED):
        return button(_("Back to the result"), OpenScreener(given=origin.removeprefix(SCREENED)))
    return button(_("Back to the answer"), OpenAnswer(answer_id=origin))


def forget_keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(_("Yes, erase"), Forget())], [menu_button()]]
    )


def export_keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(_("Yes, send the file"), SendExport())], [menu_button()]]
    )


def contact_keyboard() -> ReplyKeyboardMarkup:
    share = KeyboardButton(text=_("Share my phone number"), request_contact=True)
    return ReplyKeyboardMarkup(keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True)


def choice_keyboard() -> ReplyKeyboardMarkup:
    """Let Telegram show the list of people, of whom one becomes an operator."""
    request = KeyboardButtonRequestUsers(
        request_id=CHOOSE_OPERATOR, user_is_bot=False, max_quantity=1
    )
    choose = KeyboardButton(text=_("Choose a person"), request_users=request)
    return ReplyKeyboardMarkup(keyboard=[[choose]], resize_keyboard=True, one_time_keyboard=True)


def ask_person_row() -> Row:
    """Offer a person, where there is somebody to ask."""
    return [button(_("Ask a person"), AskPerson())] if is_person_offered() else []


def begin_row() -> Row:
    return [button(_("I understand, begin"), BeginConversation())]


def end_row(conversation_id: int) -> Row:
    return [button(_("End the conversation"), EndConversation(conversation_id=conversation_id))]


def rating_keyboard(conversation_id: int) -> InlineKeyboardMarkup:
    """Ask whether a conversation helped; the words say it, the faces only repeat them."""
    answers = {
        Rating.YES: _("🙂 It helped"),
        Rating.PARTLY: _("😐 It helped in part"),
        Rating.NO: _("🙁 It did not help"),
    }
    rows = [
        [button(text, RateConversation(conversation_id=conversation_id, rating=rating))]
        for rating, text in answers.items()
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [menu_button()]])


def card_keyboard() -> InlineKeyboardMarkup:
    """Give what operators do in a topic."""
    row = [
        button(_("Ready replies"), ListCanned()),
        button(_("End the conversation"), CloseTopic()),
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def canned_keyboard(replies: Iterable[CannedReply]) -> InlineKeyboardMarkup:
    buttons = [
        button(reply.title[current_locale()], PreviewCanned(key=reply.key)) for reply in replies
    ]
    return InlineKeyboardMarkup(inline_keyboard=in_rows(buttons, 2))


def preview_keyboard(key: str) -> InlineKeyboardMarkup:
    row = [button(_("Send"), SendCanned(key=key)), button(_("Back to the replies"), BackToCanned())]
    return InlineKeyboardMarkup(inline_keyboard=[row])
