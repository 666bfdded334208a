"""Whole lines of a text file, by the places where they end."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

_COMMA, _LINE_END, _LAST_ASCII = ord(","), ord("\n"), 0x7F
_NOT_PLAIN = b'"\r\0'


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines.

    Attributes:
        text: of all of them, each with a line end.
        ends: where the line ends are.
    """

    text: bytes
    ends: Places

    @classmethod
    def of(cls, text: bytes) -> "Lines":
        return cls(text, np.flatnonzero(np.frombuffer(text, np.uint8) == _LINE_END))

    def __len__(self) -> int:
        return len(self.ends)

    def __iter__(self) -> Iterator[bytes]:
        """Give each line without its end."""
        return map(self.line, range(len(self)))

    def line(self, place: int) -> bytes:
        """Give one line without its end."""
        start = int(self.ends[place - 1]) + 1 if place else 0
        return self.text[start : int(self.ends[place])]

    def plain(self, columns: int) -> tuple[bytes, Places]:
        """Give the lines that are surely split into so many columns by their commas alone.

        They are ASCII without quotes, NUL and returns. Also gives their places among all lines.
        """
        text = np.frombuffer(self.text, np.uint8)
        commas = np.flatnonzero(text == _COMMA)
        counts = np.diff(np.searchsorted(commas, self.ends), prepend=0)
        is_plain = counts == columns - 1
        if not self.text.isascii() or any(byte in self.text for byte in _NOT_PLAIN):
            odd = (text > _LAST_ASCII) | np.isin(text, np.frombuffer(_NOT_PLAIN, np.uint8))
            is_plain[np.searchsorted(self.ends, np.flatnonzero(odd))] = False
        places = np.flatnonzero(is_plain)
        if is_plain.all():
            return self.text, places
        lengths = np.diff(self.ends, prepend=-1)
        return text[np.repeat(is_plain, lengths)].tobytes(), places
