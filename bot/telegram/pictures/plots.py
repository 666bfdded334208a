"""What all pictures of Matplotlib share: one is drawn at a time, with our font.

Matplotlib takes a second to import and fifty megabytes, so it is imported by the first picture, in
the thread that draws it.
"""

import tempfile
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.telegram.pictures.fonts import font_bytes

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

# Matplotlib keeps fonts and paths in caches that are not made for threads.
DRAWING = Lock()
DPI = 100
INK, WHITE = "#1A1A1A", "#FFFFFF"
# Words are no formulas, whatever dollars are in them; and a rule of the font would take the dot
# off the Kazakh і.
PLAIN: dict[str, Any] = {"parse_math": False, "fontfeatures": ("-ccmp",)}


def points(pixels: int) -> float:
    return pixels * 72 / DPI


def font(pixels: int, *, is_bold: bool = False) -> "FontProperties":
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - see above

    return FontProperties(fname=str(_font_file(is_bold=is_bold)), size=points(pixels))


@cache
def _font_file(*, is_bold: bool) -> Path:
    path = Path(_font_folder().name) / ("bold.ttf" if is_bold else "regular.ttf")
    path.write_bytes(font_bytes(is_bold=is_bold))
    return path


@cache
def _font_folder() -> "tempfile.TemporaryDirectory[str]":
    """Make the folder for fonts, which Matplotlib reads from files alone."""
    return tempfile.TemporaryDirectory(prefix="saqbol-fonts-")
