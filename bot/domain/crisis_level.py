"""Levels D and E of the Digital Family Card: when the akimat pays (domain rules §4)."""

from datetime import date

from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import PAYER_RELATIONS, Person


def possible_from(person: Person, month: Month, on: date, parameters: Parameters) -> Month | None:
    """Give the first month in which a crisis level would cover a person without a payer.

    The pension money must have been silent for three months before that month. None where the law
    is not in force yet or somebody is due to pay for the person. The level itself is not looked at.
    """
    if not parameters.crisis_level_cover.at(on) or person.has(PAYER_RELATIONS, month):
        return None
    if person.pension_paid is None:
        return month
    quiet = int(parameters.crisis_level_quiet_months.at(on))
    return max(month, person.pension_paid.shift(quiet + 1))
