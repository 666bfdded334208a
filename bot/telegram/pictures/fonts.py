"""Noto Sans, which has every Kazakh and Kyrgyz letter, and text that fits a width."""

import io
from functools import cache

from PIL.ImageFont import FreeTypeFont, truetype
from pymupdf_fonts import fontbuffers  # type: ignore[import-untyped]  # ships no types

_REGULAR, _BOLD = "notos", "notosbo"


@cache
def regular(size: int) -> FreeTypeFont:
    return truetype(io.BytesIO(_bytes(_REGULAR)), size)


@cache
def bold(size: int) -> FreeTypeFont:
    return truetype(io.BytesIO(_bytes(_BOLD)), size)


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


@cache
def _bytes(name: str) -> bytes:
    data: bytes = fontbuffers[name]()
    return data
