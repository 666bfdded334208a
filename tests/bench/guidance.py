"""What guidance costs: a question in words and a picture."""

import statistics
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import process_time_ns

import yaml

from bot.config import SHARE
from bot.content.library import load_content
from bot.content.questions import build_search
from bot.domain.assessment import Assessment, Basis, Status
from bot.domain.calendar import Calendar, CalendarMonth, MonthKind
from bot.domain.locales import Locale
from bot.domain.months import Month
from bot.domain.person import Payer
from bot.services.answers import Answer
from bot.telegram.i18n import Catalogues
from bot.telegram.pictures.calendar import draw_calendar
from bot.telegram.rendering.calendar import calendar_sheet
from tests.bench.answer import Row

_ON = date(2026, 11, 21)
_QUESTIONS = Path(__file__).parents[1] / "data" / "questions.yaml"
_PICTURES = 20


def measure_guidance() -> list[Row]:
    """Measure each piece by itself, in CPU time; the first use of each is left out."""
    content = load_content(SHARE)
    started = process_time_ns()
    search = build_search(content.guides, content.questions, content.services, content.small_talk)
    built_us = (process_time_ns() - started) / 1000
    questions = [question["text"] for question in yaml.safe_load(_QUESTIONS.read_text("utf-8"))]
    with Catalogues(content.translations).using(Locale.KY):
        sheet = calendar_sheet(_answer(), _calendar())
    drawings = [partial(draw_calendar, sheet)] * _PICTURES
    asked = [partial(search.find, question) for question in questions]
    size = len(draw_calendar(sheet))
    return [
        Row(f"search, one of {len(questions)} questions", _median_us(asked)),
        Row("search, building the index at start", built_us),
        Row(f"calendar picture, drawing {size / 1000:.0f} KB", _median_us(drawings)),
    ]


def _median_us(calls: Sequence[Callable[[], object]]) -> float:
    calls[0]()
    times = []
    for call in calls:
        started = process_time_ns()
        call()
        times.append((process_time_ns() - started) / 1000)
    return statistics.median(times)


def _answer() -> Answer:
    assessment = Assessment(Status.CONDITIONAL, Basis.GRACE, Month.of(_ON))
    return Answer(None, "1010", _ON, _ON, _ON, assessment, is_owner=True)


def _calendar() -> Calendar:
    """Give nine paid months and three of grace."""
    first = Month.of(_ON).shift(-11)
    paid = [CalendarMonth(first.shift(n), MonthKind.COVERED, Payer.EMPLOYER) for n in range(9)]
    grace = [CalendarMonth(first.shift(n), MonthKind.GRACE) for n in range(9, 12)]
    return Calendar((*paid, *grace), (), None)
