"""Keeps the garbage collector from what it need not look at."""

import gc

# Of new objects; most go by themselves before there are so many more than were given back.
_LOOK_AFTER = 20_000


def keep_loaded() -> None:
    """Spare the collector what is there by now: walking over it stops everything for 100 ms.

    It also looks less often at what comes later: with the standard setting a broadcast spends a
    quarter of its time on that (docs/benchmarks.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOK_AFTER, *gc.get_threshold()[1:])
