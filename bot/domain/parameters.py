"""Dated parameters of the law: a value holds from its first to its last verified day."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache


class ParameterNotInForceError(LookupError):
    """No editor has verified a value for this day; we never fall back to the latest known one."""

    def __init__(self, key: str, day: date) -> None:
        super().__init__(
            f"no verified value of {key} on {day}: add it to data/parameters/{key}.yaml"
        )
        self.key = key
        self.day = day


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value in force from *since*; *verified_until* is None where it holds until amended."""

    since: date
    value: Decimal
    reference: str
    verified_until: date | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure of the law over time, values ordered by their first day."""

    key: str
    values: tuple[DatedValue, ...]

    def in_force(self, day: date) -> DatedValue:
        """Give the value with its reference.

        Raises:
            ParameterNotInForceError: nobody verified a value for *day*.
        """
        for value in reversed(self.values):
            if value.since <= day:
                if value.verified_until is not None and day > value.verified_until:
                    break
                return value
        raise ParameterNotInForceError(self.key, day)

    def at(self, day: date) -> Decimal:
        return self.in_force(day).value


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Every figure the law names, one YAML file each in data/parameters/.

    Rates are shares of the base (0.05 is 5 %); bases and caps are multiples of the minimum wage;
    lengths are months, deadlines days of a month or working days; amounts are tenge.
    """

    minimum_wage: Parameter
    mci: Parameter
    independent_rate: Parameter
    independent_base: Parameter
    proprietor_rate: Parameter
    proprietor_base: Parameter
    employer_rate: Parameter
    employer_cap: Parameter
    employee_rate: Parameter
    employee_cap: Parameter
    contract_rate: Parameter
    contract_cap: Parameter
    platform_rate: Parameter
    platform_cap: Parameter
    platform_income_limit: Parameter
    state_rate: Parameter
    akimat_rate: Parameter
    run_months: Parameter
    grace_months: Parameter
    long_grace_months: Parameter
    long_grace_paid_months: Parameter
    crisis_level_cover: Parameter
    crisis_level_quiet_months: Parameter
    due_day: Parameter
    status_days: Parameter
    refund_days: Parameter
    unemployed_days_from: Parameter
    unemployed_days_to: Parameter
    temporary_status_months: Parameter
    payment_code: Parameter
    employer_payment_code: Parameter

    def assumed_unchanged(self) -> "Parameters":
        """Give the same parameters as if the last verified values held for ever.

        For ordering ways and checking facts only: an amount that comes from here is never shown
        to a resident.
        """
        return _assumed_unchanged(self)


# Copies are never equal: prices worked out for one are not found for the next.
@lru_cache(maxsize=8)
def _assumed_unchanged(parameters: Parameters) -> Parameters:
    return Parameters(
        **{
            field.name: _without_end(getattr(parameters, field.name))
            for field in fields(Parameters)
        }
    )


def _without_end(parameter: Parameter) -> Parameter:
    *earlier, last = parameter.values
    return replace(parameter, values=(*earlier, replace(last, verified_until=None)))
