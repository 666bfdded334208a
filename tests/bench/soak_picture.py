"""The course of a soak as a picture: memory above, descriptors and tasks below."""

import io
from collections.abc import Sequence
from itertools import pairwise
from statistics import linear_regression

from PIL import Image, ImageDraw

from bot.telegram.pictures.fonts import bold, regular

_WIDTH, _HEIGHT = 1200, 760
_LEFT, _RIGHT = 90, 30
_UPPER, _LOWER = (70, 430), (520, 690)
_INK, _GRID, _SHADE = "#1A1A1A", "#D9D9D9", "#F2F2F2"
# Okabe and Ito's palette, which colour-blind people tell apart.
_BLUE, _ORANGE, _GREEN = "#0072B2", "#D55E00", "#009E73"
_SMALL, _TITLE = 18, 22
_Series = Sequence[tuple[float, float, float]]


def draw_soak(memory: _Series, counts: _Series, warm_s: float) -> bytes:
    """Draw (seconds, RSS, USS) in MB and (seconds, descriptors, tasks); give the PNG.

    The time before *warm_s* is shaded; a line through the rest shows what grows.
    """
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    slopes = [_slope(memory, column, warm_s) for column in (1, 2)]
    _panel(
        draw,
        _UPPER,
        memory,
        warm_s,
        "Memory of the bot, MB",
        (
            (f"RSS, {slopes[0]:+.2f} MB an hour", _BLUE),
            (f"USS, {slopes[1]:+.2f} MB an hour", _ORANGE),
        ),
    )
    _panel(
        draw,
        _LOWER,
        counts,
        warm_s,
        "Open descriptors and tasks",
        (("descriptors", _BLUE), ("tasks", _GREEN)),
    )
    draw.text(
        (_WIDTH / 2, _HEIGHT - 14),
        "minutes; shaded: warm-up",
        fill=_INK,
        font=regular(_SMALL),
        anchor="ms",
    )
    buffer = io.BytesIO()
    image.quantize(32).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _slope(series: _Series, column: int, warm_s: float) -> float:
    warm = [each for each in series if each[0] >= warm_s]
    return linear_regression([each[0] / 3600 for each in warm], [each[column] for each in warm])[0]


def _panel(
    draw: ImageDraw.ImageDraw,
    rows: tuple[int, int],
    series: _Series,
    warm_s: float,
    title: str,
    names: Sequence[tuple[str, str]],
) -> None:
    top, bottom = rows
    step = _step(max(max(each[1:]) for each in series))
    highest = step * (int(max(max(each[1:]) for each in series) / step) + 1)
    longest = series[-1][0]

    def across(seconds: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / longest

    def up(value: float) -> float:
        return bottom - (bottom - top) * value / highest

    draw.rectangle((_LEFT, top, across(warm_s), bottom), fill=_SHADE)
    draw.text((_LEFT, top - 34), title, fill=_INK, font=bold(_TITLE), anchor="ls")
    for number in range(int(highest / step) + 1):
        value = number * step
        draw.line((_LEFT, up(value), _WIDTH - _RIGHT, up(value)), fill=_GRID)
        draw.text(
            (_LEFT - 8, up(value)), f"{value:g}", fill=_INK, font=regular(_SMALL), anchor="rm"
        )
    minute = _step(longest / 60)
    for number in range(int(longest / 60 / minute) + 1):
        x = across(number * minute * 60)
        draw.line((x, bottom, x, bottom + 6), fill=_INK)
        draw.text(
            (x, bottom + 10), f"{number * minute:g}", fill=_INK, font=regular(_SMALL), anchor="mt"
        )
    x = float(_LEFT)
    for column, (name, colour) in enumerate(names, start=1):
        _curve(draw, [(across(each[0]), up(each[column])) for each in series], colour)
        draw.line((x, top - 14, x + 30, top - 14), fill=colour, width=4)
        draw.text((x + 38, top - 14), name, fill=_INK, font=regular(_SMALL), anchor="lm")
        x += 38 + regular(_SMALL).getlength(name) + 40
    draw.line((_LEFT, top, _LEFT, bottom), fill=_INK)
    draw.line((_LEFT, bottom, _WIDTH - _RIGHT, bottom), fill=_INK)


def _curve(draw: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], colour: str) -> None:
    for begin, end in pairwise(points):
        draw.line((*begin, *end), fill=colour, width=3)


def _step(highest: float) -> float:
    """Give a round distance for about six lines."""
    return next(
        (step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if highest / step <= 7), 1000
    )
