"""What a month's contribution comes to for each payer, from the income of that month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.domain.amounts import monthly_amount
from bot.domain.parameters import Parameter, ParameterNotInForceError, Parameters
from bot.domain.person import Payer

MAX_JOBS = 3
_FIXED = frozenset({Payer.PROPRIETOR, Payer.FARM, Payer.INDEPENDENT})
_WHOLE_TENGE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Share:
    """What one side pays for a month: *rate* of *base*, whole tenge.

    Attributes:
        cap: the highest base, tenge; None where the base is fixed by law.
        cap_wages: the same in minimum wages.
        is_capped: the income is over the cap, so that the base is the cap.
    """

    rate: Decimal
    base: Decimal
    amount: Decimal
    cap: Decimal | None = None
    cap_wages: Decimal | None = None
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Calculation:
    """The contributions of one month and how they are paid.

    Attributes:
        incomes: whole tenge a month, one a job; empty where the contribution is fixed.
        own: the person's contribution, over all jobs.
        employers: each employer's deduction, in the order of the incomes.
        limit: the highest monthly income of the special regime, tenge; None for other payers.
        due_day: day of the following month by which employers, customers and proprietors pay.
        run_months: months in a row that give the status.
    """

    payer: Payer
    day: date
    incomes: tuple[int, ...]
    own: Share
    employers: tuple[Share, ...]
    limit: Decimal | None
    due_day: int
    run_months: int
    payment_code: str
    employer_payment_code: str

    @property
    def total(self) -> Decimal:
        """Give what comes in for a month from all sides."""
        return sum((share.amount for share in self.employers), self.own.amount)

    @property
    def income(self) -> int:
        return sum(self.incomes)

    @property
    def is_over_limit(self) -> bool:
        """Tell whether the special regime is not for this income; its amount means nothing then."""
        return self.limit is not None and self.income > self.limit


def is_fixed(payer: Payer) -> bool:
    """Tell whether the contribution does not depend on the income."""
    return payer in _FIXED


def calculate(
    payer: Payer, incomes: Sequence[int], day: date, parameters: Parameters
) -> Calculation:
    """Compute a month's contributions, each rounded half up to whole tenge.

    An employee's contribution is computed on all jobs together and capped once: over several jobs
    it must not exceed the cap (domain rules §2.1, confidence M). Employers' deductions are capped
    for each job by itself: the sources give the cap for one base and do not say how several
    employers share it (confidence M).

    Args:
        incomes: whole tenge a month, one a job; not looked at where the contribution is fixed.

    Raises:
        ParameterNotInForceError: no verified value on *day*.
    """
    p = parameters
    employers: tuple[Share, ...] = ()
    limit = None
    if is_fixed(payer):
        incomes = ()
        own = _fixed(payer, day, p)
    else:
        rate, cap = {
            Payer.EMPLOYER: (p.employee_rate, p.employee_cap),
            Payer.CONTRACT: (p.contract_rate, p.contract_cap),
            Payer.PLATFORM: (p.platform_rate, p.platform_cap),
        }[payer]
        own = _capped(sum(incomes), rate, cap, day, p)
    if payer is Payer.EMPLOYER:
        employers = tuple(
            _capped(income, p.employer_rate, p.employer_cap, day, p) for income in incomes
        )
    if payer is Payer.PLATFORM:
        limit = p.platform_income_limit.at(day) * p.mci.at(day)
    return Calculation(
        payer=payer,
        day=day,
        incomes=tuple(incomes),
        own=own,
        employers=employers,
        limit=limit,
        due_day=int(p.due_day.at(day)),
        run_months=int(p.run_months.at(day)),
        payment_code=str(p.payment_code.at(day)),
        employer_payment_code=str(p.employer_payment_code.at(day)),
    )


def is_verified(payer: Payer, year: int, parameters: Parameters) -> bool:
    """Tell whether the contribution is known on the first and on the last day of a year."""
    try:
        for day in (date(year, 1, 1), date(year, 12, 31)):
            calculate(payer, [0], day, parameters)
    except ParameterNotInForceError:
        return False
    return True


def _fixed(payer: Payer, day: date, p: Parameters) -> Share:
    is_independent = payer is Payer.INDEPENDENT
    rate = p.independent_rate if is_independent else p.proprietor_rate
    wages = p.independent_base if is_independent else p.proprietor_base
    base = p.minimum_wage.at(day) * wages.at(day)
    return Share(rate.at(day), base, monthly_amount(payer, day, p))


def _capped(income: int, rate: Parameter, cap: Parameter, day: date, p: Parameters) -> Share:
    share, wages = rate.at(day), cap.at(day)
    highest = wages * p.minimum_wage.at(day)
    base = min(Decimal(income), highest)
    return Share(
        rate=share,
        base=base,
        amount=(base * share).quantize(_WHOLE_TENGE, ROUND_HALF_UP),
        cap=highest,
        cap_wages=wages,
        is_capped=income > highest,
    )
