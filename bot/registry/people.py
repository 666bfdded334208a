"""Many people of the register at once, as the columns in which a snapshot keeps them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class People:
    """People sorted by key, without repetitions: columns of one length.

    Attributes:
        keys: the first 8 bytes of the key of each IIN, as a big-endian number.
        phone_keys: the same of each phone; 0 for none.
        payloads: the facts, see :mod:`bot.registry.payload`.
    """

    keys: Keys
    phone_keys: Keys
    payloads: list[bytes]
