"""Ways back to full cover: months to pay, compared, and ways without payment."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bot.domain.amounts import price
from bot.domain.assessment import FreeWay, PaidWay, Payment, Status, WayCode, Ways
from bot.domain.coverage import Coverage
from bot.domain.crisis_level import possible_from
from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import PAYER_RELATIONS, Residence
from bot.domain.status import is_mixed_run


def find_ways(status: Status, coverage: Coverage, on: date, parameters: Parameters) -> Ways:
    """Work out every way back for this status; none for the insured.

    Raises:
        ParameterNotInForceError: the amount of some month is not verified.
    """
    if status is Status.OUTSIDE:
        return Ways(free=(FreeWay(WayCode.FOREIGNER),))
    if status not in (Status.CONDITIONAL, Status.UNINSURED):
        return Ways()
    return Ways(_paid_ways(status, coverage, on, parameters), _free_ways(coverage, on, parameters))


def _paid_ways(
    status: Status, coverage: Coverage, on: date, parameters: Parameters
) -> dict[WayCode, PaidWay]:
    needed = int(parameters.run_months.at(on))
    window = _window_maker(coverage, needed, on, parameters)

    gaps = window(0)
    # Somebody goes on paying, or the debt keeps the cover: only the old months are missing.
    if coverage.relation_goes_on() or status is Status.CONDITIONAL:
        return {WayCode.GAPS: gaps, WayCode.CHEAPEST: gaps}
    ahead = window(needed - 1)
    if coverage.assumptions.mixed_run_counts:
        candidates = [gaps, *(window(later) for later in range(1, needed - 1)), ahead]
    else:
        candidates = [gaps, ahead]
    # Later windows keep the person insured longer, so the last of the cheapest wins.
    lowest = min(_cost(way) for way in candidates)
    cheapest = next(way for way in reversed(candidates) if _cost(way) == lowest)
    return {WayCode.GAPS: gaps, WayCode.AHEAD: ahead, WayCode.CHEAPEST: cheapest}


def _window_maker(
    coverage: Coverage, needed: int, on: date, parameters: Parameters
) -> Callable[[int], PaidWay]:
    """Give a function that pays the holes of the window ending so many months after this one.

    Each hole is priced once: the twelve windows share their months.
    """
    month = coverage.month
    goes_on = coverage.relation_goes_on()
    prices: dict[Month, Payment] = {}

    def payment_of(hole: Month) -> Payment:
        if hole not in prices:
            (prices[hole],) = price(coverage.person, (hole,), on, parameters)
        return prices[hole]

    def window(later: int) -> PaidWay:
        last = month + later
        holes = coverage.holes(last - needed + 1, last)
        # What is paid only reaches to the end of the window; prepaid months carry on from there.
        until = coverage.run_end(last)
        return PaidWay(
            payments=tuple(payment_of(hole) for hole in holes),
            until=None if until == month and goes_on else until,
            is_mixed=is_mixed_run(coverage, needed, frozenset(holes)),
            has_next_year=any(hole.year > on.year for hole in holes),
        )

    return window


def _cost(way: PaidWay) -> Decimal:
    return sum((payment.amount or Decimal(0) for payment in way.payments), Decimal(0))


def _free_ways(coverage: Coverage, on: date, parameters: Parameters) -> tuple[FreeWay, ...]:
    person, month = coverage.person, coverage.month
    if person.residence is Residence.EAEU_WORKER:
        return (FreeWay(WayCode.FOREIGNER), FreeWay(WayCode.DATA_WRONG))
    codes = [WayCode.CATEGORY, WayCode.DISABILITY, WayCode.DATA_WRONG]
    if not person.has(PAYER_RELATIONS, month):
        codes.insert(0, WayCode.UNEMPLOYED)
    ways = [FreeWay(code) for code in codes]
    since = possible_from(person, month, on, parameters)
    if since is not None and (person.level is None or person.level.is_crisis):
        ways.insert(1, FreeWay(WayCode.CRISIS_LEVEL, None if since == month else since))
    return tuple(ways)
