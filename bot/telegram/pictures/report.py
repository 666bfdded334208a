"""The picture of a broadcast's report: what became of it by language, and over time.

On a white ground of its own, so that it reads the same in light and dark chats. Whoever imports
this module waits half a second for Matplotlib.
"""

import io
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from bot.telegram.pictures.plots import DPI, DRAWING, INK, PLAIN, WHITE, font
from bot.telegram.pictures.report_sheet import Sheet

# Okabe and Ito's colours, which colour-blind people tell apart, and patterns for black and white.
_LOOKS = (
    ("#0072B2", ""),
    ("#D55E00", "xxx"),
    ("#9A9A9A", "///"),
    ("#E69F00", "..."),
    ("#E4EEF5", ""),
)
_FAINT = "#C8C8C8"
_WIDTH, _HEIGHT = 10.0, 8.8
# In parts of the width, as the axes are.
_LEFT = 0.03
_TITLE, _HEADING, _TEXT = 32, 30, 26
_MOST_LABELS = 7


def draw_sheet(sheet: Sheet) -> bytes:
    """Draw a PNG 1000 pixels wide; to be called in a thread."""
    with DRAWING:
        figure = build_figure(sheet)
        file = io.BytesIO()
        FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]  # has no types
    return file.getvalue()


def build_figure(sheet: Sheet) -> Figure:
    """Lay everything out."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=DPI, facecolor=WHITE)
    heading = font(_HEADING, is_bold=True)
    figure.text(_LEFT, 0.945, sheet.title, fontproperties=font(_TITLE, is_bold=True))
    figure.text(_LEFT, 0.895, sheet.subtitle, fontproperties=font(_TEXT))
    _draw_legend(figure, sheet)
    figure.text(_LEFT, 0.695, sheet.by_language, fontproperties=heading)
    _draw_languages(figure.add_axes((_LEFT, 0.398, 1 - 2 * _LEFT, 0.284)), sheet)
    figure.text(_LEFT, 0.339, sheet.over_time, fontproperties=heading)
    _draw_moments(figure.add_axes((0.13, 0.08, 0.84, 0.225)), sheet)
    for text in figure.findobj(Text):
        text.set(color=INK, **PLAIN)
    return figure


def _draw_legend(figure: Figure, sheet: Sheet) -> None:
    used = [
        place
        for place in range(len(sheet.fates))
        if any(bar.numbers[place] for bar in sheet.languages)
    ]
    figure.legend(
        handles=[Patch(**_look(place), label=sheet.fates[place]) for place in used],
        loc="upper left",
        bbox_to_anchor=(0.02, 0.885),
        ncols=2,
        frameon=False,
        prop=font(_TEXT),
        handlelength=1.6,
        labelspacing=0.1,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def _draw_languages(axes: Axes, sheet: Sheet) -> None:
    """Draw a bar of the same length for each language, with its name and numbers above it."""
    for row, bar in enumerate(sheet.languages):
        people, left = sum(bar.numbers), 0.0
        for place, number in enumerate(bar.numbers):
            width = number / people
            axes.barh(row, width, height=0.42, left=left, **_look(place))
            left += width
        words: dict[str, Any] = {
            "va": "bottom",
            "color": INK,
            "fontproperties": font(_TEXT),
        }
        axes.text(0, row - 0.26, bar.name, ha="left", **words)
        axes.text(1, row - 0.26, bar.text, ha="right", **words)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(sheet.languages) - 0.6, -0.75)
    axes.set_axis_off()


def _draw_moments(axes: Axes, sheet: Sheet) -> None:
    """Draw a column for each step of time, its fates above one another."""

    places = range(len(sheet.moments))
    bottoms = [0] * len(sheet.moments)
    for fate in range(len(sheet.fates) - 1):
        numbers = [moment.numbers[fate] for moment in sheet.moments]
        if any(numbers):
            axes.bar(places, numbers, width=0.85, bottom=bottoms, **_look(fate))
        bottoms = [below + number for below, number in zip(bottoms, numbers, strict=True)]
    every = -(-len(sheet.moments) // _MOST_LABELS)
    labelled = places[::every]
    axes.set_xticks(labelled, [sheet.moments[place].label for place in labelled])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True, min_n_ticks=1))
    top = axes.get_ylim()[1]
    axes.set_yticks([number for number in axes.get_yticks() if 0 <= number <= top])
    axes.yaxis.set_major_formatter(lambda number, _place: f"{number:,.0f}".replace(",", "\u00a0"))
    # One column alone would fill the whole width.
    spare = max(0.0, (6 - len(sheet.moments)) / 2)
    axes.set_xlim(-0.6 - spare, len(sheet.moments) - 0.4 + spare)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=_FAINT, linewidth=1)
    axes.tick_params(length=0)
    # Below the nought of the other axis.
    axes.tick_params(axis="x", pad=16)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(_TEXT))
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(INK)


def _look(place: int) -> dict[str, Any]:
    colour, pattern = _LOOKS[place]
    return {"facecolor": colour, "hatch": pattern, "edgecolor": WHITE, "linewidth": 0.8}
