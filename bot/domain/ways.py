"""Ways back to full cover: months to pay, compared, and ways without payment."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.amounts import price
from bot.domain.assessment import Basis, FreeWay, PaidWay, Payment, Status, WayCode, Ways
from bot.domain.coverage import Coverage
from bot.domain.crisis_level import possible_from
from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import Residence
from bot.domain.status import is_mixed_run

_NOTHING = Decimal(0)


def find_ways(
    status: Status, basis: Basis | None, coverage: Coverage, on: date, parameters: Parameters
) -> Ways:
    """Work out every way back for this status, and what the person pays next to stay insured.

    Raises:
        ParameterNotInForceError: the amount of some month is not verified.
    """
    if status is Status.OUTSIDE:
        return Ways(free=(FreeWay(WayCode.FOREIGNER),))
    if basis is Basis.CRISIS_LEVEL:
        # The akimat pays for this month; to ask for money would also tell a stranger the level.
        return Ways()
    own_due = _own_due(coverage, on, parameters)
    if status not in (Status.CONDITIONAL, Status.UNINSURED):
        return Ways(due=own_due)
    return Ways(
        _paid_ways(status, coverage, on, parameters),
        _free_ways(coverage, on, parameters),
        own_due,
    )


def _own_due(coverage: Coverage, on: date, parameters: Parameters) -> tuple[Payment, ...]:
    due_day = int(parameters.due_day.at(on))
    payments = price(coverage.person, coverage.own_awaited_months(), on, parameters)
    return tuple(
        replace(payment, by=payment.month.shift(1).first_day.replace(day=due_day))
        for payment in payments
    )


def _paid_ways(
    status: Status, coverage: Coverage, on: date, parameters: Parameters
) -> dict[WayCode, PaidWay]:
    needed = int(parameters.run_months.at(on))
    month, latest = coverage.month, needed - 1
    # Somebody goes on paying, or the debt keeps the cover: only the old months are missing.
    only_gaps = coverage.relation_goes_on() or status is Status.CONDITIONAL
    holes = coverage.holes(month - latest, month if only_gaps else month + latest)
    payments = price(coverage.person, holes, on, parameters)

    def window(later: int) -> PaidWay:
        """Pay the holes of the twelve months that end so many months after this one."""
        first, last = month + later - latest, month + later
        return _way(coverage, [p for p in payments if first <= p.month <= last], last, needed)

    gaps = window(0)
    if only_gaps:
        return {WayCode.GAPS: gaps, WayCode.CHEAPEST: gaps}
    ahead = window(latest)
    cheapest = latest
    if coverage.assumptions.mixed_run_counts:
        cheapest = _cheapest(payments, month, needed)
    elif _total(gaps) < _total(ahead):
        cheapest = 0
    return {
        WayCode.GAPS: gaps,
        WayCode.AHEAD: ahead,
        WayCode.CHEAPEST: {0: gaps, latest: ahead}.get(cheapest) or window(cheapest),
    }


def _way(coverage: Coverage, payments: Sequence[Payment], last: int, needed: int) -> PaidWay:
    # What is paid only reaches to the end of the window; prepaid months carry on from there.
    until = coverage.run_end(last)
    goes_on = until == coverage.month and coverage.relation_goes_on()
    return PaidWay(
        payments=tuple(payments),
        until=None if goes_on else until,
        is_mixed=is_mixed_run(coverage, needed, frozenset(p.month for p in payments)),
        has_next_year=bool(payments) and payments[-1].month.year > coverage.month.year,
    )


def _cheapest(payments: Sequence[Payment], month: Month, needed: int) -> int:
    """Choose the window that costs least; of equal ones the latest, which insures longest."""
    amounts: dict[int, Decimal] = {each.month: each.amount or _NOTHING for each in payments}
    total = sum([amounts.get(month - ago, _NOTHING) for ago in range(needed)], _NOTHING)
    best, lowest = 0, total
    for later in range(1, needed):
        total += amounts.get(month + later, _NOTHING)
        total -= amounts.get(month + later - needed, _NOTHING)
        if total <= lowest:
            best, lowest = later, total
    return best


def _total(way: PaidWay) -> Decimal:
    return way.total or _NOTHING


def _free_ways(coverage: Coverage, on: date, parameters: Parameters) -> tuple[FreeWay, ...]:
    person, month = coverage.person, coverage.month
    if person.residence is Residence.EAEU_WORKER:
        return (FreeWay(WayCode.FOREIGNER), FreeWay(WayCode.DATA_WRONG))
    codes = [WayCode.CATEGORY, WayCode.DISABILITY, WayCode.DATA_WRONG]
    if not coverage.relation_goes_on():
        codes.insert(0, WayCode.UNEMPLOYED)
    ways = [FreeWay(code) for code in codes]
    since = possible_from(person, month, on, parameters)
    if since is not None and (person.level is None or person.level.is_crisis):
        ways.insert(len(ways) - 3, FreeWay(WayCode.CRISIS_LEVEL, None if since == month else since))
    return tuple(ways)
