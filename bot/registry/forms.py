"""IINs and phones of many rows at once: which surely have the right form.

What these functions accept, :mod:`bot.registry.rows` accepts too; what they do not is for it to
judge and to name.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

_IIN_DIGITS = 12
_WEIGHTS = np.array(
    [(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)], np.int16
)
_SHORTEST_PHONE, _LONGEST_PHONE = 8, 16
_ZERO, _PLUS = ord("0"), ord("+")


def are_iins(iins: Sequence[bytes]) -> Flags:
    """Tell which of these texts of twelve bytes are IINs."""
    digits = np.frombuffer(b"".join(iins), np.uint8).reshape(-1, _IIN_DIGITS).astype(np.int16)
    digits -= _ZERO
    first, second = _WEIGHTS @ digits[:, :-1].T % 11
    control = np.where(first == 10, second, first)
    month = digits[:, 2] * 10 + digits[:, 3]
    may_be_bin = (month >= 1) & (month <= 12) & (digits[:, 4] >= 4) & (digits[:, 4] <= 6)
    may_be_bin &= digits[:, 5] <= 3
    flags: Flags = np.logical_and.reduce(
        (
            ((digits >= 0) & (digits <= 9)).all(axis=1),
            control == digits[:, -1],
            digits.any(axis=1),
            ~may_be_bin,
        )
    )
    return flags


def are_phones(phones: Sequence[bytes]) -> Flags:
    """Tell which of these texts are phones in the international form, or empty."""
    lengths = np.fromiter(map(len, phones), np.int64, len(phones))
    # Two more bytes, so that the second one of the last phone is there to look at.
    text = np.frombuffer(b"".join(phones) + b"..", np.uint8)
    starts = np.cumsum(lengths) - lengths
    is_digit = (text >= _ZERO) & (text <= _ZERO + 9)
    digits_before = np.concatenate(([0], np.cumsum(is_digit)))
    digits = digits_before[starts + lengths] - digits_before[starts]
    flags: Flags = np.logical_and.reduce(
        (
            text[starts] == _PLUS,
            text[starts + 1] != _ZERO,
            digits == lengths - 1,
            lengths >= _SHORTEST_PHONE,
            lengths <= _LONGEST_PHONE,
        )
    )
    flags |= lengths == 0
    return flags
