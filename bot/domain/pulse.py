"""How fast a broadcast goes, seen from how far it was a moment ago."""

from collections import deque


class Pulse:
    """Remembers how far it was during the last while; times are seconds that never go back."""

    SPAN_S = 30.0
    SHORTEST_S = 1.0

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, at_s: float, finished: int) -> None:
        """Note how many are finished with."""
        self._seen.append((at_s, finished))
        while at_s - self._seen[0][0] > self.SPAN_S:
            self._seen.popleft()

    @property
    def per_s(self) -> float | None:
        """Give people a second; None before there are two looks."""
        (first_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        if last_s - first_s < self.SHORTEST_S:
            return None
        return (last - first) / (last_s - first_s)
