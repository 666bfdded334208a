"""The months of an answer in words: the caption, and every text inside the picture."""

import re

from bot.domain.assessment import Status
from bot.domain.calendar import Calendar, CalendarMonth, MonthKind
from bot.domain.person import Payer
from bot.services.answers import Answer
from bot.telegram.i18n import gettext as _
from bot.telegram.pictures.calendar import Cell, LegendLine, Sheet
from bot.telegram.rendering.answer import headline, mixed_run_text, render_heading
from bot.telegram.rendering.values import (
    bold,
    day,
    escaped,
    month_short_name,
    months_text,
)

_MARK = re.compile(r"^\W+")
_AFTER_NUMBER = re.compile(r"(?<=\d) ")
_NO_BREAK = "\u00a0"


def render_calendar(answer: Answer, calendar: Calendar) -> str:
    """Write the months as ranges by kind; for the owner also by payer."""
    lines = [
        _line(kind, [month for month in calendar.months if month.kind is kind], answer)
        for kind in _kinds(calendar)
    ]
    blocks = [render_heading(answer), "\n".join(lines)]
    if answer.assessment.is_mixed:
        blocks.append(mixed_run_text())
    elif answer.assessment.status is Status.INSURED and MonthKind.HOLE in _kinds(calendar):
        text = _("Today's status does not depend on the months without a contribution.")
        blocks.append(escaped(text))
    return "\n\n".join(blocks)


def calendar_sheet(answer: Answer, calendar: Calendar) -> Sheet:
    """Give what the picture shows: nothing that names the person, so that pictures are shared."""
    past, ahead = calendar.past, calendar.ahead
    if len(past) == 1:
        past, ahead = past + ahead, ()
    return Sheet(
        title=_AFTER_NUMBER.sub(_NO_BREAK, _MARK.sub("", headline(answer))),
        past=tuple(_cell(month) for month in past),
        ahead_title=_("Months ahead"),
        ahead=tuple(_cell(month) for month in ahead),
        legend=tuple(_legend(calendar)),
        footer=_("Data as of {day}").format(day=day(answer.as_of)),
    )


def _legend(calendar: Calendar) -> list[LegendLine]:
    """Explain the signs that occur, then the letters; where there are none, nobody may see them."""
    lines = [LegendLine(kind, None, _kind_name(kind)) for kind in _kinds(calendar)]
    payers = {month.payer for month in calendar.months if month.kind is MonthKind.COVERED}
    letters = [
        LegendLine(MonthKind.COVERED, payer.value, name)
        for payer, name in _payer_names().items()
        if payer in payers
    ]
    if letters and None in payers:
        text = _("No letter: the state or the akimat")
        letters.append(LegendLine(MonthKind.COVERED, "", text))
    return lines + letters


def _line(kind: MonthKind, months: list[CalendarMonth], answer: Answer) -> str:
    if kind is not MonthKind.COVERED or not answer.is_owner:
        text = months_text([month.month for month in months])
        return f"{bold(_kind_name(kind))}: {escaped(text)}"
    lines = [f"{bold(_kind_name(kind))}:"]
    for payer, name in [*_payer_names().items(), (None, _("the state or the akimat"))]:
        paid = [month.month for month in months if month.payer is payer]
        if paid:
            lines.append(escaped(f"• {name}: {months_text(paid)}"))
    return "\n".join(lines)


def _kinds(calendar: Calendar) -> list[MonthKind]:
    found = {month.kind for month in calendar.months}
    return [kind for kind in MonthKind if kind in found]


def _cell(month: CalendarMonth) -> Cell:
    return Cell(
        month=month_short_name(month.month),
        year=str(month.month.year),
        kind=month.kind,
        letter=month.payer.value if month.payer else "",
    )


def _kind_name(kind: MonthKind) -> str:
    return {
        # NOTE: the next four stand before months ("Covered: May 2026") and beside signs.
        MonthKind.COVERED: _("Covered"),
        MonthKind.HOLE: _("No contribution"),
        MonthKind.AWAITED: _("Not due yet"),
        MonthKind.GRACE: _("Conditional, to be paid"),
    }[kind]


def _payer_names() -> dict[Payer, str]:
    return {
        Payer.EMPLOYER: _("employer"),
        Payer.PROPRIETOR: _("sole proprietor"),
        Payer.INDEPENDENT: _("independent payer"),
        Payer.CONTRACT: _("customer under a contract"),
        Payer.PLATFORM: _("platform"),
        Payer.FARM: _("farm"),
    }
