"""Values for the placeholders of guides: amounts and days come from data/, never from a text."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.content.yaml_files import read_yaml
from bot.domain.amounts import monthly_amount
from bot.domain.parameters import ParameterNotInForceError, Parameters
from bot.domain.person import Payer

_NO_BREAK_SPACE = "\u00a0"


class Requisites(BaseModel):
    """Where contributions go."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    beneficiary_bin: str
    beneficiary_account: str
    beneficiary_bic: str
    beneficiary_kbe: str


def load_requisites(path: Path) -> Requisites:
    """Read data/requisites.yaml.

    Raises:
        ContentError: the file is missing or not of its form.
    """
    return read_yaml(path, Requisites)


def format_tenge(amount: Decimal) -> str:
    """Write whole tenge: 51 000 ₸, never broken over two lines."""
    return f"{amount:,.0f}".replace(",", _NO_BREAK_SPACE) + f"{_NO_BREAK_SPACE}₸"


def placeholder_values(
    parameters: Parameters, requisites: Requisites, on: date
) -> Mapping[str, str | None]:
    """Give every placeholder's value on a day; None where nobody verified it."""
    values: dict[str, str | None] = dict(requisites.model_dump())
    for name, compute in _PLACEHOLDERS.items():
        try:
            values[name] = compute(parameters, on)
        except ParameterNotInForceError:
            values[name] = None
    return values


def _percent(rate: Decimal) -> str:
    return f"{rate * 100:f}".rstrip("0").rstrip(".") + f"{_NO_BREAK_SPACE}%"


def _independent_12(parameters: Parameters, on: date) -> str:
    monthly = monthly_amount(Payer.INDEPENDENT, on, parameters)
    return format_tenge(monthly * parameters.run_months.at(on))


_PLACEHOLDERS: Mapping[str, Callable[[Parameters, date], str]] = {
    "independent_monthly": lambda p, on: format_tenge(monthly_amount(Payer.INDEPENDENT, on, p)),
    "independent_12": _independent_12,
    "proprietor_monthly": lambda p, on: format_tenge(monthly_amount(Payer.PROPRIETOR, on, p)),
    "minimum_wage": lambda p, on: format_tenge(p.minimum_wage.at(on)),
    "payment_code": lambda p, on: str(p.payment_code.at(on)),
    "due_day": lambda p, on: str(p.due_day.at(on)),
    "status_days": lambda p, on: str(p.status_days.at(on)),
    "refund_days": lambda p, on: str(p.refund_days.at(on)),
    "run_months": lambda p, on: str(p.run_months.at(on)),
    "grace_months": lambda p, on: str(p.grace_months.at(on)),
    "long_grace_months": lambda p, on: str(p.long_grace_months.at(on)),
    "temporary_status_months": lambda p, on: str(p.temporary_status_months.at(on)),
    "long_grace_paid_months": lambda p, on: str(p.long_grace_paid_months.at(on)),
    "crisis_level_quiet_months": lambda p, on: str(p.crisis_level_quiet_months.at(on)),
    "employee_rate": lambda p, on: _percent(p.employee_rate.at(on)),
    "employer_rate": lambda p, on: _percent(p.employer_rate.at(on)),
    "contract_rate": lambda p, on: _percent(p.contract_rate.at(on)),
    "platform_rate": lambda p, on: _percent(p.platform_rate.at(on)),
    "platform_income_limit": lambda p, on: format_tenge(
        p.platform_income_limit.at(on) * p.mci.at(on)
    ),
    "unemployed_days": lambda p, on: (
        f"{p.unemployed_days_from.at(on)}\u2013{p.unemployed_days_to.at(on)}"
    ),
}
