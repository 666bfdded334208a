"""Telegram's objects as plain JSON, because the server stores and sends nothing else."""

import re
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart body."""

    name: str
    content_type: str
    data: bytes


def utf16_length(text: str) -> int:
    """Count the UTF-16 code units of *text*, Telegram's measure of length."""
    return len(text) if text.isascii() else len(text) + len(_ASTRAL.findall(text))
