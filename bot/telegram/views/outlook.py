"""What if: the next twelve months of an answer as things are, or after a change."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.domain.assessment import Status
from bot.domain.changes import Change, Supposition
from bot.domain.months import Month
from bot.services.answers import Answers
from bot.services.outlook import Outlook
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenOutlook, OpenWays
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.keyboards import Row, back_button, button, in_rows, keyboard
from bot.telegram.rendering.outlook import render_outlook
from bot.telegram.rendering.payments import period
from bot.telegram.screens import Opener, Screen
from bot.telegram.views.answers import answer_screen

_WITHOUT_OUTLOOK = frozenset({Status.OUTSIDE, Status.UNKNOWN})
_WITH_WAYS = frozenset({Status.UNINSURED, Status.CONDITIONAL})
_NUMBERS_IN_ROW = 4


class OutlookViews:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenOutlook: self._outlook}

    async def _outlook(self, view: OpenOutlook, subscriber: Subscriber) -> Screen | None:
        answer_id = AnswerId(view.answer_id)
        supposition = Supposition(view.change, view.number)
        found = await self._answers.reopen_outlook(answer_id, subscriber, supposition)
        if found is None:
            return None
        answer, outlook = found.answer, found.outlook
        if outlook is None:
            has_outlook = answer.assessment.status not in _WITHOUT_OUTLOOK and not answer.is_stale
            return None if has_outlook else answer_screen(answer)
        last = [back_button(view.answer_id)]
        if answer.assessment.status in _WITH_WAYS:
            last.append(button(_("Ways back"), OpenWays(answer_id=view.answer_id)))
        rows = [*_number_rows(view, outlook), *_change_rows(view, outlook), last]
        return Screen(render_outlook(answer, outlook), keyboard(rows, view))


def _number_rows(view: OpenOutlook, outlook: Outlook) -> list[Row]:
    """Offer the other months of this change, the shown one with a mark."""
    chosen = outlook.supposition.number
    buttons = []
    for number in outlook.numbers:
        text = _number_text(view.change, number)
        label = f"✓ {text}" if number == chosen else text
        buttons.append(button(label, view.model_copy(update={"number": number})))
    return in_rows(buttons, _NUMBERS_IN_ROW)


def _number_text(change: Change, number: int) -> str:
    if change is Change.PAY:
        return ngettext("{number} month", "{number} months", number).format(number=number)
    return period(Month(number))


def _change_rows(view: OpenOutlook, outlook: Outlook) -> list[Row]:
    others = [change for change in outlook.changes if change is not view.change]
    return [[_change_button(view.answer_id, change)] for change in others]


def _change_button(answer_id: str, change: Change) -> InlineKeyboardButton:
    text = {
        Change.AS_NOW: _("If nothing changes"),
        Change.STOP: _("If payments stop…"),
        Change.PAY: _("If some months are paid…"),
        Change.PAY_GAPS: _("If missing months are paid"),
        Change.UNEMPLOYED: _("If registered as unemployed"),
        Change.JOB: _("If a job begins…"),
    }[change]
    return button(text, OpenOutlook(answer_id=answer_id, change=change, number=0))
