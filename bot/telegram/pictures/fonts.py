"""Noto Sans, which has every Kazakh and Kyrgyz letter, and text that fits a width."""

import io
from functools import cache

from PIL.ImageFont import FreeTypeFont, Layout, truetype
from pymupdf_fonts import fontbuffers  # type: ignore[import-untyped]  # ships no types

_REGULAR, _BOLD = "notos", "notosbo"


@cache
def regular(size: int) -> FreeTypeFont:
    return _font(_REGULAR, size)


@cache
def bold(size: int) -> FreeTypeFont:
    return _font(_BOLD, size)


def font_bytes(*, is_bold: bool) -> bytes:
    """Give the font as a file has it."""
    return bytes(fontbuffers[_BOLD if is_bold else _REGULAR]())


def wrapped(text: str, font: FreeTypeFont, width: float) -> list[str]:
    """Break a text between words into lines no wider than *width* pixels."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def balanced(text: str, font: FreeTypeFont, width: float) -> list[str]:
    """Break a text into as few lines as *width* allows, of about the same length."""
    lines: list[str] = []
    narrower = wrapped(text, font, width)
    fewest = len(narrower)
    while len(narrower) == fewest and narrower != lines:
        lines = narrower
        narrower = wrapped(text, font, max(map(font.getlength, lines)) - 1)
    return lines


def _font(name: str, size: int) -> FreeTypeFont:
    # The basic layout: the full one loses the dot of the Kazakh і to a rule of this font.
    return truetype(io.BytesIO(fontbuffers[name]()), size, layout_engine=Layout.BASIC)
