"""The next twelve months of an answer, as things are or after a change."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Basis, Status
from bot.domain.assumptions import ASSUMED
from bot.domain.changes import (
    MONTHS_AHEAD,
    Change,
    Supposition,
    apply_change,
    pays_monthly,
)
from bot.domain.coverage import Cover, Coverage
from bot.domain.months import Month, months_between
from bot.domain.parameters import Parameters
from bot.domain.person import PAYER_RELATIONS, Payer, Person, SpellCode

# What is still to come is written as paid, so that a month without payment is a hole at once.
_PAID_IN_TIME = replace(ASSUMED, awaited_is_not_debt=False)
_OTHERS_PAY = frozenset({Cover.STATE, Cover.AKIMAT})
_PAYERS = {
    SpellCode.JOB: Payer.EMPLOYER,
    SpellCode.PROPRIETOR: Payer.PROPRIETOR,
    SpellCode.CONTRACT: Payer.CONTRACT,
    SpellCode.PLATFORM: Payer.PLATFORM,
    SpellCode.FARM: Payer.FARM,
}


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """The status of one month.

    Attributes:
        until: the last month of this status; None where somebody goes on paying, or no end is
            known.
        is_mixed: rests on a run of past and prepaid months together.
    """

    month: Month
    status: Status
    basis: Basis | None
    until: Month | None
    is_mixed: bool = False


def look_ahead(
    person: Person, on: date, parameters: Parameters, supposition: Supposition
) -> tuple[MonthAhead, ...]:
    """Assess this month and the eleven after it, a month at a time.

    Whoever is due to pay is supposed to pay each month in time: the employer, customer, platform,
    proprietor or farm head while the relation lasts, an independent payer who pays monthly while
    the change says nothing else. A crisis level counts to the end of the year, as the akimat pays.
    Later days are assessed by the rules known today; no amount is taken from them.
    """
    rules = parameters.assumed_unchanged()
    coverage = Coverage(person, on, int(rules.due_day.at(on)), ASSUMED)
    needed = int(rules.run_months.at(on))
    changed = apply_change(supposition, coverage, assess(person, on, rules), needed)
    own_until = _own_payments_until(supposition, coverage)
    relation_pays = supposition.change is not Change.AS_NOW or not _is_in_arrears(coverage)
    months = [_ahead(coverage.month, assess(changed, on, rules), own_until)]
    for month in months_between(coverage.month + 1, coverage.month + MONTHS_AHEAD - 1):
        last_day = month.shift(1).first_day - timedelta(days=1)
        seen = _as_seen_in(month, changed, coverage, own_until, relation_pays=relation_pays)
        months.append(_ahead(month, assess(seen, last_day, rules, _PAID_IN_TIME), own_until))
    return tuple(months)


def _ahead(month: Month, assessment: Assessment, own_until: Month | None) -> MonthAhead:
    is_paid_on = (
        assessment.basis is Basis.CONTRIBUTIONS and own_until is not None and month < own_until
    )
    until = None if is_paid_on else assessment.until
    return MonthAhead(month, assessment.status, assessment.basis, until, assessment.is_mixed)


def _own_payments_until(supposition: Supposition, coverage: Coverage) -> Month | None:
    """Say until when an independent payer goes on month by month; None where there is none."""
    now = coverage.month
    if not pays_monthly(coverage):
        return None
    match supposition.change:
        case Change.STOP:
            return Month(supposition.number)
        case Change.JOB:
            return Month(supposition.number - 1)
        case Change.PAY | Change.UNEMPLOYED:
            return now.shift(-1)
        case _:
            return now.shift(MONTHS_AHEAD)


def _is_in_arrears(coverage: Coverage) -> bool:
    """Tell whether somebody is due to pay and did not pay the last month that had to be paid."""
    last_due = coverage.last_due
    is_due = coverage.person.has(PAYER_RELATIONS, last_due) and coverage.relation_goes_on()
    return is_due and not coverage.is_covered(last_due)


def _as_seen_in(
    month: Month,
    person: Person,
    coverage: Coverage,
    own_until: Month | None,
    *,
    relation_pays: bool,
) -> Person:
    """Give the person as the register will show it once *month* is paid, and no later month.

    Args:
        relation_pays: an employer, a customer, a platform or a business in arrears is not supposed
            to begin paying by itself.
    """
    now = coverage.month
    payments: dict[Month, Payer] = {}
    pension_paid = person.pension_paid
    for paid in months_between(now - 1, month):
        cover = coverage.cover(paid)
        if cover in _OTHERS_PAY or (paid < now and cover is not Cover.AWAITED):
            continue
        payer = _payer_due(person, paid)
        if payer is not None and not relation_pays:
            continue
        if payer is not None:
            # Pension money goes with the pay; only the crisis level looks at it.
            pension_paid = max(pension_paid or paid, paid)
        elif paid < now or (own_until is not None and paid <= own_until):
            payer = Payer.INDEPENDENT
        if payer is not None:
            payments[paid] = payer
    return replace(
        person,
        contributions=person.contributions.with_payments(payments),
        pension_paid=pension_paid,
        level=person.level if month.year == now.year else None,
    )


def _payer_due(person: Person, month: Month) -> Payer | None:
    """Say who is due to pay by a relation that lasts."""
    relations = person.active(PAYER_RELATIONS, month)
    return _PAYERS[relations[0].code] if relations else None
