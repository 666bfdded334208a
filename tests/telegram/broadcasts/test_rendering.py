"""Every state, reason and audience has its words, and no picture cuts them off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from bot.content.library import Content
from bot.domain.assessment import ReasonCode, Status
from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import (
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    Hours,
    PauseReason,
)
from bot.domain.locales import Locale
from bot.domain.reports import Trouble
from bot.domain.roles import EVERY_ROLE
from bot.services.broadcasts import Progress
from bot.services.control import Effect, Overview, Report
from bot.storage.broadcasts import Broadcast
from bot.storage.reports import Group
from bot.telegram.i18n import Catalogues
from bot.telegram.pictures.report import build_figure, draw_sheet
from bot.telegram.rendering.audiences import audience_lines
from bot.telegram.rendering.broadcast_table import trouble_name
from bot.telegram.rendering.broadcasts import (
    bar,
    card_text,
    idle_press_text,
    news_text,
    report_text,
)
from bot.telegram.rendering.report_sheet import report_sheet
from bot.telegram.views.broadcasts import card_screen
from tests.worker.field import NEWS

NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
EVERYTHING = Audience(
    locales=frozenset(Locale),
    regions=frozenset({"71", "75"}),
    statuses=frozenset(Status),
    reasons=frozenset({ReasonCode.NO_PAY_12M}),
    covered_until=(date(2026, 12, 1), date(2026, 12, 31)),
    asked_since=date(2026, 11, 1),
    rest_days=3,
    uncertain_of=7,
    answered_from=Origin(rules_version="1"),
    only=frozenset({1, 2}),
)
BROADCAST = Broadcast(
    id=BroadcastId(12),
    author=700000001,
    approver=700000002,
    state=BroadcastState.RUNNING,
    pause_reason=None,
    wordings=NEWS,
    audience=EVERYTHING,
    choices=Choices(NOW, Hours(time(9), time(20)), rather_twice=True, is_paid=True),
    recipients=1_000_000,
    changed_at=NOW,
    withdrawn_at=None,
)
NUMBERS = {
    DeliveryState.PENDING: 400_000,
    DeliveryState.SENDING: 25,
    DeliveryState.SENT: 590_000,
    DeliveryState.FAILED: 4_000,
    DeliveryState.UNREACHABLE: 5_000,
    DeliveryState.UNCERTAIN: 900,
}
OVERVIEW = Overview(
    BROADCAST, Progress(1_000_000, NUMBERS, 75, 0, 0), deletable=9, per_s=24.6, is_open=True
)


@pytest.fixture(params=list(Locale))
def locale(request: pytest.FixtureRequest, content: Content) -> Iterator[Locale]:
    """Make each language that of all texts in turn."""
    with Catalogues(content.translations).using(request.param):
        yield request.param


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize("state", BroadcastState)
def test_every_state_fits_into_a_message_and_a_caption(state: BroadcastState) -> None:
    names = {700000001: "А" * 128}
    for reason in (None, *PauseReason):
        for withdrawn_at in (None, NOW):
            broadcast = replace(
                BROADCAST, state=state, pause_reason=reason, withdrawn_at=withdrawn_at
            )
            overview = replace(OVERVIEW, broadcast=broadcast)
            groups = groups_over(minutes=3)
            assert len(card_text(overview, names)) < 4096
            assert len(news_text(overview)) < 4096
            assert len(report_text(Report(overview, groups))) <= 1024
            assert all(len(idle_press_text(overview, each)) <= 200 for each in Effect)
            keyboard = card_screen(overview, names, EVERY_ROLE).keyboard
            assert keyboard is not None


def groups_over(minutes: int) -> list[Group]:
    return [
        Group(locale, state, None, NOW + timedelta(minutes=minute), 3_000)
        for minute in range(minutes)
        for locale in Locale
        for state in DeliveryState
    ]


@pytest.mark.usefixtures("locale")
def test_every_condition_of_an_audience_is_named() -> None:
    assert len(audience_lines(EVERYTHING)) == 10
    assert audience_lines(Audience())


@pytest.mark.usefixtures("locale")
def test_every_trouble_has_words_of_its_own() -> None:
    assert len({trouble_name(each) for each in Trouble}) == len(Trouble)


@pytest.mark.parametrize(
    ("portion", "drawn"),
    [
        (0.0, "░" * 20 + " 0\u00a0%"),
        (0.5, "█" * 10 + "░" * 10 + " 50\u00a0%"),
        pytest.param(0.9999, "█" * 19 + "░ 99\u00a0%", id="nearly all are not all"),
        (1.0, "█" * 20 + " 100\u00a0%"),
    ],
)
def test_bar_says_its_percent(portion: float, drawn: str) -> None:
    assert bar(portion) == drawn


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize("minutes", [1, 47, 3_000])
def test_picture_cuts_nothing_off_and_no_words_meet(minutes: int) -> None:
    first = groups_over(1)
    far = [replace(each, minute=each.minute + timedelta(minutes=minutes)) for each in first]
    sheet = report_sheet(Report(OVERVIEW, [*first, *far]))
    figure = build_figure(sheet)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # has no types

    boxes = [
        text.get_window_extent()
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    width, height = canvas.get_width_height()
    assert len(boxes) > 12
    for number, box in enumerate(boxes):
        assert min(box.x0, box.y0, width - box.x1, height - box.y1) >= 0
        assert not [other for other in boxes[number + 1 :] if box.overlaps(other)]


def test_picture_is_small_and_a_thousand_pixels_wide(content: Content) -> None:
    with Catalogues(content.translations).using(Locale.KK):
        drawn = draw_sheet(report_sheet(Report(OVERVIEW, groups_over(60))))

    assert int.from_bytes(drawn[16:20], "big") == 1000
    assert len(drawn) < 150_000


def test_picture_shows_dollars_as_they_were_written(content: Content) -> None:
    with Catalogues(content.translations).using(Locale.RU):
        sheet = report_sheet(Report(OVERVIEW, groups_over(2)))

    assert draw_sheet(replace(sheet, subtitle="$x_$"))
