"""The memory of a process and of those it starts (Linux only)."""

import threading
from pathlib import Path

_SAMPLE_S = 0.2


class PeakMemory:
    """Watches processes until the block ends.

    Attributes:
        peak_mb: the most they had together; what several share counts once.
    """

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_SAMPLE_S):
            together_kb = sum(map(_proportional_kb, _with_children(self._pid)))
            self.peak_mb = max(self.peak_mb, together_kb / 1024)


def _with_children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [pid, *(each for child in text.split() for each in _with_children(int(child)))]


def _proportional_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
