"""Keeps the garbage collector from what it need not look at, and gives memory back."""

import asyncio
import ctypes
import gc

_GIVE_BACK_EVERY_S = 5 * 60.0
# Of new objects, above those that went again.
_LOOK_AFTER = 20_000


def keep_loaded() -> None:
    """Spare the collector what is there by now: while it walks over that, nothing else goes on.

    It also looks less often at what comes later, most of which goes by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER, *gc.get_threshold()[1:])


async def give_back() -> None:
    """Give what is free to the system again and again: glibc keeps the pages between two pieces.

    With four new people a second these are two megabytes more every hour, though nothing is kept.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    # Other C libraries have none.
    while trim is not None:
        await asyncio.sleep(_GIVE_BACK_EVERY_S)
        await asyncio.to_thread(trim, 0)
