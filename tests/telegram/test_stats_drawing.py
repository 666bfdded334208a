"""The charts of operators: every letter is there, nothing runs over, patterns tell groups apart."""

import io
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import combinations, cycle

import numpy as np
import pytest
from PIL import Image

from bot.content.library import Content
from bot.domain.locales import Locale
from bot.domain.stats import FEWEST, Kind, Period, Series, Topic, show_day
from bot.telegram.i18n import Catalogues
from bot.telegram.pictures.stats import _LOOKS, Bars, Chart, Row, chart_key, draw_chart
from bot.telegram.rendering.stats import stats_text
from bot.telegram.rendering.stats_chart import stats_chart
from bot.telegram.rendering.values import plain_text
from tests.stats_sample import season

LAST = date(2026, 11, 20)
WIDTH, MARGIN, MAX_BYTES, CAPTION = 1080, 20, 150_000, 1024
IN_EVERY_LANGUAGE = pytest.mark.parametrize("locale", Locale)


@cache
def figures(days: int = 90) -> Mapping[Kind, Series]:
    raw = season(LAST, days)
    order = tuple(sorted(raw))
    shown = [show_day(raw[day]) for day in order]
    return {kind: Series(order, tuple(day[kind] for day in shown)) for kind in Kind}


def drawn(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(draw_chart(chart)))


@pytest.fixture(scope="module")
def catalogues(content: Content) -> Catalogues:
    return Catalogues(content.translations)


@pytest.mark.parametrize(("topic", "locale"), [*zip(Topic, cycle(Locale), strict=False)])
def test_picture_is_wide_and_small_with_clean_margins(
    catalogues: Catalogues, topic: Topic, locale: Locale
) -> None:
    with catalogues.using(locale):
        png = draw_chart(stats_chart(topic, figures(), 30))

    image = Image.open(io.BytesIO(png)).convert("L")
    assert image.width == WIDTH
    assert len(png) < MAX_BYTES
    for box in (
        (0, 0, MARGIN, image.height),
        (WIDTH - MARGIN, 0, WIDTH, image.height),
        (0, 0, WIDTH, MARGIN),
        (0, image.height - MARGIN, WIDTH, image.height),
    ):
        assert image.crop(box).getextrema() == (255, 255)


@IN_EVERY_LANGUAGE
def test_captions_say_it_in_words_and_fit(catalogues: Catalogues, locale: Locale) -> None:
    with catalogues.using(locale):
        captions = {
            (topic, days): stats_text(topic, figures(), days) for topic in Topic for days in Period
        }

    assert max(len(plain_text(caption)) for caption in captions.values()) <= CAPTION
    assert all(caption.startswith("<b>") for caption in captions.values())
    assert len(set(captions.values())) == len(captions)


def test_every_bar_of_the_picture_is_in_the_caption(catalogues: Catalogues) -> None:
    with catalogues.using(Locale.KK):
        for topic in (Topic.REASONS, Topic.LAST_VIEWS, Topic.REFUSED):
            body = stats_chart(topic, figures(), 30).body
            caption = stats_text(topic, figures(), 30)
            assert isinstance(body, Bars)
            assert [row for row in body.rows if f"{row.name}: {row.number}" not in caption] == []


@pytest.mark.filterwarnings("error")
def test_every_letter_of_every_language_is_in_the_font() -> None:
    """matplotlib warns of a letter that is missing, and here a warning is an error."""
    letters = "әғқңөұүһіӘҒҚҢӨҰҮҺІ ңөүёыэъйҢӨҮЁЫЭЪЙ … –"

    drawn(Chart(letters[:18], letters[18:40], Bars((), ()), "", letters[:20]))


def test_kazakh_i_keeps_its_dot() -> None:
    def height(text: str) -> int:
        image = drawn(Chart("", text, Bars((), ()), "", "")).convert("L")
        rows = np.flatnonzero((np.asarray(image) < 200).any(axis=1))
        return int(rows.max() - rows.min())

    assert height("мі") == height("мi") > height("м")


def test_groups_differ_in_black_and_white() -> None:
    """Of two groups either the lightness differs clearly or the pattern does."""
    names = tuple("abcdef")
    pieces = []
    for look in range(len(_LOOKS)):
        parts = tuple(int(place == look) for place in range(len(_LOOKS)))
        image = drawn(Chart("", "", Bars(names, (Row("", "", parts),)), "", "")).convert("L")
        pixels = np.asarray(image)[-120:-40]
        rows = np.flatnonzero((pixels < 250).mean(axis=1) > 0.5)
        piece = pixels[rows.min() + 4 : rows.max() - 3, 200:800].astype(float)
        pieces.append(piece)

    for one, other in combinations(range(len(_LOOKS)), 2):
        lightness = abs(np.median(pieces[one]) - np.median(pieces[other]))
        assert lightness > 12 or _LOOKS[one][1] != _LOOKS[other][1], (one, other)
    assert len({hatch for _colour, hatch in _LOOKS}) == len(_LOOKS)


def test_key_is_that_of_the_content_alone(catalogues: Catalogues) -> None:
    with catalogues.using(Locale.RU):
        same = [chart_key(stats_chart(Topic.ANSWERS, figures(), 30)) for _ in range(2)]
        others = [
            chart_key(stats_chart(Topic.ANSWERS, figures(), 7)),
            chart_key(stats_chart(Topic.REASONS, figures(), 30)),
        ]
    with catalogues.using(Locale.KY):
        others.append(chart_key(stats_chart(Topic.ANSWERS, figures(), 30)))

    assert same[0] == same[1]
    assert len({same[0], *others}) == 4


def test_picture_of_nothing_says_that_it_is_few(catalogues: Catalogues) -> None:
    few = {kind: Series((LAST,) * 30, (show_day({})[kind],) * 30) for kind in Kind}
    with catalogues.using(Locale.RU):
        charts = [stats_chart(topic, few, 30) for topic in Topic]
        captions = [stats_text(topic, few, 30) for topic in Topic if topic is not Topic.REGISTER]

    assert all(f"{FEWEST}" in caption.split("\n")[0] for caption in captions)
    assert all(chart.empty for chart in charts)
    assert str(FEWEST) in charts[0].empty
    assert all(drawn(chart).width == WIDTH for chart in charts)
