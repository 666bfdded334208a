"""How often something may happen: some at once, then one in a while."""

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Gives out turns; by the generic cell rate algorithm, which keeps one number.

    Attributes:
        interval_s: one turn in so many seconds, in the long run.
        burst: so many turns at once, after a rest.
    """

    interval_s: float
    burst: int = 1
    _next_s: float = float("-inf")

    def reserve(self, now_s: float) -> float:
        """Take the next turn; give the seconds to wait for it."""
        earned = now_s - (self.burst - 1) * self.interval_s
        turn = max(self._next_s, earned)
        self._next_s = turn + self.interval_s
        return max(turn - now_s, 0.0)
