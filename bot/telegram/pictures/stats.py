"""Charts for operators: told apart by pattern and lightness, not by colour alone."""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image

from bot.telegram.pictures.fonts import bold, regular, wrapped
from bot.telegram.pictures.plots import DPI, DRAWING, INK, PLAIN, WHITE, font

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# A picture drawn in another way is another picture: raise this with every change of the drawing.
_VERSION = 1
_WIDTH, _MARGIN = 1080, 40
_TITLE, _TEXT, _SMALL = 44, 32, 28
_LINE = 1.35
_PLOT_HEIGHT, _ROW_HEIGHT = 620, 104
_GREY = "#595959"
# Okabe and Ito's colours from dark to light, each with a pattern of its own.
_LOOKS = (
    ("#0072B2", ""),
    ("#E69F00", "//"),
    ("#56B4E9", ".."),
    ("#D55E00", "xx"),
    ("#F0E442", "--"),
    ("#DDDDDD", "\\\\"),
)
_COLOURS = 48
_LABELS = 8


@dataclass(frozen=True, slots=True)
class Stack:
    """One group through the days."""

    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """A column a day; *down* hangs below the line, *few* marks days of which nothing is known."""

    labels: tuple[str, ...]
    up: tuple[Stack, ...]
    down: tuple[Stack, ...]
    few: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One bar with its name above and its number beside that."""

    name: str
    number: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of parts that have names, or none to be told apart.

    Attributes:
        are_shares: each bar is as long as the others, whatever its number.
    """

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    are_shares: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a picture shows; *empty* stands where there is nothing to draw."""

    title: str
    subtitle: str
    body: Columns | Bars
    footer: str
    empty: str


def chart_key(chart: Chart) -> str:
    """Name the picture of a chart: equal charts share one."""
    return hashlib.blake2b(f"chart{_VERSION}{chart!r}".encode(), digest_size=16).hexdigest()


def draw_chart(chart: Chart) -> bytes:
    """Draw the chart as a PNG 1080 pixels wide."""
    with DRAWING:
        return _drawn(chart)


def _drawn(chart: Chart) -> bytes:
    from matplotlib.figure import Figure  # noqa: PLC0415 - as in plots.py

    title = wrapped(chart.title, bold(_TITLE), _WIDTH - 2 * _MARGIN)
    legend = _legend(chart.body)
    top = _MARGIN + len(title) * _TITLE * _LINE + _TEXT * _LINE + 16
    footer = wrapped(chart.footer, regular(_SMALL), _WIDTH - 2 * _MARGIN) if chart.footer else []
    legend_height = len(legend) * _TEXT * _LINE + (16 if legend else 0)
    body_height = _body_height(chart.body)
    bottom = _MARGIN + len(footer) * _SMALL * _LINE
    height = round(top + legend_height + body_height + bottom)
    figure = Figure(figsize=(_WIDTH / DPI, height / DPI), dpi=DPI, facecolor=WHITE)
    page = _Page(figure, height)
    y = float(_MARGIN)
    for line in title:
        page.text(_MARGIN, y, line, _TITLE, is_bold=True)
        y += _TITLE * _LINE
    page.text(_MARGIN, y, chart.subtitle, _TEXT, colour=_GREY)
    y = top
    for row in legend:
        for x, look, name in row:
            page.bar(x, y + 4, 56, 32, look)
            page.text(x + 70, y, name, _TEXT)
        y += _TEXT * _LINE
    y = top + legend_height
    _draw_body(page, chart, y, body_height)
    y += body_height
    for line in footer:
        page.text(_MARGIN, y, line, _SMALL, colour=_GREY)
        y += _SMALL * _LINE
    return _png(figure)


def _draw_body(page: "_Page", chart: Chart, y: float, height: float) -> None:
    body = chart.body
    if isinstance(body, Bars):
        if body.rows:
            _draw_bars(page, body, y)
            return
    elif any(value for stack in (*body.up, *body.down) for value in stack.values):
        _draw_columns(page, body, y, height)
        return
    page.text(_MARGIN, y + height / 2 - _TEXT, chart.empty, _TEXT)


def _body_height(body: Columns | Bars) -> int:
    return _PLOT_HEIGHT if isinstance(body, Columns) else max(len(body.rows), 1) * _ROW_HEIGHT + 20


def _legend(body: Columns | Bars) -> list[list[tuple[float, int, str]]]:
    """Lay the names out in lines: place, look, name."""
    names = body.names if isinstance(body, Bars) else [s.name for s in (*body.up, *body.down)]
    used = [
        (look, name)
        for look, name in enumerate(names)
        if not isinstance(body, Bars) or any(row.parts[look] for row in body.rows)
    ]
    lines: list[list[tuple[float, int, str]]] = []
    x = float(_WIDTH)
    for look, name in used:
        width = 70 + regular(_TEXT).getlength(name) + 36
        if x + width > _WIDTH - _MARGIN + 36:
            lines.append([])
            x = _MARGIN
        lines[-1].append((x, look, name))
        x += width
    return lines


def _draw_columns(page: "_Page", body: Columns, y: float, height: float) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - as in plots.py

    axes = page.axes(_MARGIN + 86, y, _WIDTH - 2 * _MARGIN - 100, height - 70)
    places = range(len(body.labels))
    line = 24 / max(len(body.labels), 30)
    for sign, stacks, first in ((1, body.up, 0), (-1, body.down, len(body.up))):
        ends = [0.0] * len(body.labels)
        for look, stack in enumerate(stacks, first):
            axes.bar(places, [sign * v for v in stack.values], 0.8, ends, **_look(look, line))
            ends = [end + sign * v for end, v in zip(ends, stack.values, strict=True)]
    few = [place for place in places if body.few[place]]
    axes.plot(few, [0] * len(few), linestyle="", marker="x", color=INK, ms=9, mew=2, clip_on=False)
    axes.set_xlim(-0.7, len(body.labels) - 0.3)
    step = -(-len(body.labels) // _LABELS)
    # The last day is the one people look for.
    marked = [place for place in places if (len(body.labels) - 1 - place) % step == 0]
    axes.set_xticks(marked, [body.labels[place] for place in marked])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(
        lambda value, _place: f"{abs(value):,.0f}".replace(",", "\u00a0")
    )
    axes.grid(axis="y", color="#CCCCCC", linewidth=1)
    axes.axhline(0, color=INK, linewidth=1.5)
    axes.set_axisbelow(True)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(_SMALL))
        label.set_color(INK)


def _draw_bars(page: "_Page", body: Bars, y: float) -> None:
    width = _WIDTH - 2 * _MARGIN
    longest = max(sum(row.parts) for row in body.rows)
    for place, row in enumerate(body.rows):
        top = y + place * _ROW_HEIGHT
        page.text(_MARGIN, top, _shortened(row), _TEXT)
        page.text(_WIDTH - _MARGIN, top, row.number, _TEXT, is_bold=True, align="right")
        scale = width / (sum(row.parts) if body.are_shares else longest)
        x = float(_MARGIN)
        for look, part in enumerate(row.parts):
            if part:
                page.bar(x, top + 46, part * scale, 36, look)
            x += part * scale


def _shortened(row: Row) -> str:
    """Cut a name that would run into its number."""
    room = _WIDTH - 2 * _MARGIN - bold(_TEXT).getlength(row.number) - 24
    name = row.name
    while regular(_TEXT).getlength(name) > room:
        name = name[:-2].rstrip() + "…"
    return name


class _Page:
    """A figure by pixels from its upper left corner."""

    def __init__(self, figure: "Figure", height: int) -> None:
        self._figure = figure
        self._height = height

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        is_bold: bool = False,
        colour: str = INK,
        align: str = "left",
    ) -> None:
        self._figure.text(
            x / _WIDTH,
            1 - y / self._height,
            text,
            fontproperties=font(size, is_bold=is_bold),
            color=colour,
            ha=align,
            va="top",
            **PLAIN,
        )

    def axes(self, x: float, y: float, width: float, height: float) -> "Axes":
        place = (x / _WIDTH, 1 - (y + height) / self._height)
        axes = self._figure.add_axes((*place, width / _WIDTH, height / self._height))
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        return axes

    def bar(self, x: float, y: float, width: float, height: float, look: int) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - as in plots.py

        place = (x / _WIDTH, 1 - (y + height) / self._height)
        size = (width / _WIDTH, height / self._height)
        # An axes for each of them would take as long as all the rest.
        transform = self._figure.transFigure
        self._figure.add_artist(Rectangle(place, *size, transform=transform, **_look(look)))


def _look(number: int, line: float = 0.8) -> dict[str, Any]:
    colour, hatch = _LOOKS[number]
    return {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": line}


def _png(figure: "Figure") -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - as in plots.py

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]  # matplotlib's own types stop here
    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    image = Image.frombuffer("RGBA", canvas.get_width_height(), bytes(pixels)).convert("RGB")
    file = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()
