"""The likely status for telling people: with no sums that nobody verified."""

from datetime import date

from bot.domain.parameters import ParameterNotInForceError, Parameters
from bot.domain.screener import Answers
from bot.domain.screening import Screening, screen


def screen_for_residents(answers: Answers, on: date, parameters: Parameters) -> Screening:
    """Give the likely status on a day; without sums where nobody has verified the amounts.

    Raises:
        ValueError: a question is still open.
    """
    try:
        return screen(answers, on, parameters)
    except ParameterNotInForceError:
        return screen(answers, on, parameters.assumed_unchanged()).without_amounts()
