"""The calendar picture: every letter is there, nothing runs over, the file is small."""

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from PIL import Image, ImageStat

from bot.content.library import Content
from bot.domain.assessment import Assessment, Basis, Status
from bot.domain.calendar import Calendar, CalendarMonth, MonthKind
from bot.domain.locales import Locale
from bot.domain.months import Month, months_between
from bot.domain.person import Payer
from bot.services.answers import Answer
from bot.telegram.i18n import Catalogues
from bot.telegram.pictures.calendar import Sheet, draw_calendar, picture_key
from bot.telegram.pictures.fonts import balanced, bold, regular
from bot.telegram.pictures.tiles import tile
from bot.telegram.rendering.calendar import calendar_sheet, render_calendar
from bot.telegram.rendering.values import plain_text

ON = date(2026, 11, 21)
M = Month.of(ON)
WIDTH, MARGIN, CELL, GAP = 1000, 30, 226, 12
WHITE = (255, 255, 255)
CAPTION_LIMIT = 1024
MAX_BYTES = 60_000
IN_EVERY_LANGUAGE = pytest.mark.parametrize("locale", Locale)


def answer(status: Status = Status.CONDITIONAL, until: int = M + 10) -> Answer:
    """Give an answer to an owner, as long as answers get."""
    assessment = Assessment(status, Basis.GRACE, Month(until), is_mixed=True)
    return Answer(None, "1016", ON, ON, ON, assessment, is_owner=True)


def worst_calendar() -> Calendar:
    """Give months that never repeat the kind or the payer of the month before."""
    covered = [CalendarMonth(M, MonthKind.COVERED, payer) for payer in (*Payer, None)]
    others = [CalendarMonth(M, kind) for kind in (MonthKind.HOLE, MonthKind.GRACE)]
    kinds = [pair[place % len(pair)] for place in range(12) for pair in (covered, others)]
    kinds[11] = CalendarMonth(M, MonthKind.AWAITED)
    months = months_between(M - 11, M + 12)
    shown = [replace(kind, month=k) for k, kind in zip(months, kinds, strict=True)]
    return Calendar(tuple(shown[:12]), tuple(shown[12:]), None)


def drawn(sheet: Sheet) -> Image.Image:
    return Image.open(io.BytesIO(draw_calendar(sheet))).convert("RGB")


def is_white(image: Image.Image, left: int, top: int, right: int, bottom: int) -> bool:
    return image.crop((left, top, right, bottom)).getcolors() == [
        ((right - left) * (bottom - top), WHITE)
    ]


@IN_EVERY_LANGUAGE
def test_every_letter_of_every_language_is_in_the_font(content: Content, locale: Locale) -> None:
    with Catalogues(content.translations).using(locale):
        sheets = [
            calendar_sheet(answer(status, until), worst_calendar())
            for status in (Status.INSURED, Status.CONDITIONAL)
            for until in range(M, M + 12)
        ]
    alphabet = "әғқңөұүһіӘҒҚҢӨҰҮҺІ" if locale is Locale.KK else "ңөүёыэъйҢӨҮЁЫЭЪЙ"
    characters = set(f"{sheets}{alphabet}") - {" "}

    for font in (regular(30), bold(30)):
        unknown = bytes(font.getmask("\uffff"))
        missing = {c for c in characters if c.isprintable() and bytes(font.getmask(c)) == unknown}
        assert not missing


def test_kazakh_i_keeps_its_dot_inside_words() -> None:
    for font in (regular(44), bold(44)):
        assert font.getbbox("мі", anchor="ls")[1] == font.getbbox("мi", anchor="ls")[1]


@IN_EVERY_LANGUAGE
def test_nothing_runs_over(content: Content, locale: Locale) -> None:
    with Catalogues(content.translations).using(locale):
        sheet = calendar_sheet(answer(), worst_calendar())
    assert {cell.month for cell in sheet.past} == {cell.month for cell in sheet.ahead}

    image = drawn(sheet)
    months_only = drawn(Sheet("", sheet.past, "", (), (), ""))

    assert is_white(image, WIDTH - MARGIN, 0, WIDTH, image.height)
    for column in (1, 2, 3):
        gap = MARGIN + column * (CELL + GAP) - GAP
        assert is_white(months_only, gap, 0, gap + GAP, months_only.height)


@IN_EVERY_LANGUAGE
def test_largest_picture_is_small(content: Content, locale: Locale) -> None:
    with Catalogues(content.translations).using(locale):
        sheet = calendar_sheet(answer(), worst_calendar())

    png = draw_calendar(sheet)

    assert len(png) < MAX_BYTES
    assert Image.open(io.BytesIO(png)).width == WIDTH


@IN_EVERY_LANGUAGE
def test_longest_caption_fits(content: Content, locale: Locale) -> None:
    with Catalogues(content.translations).using(locale):
        captions = [
            render_calendar(replace(answer(), is_owner=is_owner), worst_calendar())
            for is_owner in (True, False)
        ]

    assert max(len(plain_text(caption)) for caption in captions) <= CAPTION_LIMIT


def test_kinds_differ_in_black_and_white() -> None:
    darkness = sorted(
        ImageStat.Stat(tile(kind, 226, 104).convert("L")).mean[0] for kind in MonthKind
    )

    assert all(lighter - darker > 8 for darker, lighter in pairwise(darkness))


def test_key_is_that_of_the_content_alone(content: Content) -> None:
    catalogues = Catalogues(content.translations)
    given = answer()
    with catalogues.using(Locale.RU):
        key = picture_key(calendar_sheet(given, worst_calendar()))
        of_another = picture_key(calendar_sheet(replace(given, last4="0707"), worst_calendar()))
        next_day = picture_key(
            calendar_sheet(replace(given, as_of=date(2026, 11, 22)), worst_calendar())
        )
        of_stranger = picture_key(calendar_sheet(given, worst_calendar().for_strangers()))
    with catalogues.using(Locale.KY):
        kyrgyz = picture_key(calendar_sheet(given, worst_calendar()))

    assert key == of_another
    assert len({key, next_day, of_stranger, kyrgyz}) == 4
    assert len(key) == 32


@pytest.mark.parametrize("text", ["слово", "очень длинная строка из многих коротких слов", ""])
def test_lines_are_about_as_long_as_one_another(text: str) -> None:
    font = bold(44)

    lines = balanced(text, font, 500)

    assert " ".join(lines) == text
    assert max(map(font.getlength, lines)) <= 500
    if len(lines) > 1:
        assert min(map(font.getlength, lines)) > max(map(font.getlength, lines)) / 2
