"""The sign of each kind of month: told apart by shape, pattern and lightness, not by colour alone.

Colours are of Okabe and Ito's palette, which colour-blind people tell apart.
"""

from functools import cache

from PIL import Image, ImageColor, ImageDraw

from bot.domain.calendar import MonthKind

WHITE, INK = "#FFFFFF", "#1A1A1A"
_BLUE, _VERMILLION, _SKY, _ORANGE = "#0072B2", "#D55E00", "#56B4E9", "#E69F00"
# Shades from white to each colour, for smooth edges: sixteen colours make a small file.
_SHADES = {INK: 5, _BLUE: 4, _VERMILLION: 3, _SKY: 2, _ORANGE: 1}
# Shapes are drawn larger and shrunk: Pillow's lines have jagged edges.
_SCALE = 4
_THIN = 3 * _SCALE


@cache
def tile(kind: MonthKind, width: int, height: int) -> Image.Image:
    """Give a tile with the pattern and the mark of a kind."""
    large = Image.new("RGB", (width * _SCALE, height * _SCALE), WHITE)
    draw = ImageDraw.Draw(large)
    {
        MonthKind.COVERED: _covered,
        MonthKind.HOLE: _hole,
        MonthKind.AWAITED: _awaited,
        MonthKind.GRACE: _grace,
    }[kind](draw, *large.size)
    return large.resize((width, height), Image.Resampling.LANCZOS)


@cache
def plain_tile(width: int, height: int) -> Image.Image:
    """Give the ground of a covered month without its mark."""
    return Image.new("RGB", (width, height), _BLUE)


@cache
def palette() -> Image.Image:
    """Give the colours of the picture, as Pillow takes a palette."""
    white = ImageColor.getrgb(WHITE)
    colours = list(white)
    for colour, shades in _SHADES.items():
        for shade in range(1, shades + 1):
            pairs = zip(white, ImageColor.getrgb(colour), strict=True)
            colours += [light + (full - light) * shade // shades for light, full in pairs]
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image


def _covered(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Fill dark, with a tick."""
    draw.rectangle((0, 0, width, height), fill=_BLUE)
    x, y, part = width / 2, height / 2, height / 10
    points = [(x - 3.2 * part, y), (x - part, y + 2.2 * part), (x + 3.2 * part, y - 2.4 * part)]
    _thick_line(draw, points, 1.3 * part, WHITE)


def _hole(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Leave white inside a thick frame, with a cross."""
    draw.rectangle((0, 0, width - 1, height - 1), outline=_VERMILLION, width=height // 13)
    x, y, arm = width / 2, height / 2, height * 0.23
    for side in (-1, 1):
        points = [(x - arm, y - side * arm), (x + arm, y + side * arm)]
        _thick_line(draw, points, height * 0.13, _VERMILLION)


def _awaited(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Hatch, with a clock."""
    step = 14 * _SCALE
    for left in range(-height, width, step):
        draw.line((left, height, left + height, 0), fill=_SKY, width=4 * _SCALE)
    draw.rectangle((0, 0, width - 1, height - 1), outline=INK, width=_THIN)
    x, y, radius, line = width / 2, height / 2, height * 0.34, height // 16
    _disc(draw, x, y, radius, INK)
    _disc(draw, x, y, radius - line, WHITE)
    points = [(x, y - radius * 0.62), (x, y), (x + radius * 0.45, y + radius * 0.25)]
    _thick_line(draw, points, line, INK)


def _grace(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Stripe, with an exclamation mark."""
    stripes = 4
    stripe = height / (2 * stripes + 1)
    for number in range(stripes + 1):
        top = 2 * number * stripe
        draw.rectangle((0, top, width, top + stripe), fill=_ORANGE)
    draw.rectangle((0, 0, width - 1, height - 1), outline=INK, width=_THIN)
    x, y, radius = width / 2, height / 2, height * 0.34
    _disc(draw, x, y, radius, INK)
    _thick_line(draw, [(x, y - radius * 0.55), (x, y + radius * 0.12)], radius * 0.26, WHITE)
    _disc(draw, x, y + radius * 0.55, radius * 0.15, WHITE)


def _thick_line(
    draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float, colour: str
) -> None:
    """Draw a line with round joints and ends."""
    draw.line(points, fill=colour, width=round(width))
    for x, y in points:
        _disc(draw, x, y, width / 2, colour)


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
