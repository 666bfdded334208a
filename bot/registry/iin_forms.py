"""IINs of many rows at once: which of them are right.

What this accepts, :mod:`bot.registry.rows` accepts too; what it does not is for it to name.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

_IIN_DIGITS = 12
_WEIGHTS = np.array(
    [(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)], np.int16
)
_ZERO = ord("0")


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
