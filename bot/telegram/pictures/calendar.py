"""The calendar picture: a grid of months, readable on a phone and in black and white."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.domain.calendar import MonthKind
from bot.telegram.pictures.fonts import balanced, bold, regular, wrapped
from bot.telegram.pictures.tiles import INK, WHITE, palette, plain_tile, tile

# A picture drawn in another way is another picture: raise this with every change of the drawing.
_VERSION = 1
_WIDTH, _MARGIN, _GAP = 1000, 30, 12
_IN_ROW = 4
_CELL = (_WIDTH - 2 * _MARGIN - (_IN_ROW - 1) * _GAP) // _IN_ROW
_LABEL, _TILE, _ROW_GAP = 48, 104, 14
_TITLE_SIZE, _HEADING_SIZE, _MONTH_SIZE, _YEAR_SIZE, _LEGEND_SIZE = 44, 36, 34, 30, 30
_TITLE_LINE, _HEADING_LINE, _LEGEND_LINE = 56, 56, 38
_SWATCH = (84, 56)
_LEGEND_IN_ROW = 2
_LEGEND_WIDTH = (_WIDTH - 2 * _MARGIN - _GAP) // _LEGEND_IN_ROW
_LEGEND_GAP = 16
_TITLE_GAP, _NAME_GAP = 10, 12


@dataclass(frozen=True, slots=True)
class Cell:
    """One month; *letter* stands for who paid."""

    month: str
    year: str
    kind: MonthKind
    letter: str


@dataclass(frozen=True, slots=True)
class LegendLine:
    """What a sign means, or a letter on the ground of covered months; "" for none."""

    kind: MonthKind
    letter: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a picture shows, in words and signs."""

    title: str
    past: tuple[Cell, ...]
    ahead_title: str
    ahead: tuple[Cell, ...]
    legend: tuple[LegendLine, ...]
    footer: str


def picture_key(sheet: Sheet) -> str:
    """Name the picture of a sheet: equal sheets share one."""
    return hashlib.blake2b(f"{_VERSION}{sheet!r}".encode(), digest_size=16).hexdigest()


def draw_calendar(sheet: Sheet) -> bytes:
    """Draw the sheet as a PNG 1000 pixels wide."""
    title = balanced(sheet.title, bold(_TITLE_SIZE), _WIDTH - 2 * _MARGIN)
    image = Image.new("RGB", (_WIDTH, _height(sheet, len(title))), WHITE)
    draw = ImageDraw.Draw(image)
    y = _MARGIN
    for line in title:
        draw.text((_MARGIN, y), line, INK, bold(_TITLE_SIZE))
        y += _TITLE_LINE
    y = _draw_grid(image, sheet.past, y + _TITLE_GAP)
    if sheet.ahead:
        draw.text((_MARGIN, y), sheet.ahead_title, INK, bold(_HEADING_SIZE))
        y = _draw_grid(image, sheet.ahead, y + _HEADING_LINE)
    y = _draw_legend(image, sheet.legend, y + _LEGEND_GAP)
    draw.text((_MARGIN, y), sheet.footer, INK, regular(_LEGEND_SIZE))
    file = io.BytesIO()
    image.quantize(palette=palette(), dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _height(sheet: Sheet, title_lines: int) -> int:
    height = 2 * _MARGIN + title_lines * _TITLE_LINE + _TITLE_GAP + _grid_height(sheet.past)
    if sheet.ahead:
        height += _HEADING_LINE + _grid_height(sheet.ahead)
    legend = sum(_row_height(row) for row in _legend_rows(sheet.legend))
    return height + _LEGEND_GAP + legend + _LEGEND_LINE


def _grid_height(cells: Sequence[Cell]) -> int:
    return -(-len(cells) // _IN_ROW) * (_LABEL + _TILE + _ROW_GAP)


def _draw_grid(image: Image.Image, cells: Sequence[Cell], top: int) -> int:
    """Draw months in rows of four; give where the next thing goes."""
    for place, cell in enumerate(cells):
        row, column = divmod(place, _IN_ROW)
        x = _MARGIN + column * (_CELL + _GAP)
        _draw_cell(image, cell, x, top + row * (_LABEL + _TILE + _ROW_GAP))
    return top + _grid_height(cells)


def _draw_cell(image: Image.Image, cell: Cell, x: int, y: int) -> None:
    draw = ImageDraw.Draw(image)
    baseline = y + _LABEL - 12
    draw.text((x, baseline), cell.month, INK, bold(_MONTH_SIZE), anchor="ls")
    year_x = x + bold(_MONTH_SIZE).getlength(cell.month) + _NAME_GAP
    draw.text((year_x, baseline), cell.year, INK, regular(_YEAR_SIZE), anchor="ls")
    image.paste(tile(cell.kind, _CELL, _TILE), (x, y + _LABEL))
    if cell.letter:
        corner = (x + _CELL - 12, y + _LABEL + _TILE - 12)
        draw.text(corner, cell.letter, WHITE, bold(_MONTH_SIZE), anchor="rs")


def _draw_legend(image: Image.Image, legend: Sequence[LegendLine], top: int) -> int:
    y = top
    for row in _legend_rows(legend):
        for column, line in enumerate(row):
            _draw_legend_line(image, line, _MARGIN + column * (_LEGEND_WIDTH + _GAP), y)
        y += _row_height(row)
    return y


def _draw_legend_line(image: Image.Image, line: LegendLine, x: int, y: int) -> None:
    draw = ImageDraw.Draw(image)
    width, height = _SWATCH
    swatch = tile(line.kind, width, height) if line.letter is None else plain_tile(width, height)
    image.paste(swatch, (x, y))
    middle = (x + width / 2, y + height / 2)
    draw.text(middle, line.letter or "", WHITE, bold(_MONTH_SIZE), anchor="mm")
    text = _legend_text(line)
    first = y + (height - len(text) * _LEGEND_LINE) // 2 if len(text) == 1 else y
    for number, words in enumerate(text):
        place = (x + width + _LEGEND_GAP, first + number * _LEGEND_LINE)
        draw.text(place, words, INK, regular(_LEGEND_SIZE))


def _legend_rows(legend: Sequence[LegendLine]) -> list[Sequence[LegendLine]]:
    return [
        legend[first : first + _LEGEND_IN_ROW] for first in range(0, len(legend), _LEGEND_IN_ROW)
    ]


def _row_height(row: Sequence[LegendLine]) -> int:
    lines = max(len(_legend_text(line)) for line in row)
    return max(_SWATCH[1], lines * _LEGEND_LINE) + _LEGEND_GAP


def _legend_text(line: LegendLine) -> list[str]:
    width = _LEGEND_WIDTH - _SWATCH[0] - _LEGEND_GAP
    return wrapped(line.text, regular(_LEGEND_SIZE), width)
