"""An answer, the conditions behind it, and its ways back."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.content.library import Content
from bot.domain.assessment import Status
from bot.domain.changes import Change
from bot.services.answers import Answer, Answers
from bot.services.reminders import Reminders
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    OpenAnswer,
    OpenCalendar,
    OpenMenu,
    OpenOutlook,
    OpenTopics,
    OpenWays,
    OpenWhy,
    ProvePhone,
    SetReminder,
    StartPayments,
)
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import (
    Row,
    ask_person_row,
    back_button,
    button,
    guide_rows,
    keyboard,
    menu_button,
)
from bot.telegram.rendering.answer import about_text, render_answer
from bot.telegram.rendering.values import escaped
from bot.telegram.rendering.ways import paid_in_order, render_ways
from bot.telegram.rendering.why import render_why
from bot.telegram.screens import Opener, Screen

_WITH_WAYS = frozenset({Status.UNINSURED, Status.CONDITIONAL, Status.OUTSIDE})
_GUIDES_BESIDE_WAYS = 4


class AnswerViews:
    def __init__(self, answers: Answers, content: Content, reminders: Reminders) -> None:
        self._answers = answers
        self._content = content
        self._reminders = reminders

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenAnswer: self._answer, OpenWhy: self._why, OpenWays: self._ways}

    async def _answer(self, view: OpenAnswer, subscriber: Subscriber) -> Screen | None:
        answer = await self._answers.reopen(AnswerId(view.answer_id), subscriber)
        if answer is None:
            return None
        return answer_screen(answer, await self._reminders.is_on(answer, subscriber))

    async def _why(self, view: OpenWhy, subscriber: Subscriber) -> Screen | None:
        answer = await self._answers.reopen(AnswerId(view.answer_id), subscriber)
        if answer is None or not answer.assessment.trace:
            return answer_screen(answer) if answer is not None else None
        row = [back_button(view.answer_id)]
        if answer.assessment.status in _WITH_WAYS:
            row.append(_ways_button(answer, view.answer_id))
        return Screen(render_why(answer, self._content.references), keyboard([row], view))

    async def _ways(self, view: OpenWays, subscriber: Subscriber) -> Screen | None:
        answer = await self._answers.reopen(AnswerId(view.answer_id), subscriber)
        if answer is None or answer.assessment.status not in _WITH_WAYS:
            return answer_screen(answer) if answer is not None else None
        slugs = self._content.routes.guides_for(answer.assessment)[:_GUIDES_BESIDE_WAYS]
        guides = [self._content.guides[slug][current_locale()] for slug in slugs]
        rows = [
            *_payment_rows(answer, view.answer_id),
            *guide_rows(guides, view.answer_id),
            [back_button(view.answer_id)],
        ]
        text = f"{render_ways(answer.assessment)}\n\n{escaped(about_text(answer))}"
        return Screen(text, keyboard(rows, view))


def answer_screen(answer: Answer, is_reminded: bool | None = None) -> Screen:
    """Show an answer.

    Args:
        is_reminded: whether its reminder is on; None where there is none to switch.
    """
    if answer.id is None:
        rows = [ask_person_row(), [button(_("Guides"), OpenTopics(origin="")), menu_button()]]
        return Screen(render_answer(answer), keyboard(rows, OpenMenu()))
    view = OpenAnswer(answer_id=answer.id)
    return Screen(
        render_answer(answer), keyboard(_answer_rows(answer, answer.id, is_reminded), view)
    )


def _answer_rows(answer: Answer, answer_id: str, is_reminded: bool | None) -> list[Row]:
    assessment = answer.assessment
    first: Row = []
    if assessment.trace:
        first.append(button(_("Why?"), OpenWhy(answer_id=answer_id)))
    if assessment.status in _WITH_WAYS:
        first.append(_ways_button(answer, answer_id))
    months: Row = []
    if assessment.trace and assessment.status is not Status.OUTSIDE and not answer.is_stale:
        months = [
            button(_("Calendar"), OpenCalendar(answer_id=answer_id)),
            button(_("What if…"), _unchanged(answer_id)),
        ]
    due: Row = []
    if assessment.status is Status.INSURED and assessment.ways.due:
        due = [button(_("Payment card"), StartPayments(answer_id=answer_id, way="due"))]
    proof: Row = []
    if answer.can_prove_phone:
        proof = [button(_("Show details to me as the owner"), ProvePhone())]
    reminder: Row = []
    if is_reminded is not None:
        text = _("Reminder is on: switch off") if is_reminded else _("Remind me")
        reminder = [button(text, SetReminder(answer_id=answer_id, is_on=not is_reminded))]
    last = [
        button(_("Guides"), OpenTopics(origin=answer_id)),
        button(_("Another person"), OpenMenu()),
    ]
    return [first, months, due, reminder, last, ask_person_row(), proof]


def _unchanged(answer_id: str) -> OpenOutlook:
    return OpenOutlook(answer_id=answer_id, change=Change.AS_NOW, number=0)


def _payment_rows(answer: Answer, answer_id: str) -> list[Row]:
    """Offer a payment card for each paid way, in the order and by the names of the text."""
    return [
        [
            button(
                _("Payment card: {way}").format(way=name),
                StartPayments(answer_id=answer_id, way=code.value),
            )
        ]
        for code, name, _way in paid_in_order(answer.assessment)
    ]


def _ways_button(answer: Answer, answer_id: str) -> InlineKeyboardButton:
    text = {
        Status.OUTSIDE: _("What you can do"),
        Status.CONDITIONAL: _("How to keep the cover"),
    }.get(answer.assessment.status, _("Ways back"))
    return button(text, OpenWays(answer_id=answer_id))
