"""The picture of an answer's months, with the same in words as its caption."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData

from bot.domain.assessment import Status
from bot.services.answers import Answers
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenCalendar, OpenWays
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import back_button, button, keyboard
from bot.telegram.pictures.calendar import draw_calendar, picture_key
from bot.telegram.rendering.calendar import calendar_sheet, render_calendar
from bot.telegram.screens import Opener, Picture, Screen
from bot.telegram.views.answers import answer_screen


class CalendarViews:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenCalendar: self._calendar}

    async def _calendar(self, view: OpenCalendar, subscriber: Subscriber) -> Screen | None:
        months = await self._answers.reopen_months(AnswerId(view.answer_id), subscriber)
        if months is None:
            return None
        answer, calendar = months.answer, months.calendar
        if calendar is None:
            return answer_screen(answer)
        sheet = calendar_sheet(answer, calendar)
        row = [back_button(view.answer_id)]
        if answer.assessment.status in (Status.CONDITIONAL, Status.UNINSURED):
            row.append(button(_("Ways back"), OpenWays(answer_id=view.answer_id)))
        return Screen(
            render_calendar(answer, calendar),
            keyboard([row], view),
            Picture(picture_key(sheet), lambda: draw_calendar(sheet)),
        )
