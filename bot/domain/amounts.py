"""What one month costs the person who pays it."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from bot.domain.assessment import Payment
from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import Payer, Person, SpellCode

_WHOLE_TENGE = Decimal(1)
_PROPRIETOR = frozenset({SpellCode.PROPRIETOR})
_BUSINESSES = frozenset({SpellCode.PROPRIETOR, SpellCode.FARM})


@lru_cache(maxsize=4096)
def monthly_amount(payer: Payer, day: date, parameters: Parameters) -> Decimal:
    """Compute one month's contribution in whole tenge, rounded half up.

    A sole proprietor and a farm head pay their own rate, everybody else the independent payer's.

    Raises:
        ParameterNotInForceError: no verified value on *day*.
    """
    if payer in (Payer.PROPRIETOR, Payer.FARM):
        rate, base = parameters.proprietor_rate, parameters.proprietor_base
    else:
        rate, base = parameters.independent_rate, parameters.independent_base
    amount = parameters.minimum_wage.at(day) * rate.at(day) * base.at(day)
    return amount.quantize(_WHOLE_TENGE, ROUND_HALF_UP)


def price(
    person: Person, months: Iterable[Month], on: date, parameters: Parameters
) -> tuple[Payment, ...]:
    """Price each month by itself.

    A month of next year is priced at this year's amount, which banks accept until 31 December
    (domain rules §1.1, rule 9).

    Raises:
        ParameterNotInForceError: the amount of some month is not verified.
    """
    return tuple(
        [_payment(payer_of(person, month), month, on.year, parameters) for month in months]
    )


# The same few months come up in every answer, and nobody changes a payment.
@lru_cache(maxsize=4096)
def _payment(payer: Payer, month: Month, year: int, parameters: Parameters) -> Payment:
    day = min(month.first_day, date(year, 12, 31))
    return Payment(month, payer, monthly_amount(payer, day, parameters))


def payer_of(person: Person, month: int) -> Payer:
    """Say as whom the person pays *month*: the proprietor's duty goes before the free choice."""
    if not person.has(_BUSINESSES, month):
        return Payer.INDEPENDENT
    return Payer.PROPRIETOR if person.has(_PROPRIETOR, month) else Payer.FARM
