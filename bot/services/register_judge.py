"""The rules as the register needs them, to count people of a whole generation."""

from collections.abc import Sequence
from datetime import date

from bot.domain.outcome import Outcome, are_alike, find_outcome
from bot.domain.parameters import Parameters
from bot.domain.person import Person


class RegisterJudge:
    """Finds outcomes; figures that nobody verified are taken as unchanged.

    Args:
        parameters: every figure the law names.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters.assumed_unchanged()

    def find_outcomes(self, people: Sequence[Person], on: date) -> list[Outcome]:
        """Give the outcome of each on a day."""
        return [find_outcome(person, on, self._parameters) for person in people]

    def are_alike(self, one: date, other: date) -> bool:
        """Tell whether nobody's outcome can differ between the days unless the facts do."""
        return are_alike(one, other, self._parameters)
