"""From a person and a day to the whole answer."""

from datetime import date

from bot.domain.assessment import Assessment, Status, TraceStep
from bot.domain.assumptions import ASSUMED, Assumptions
from bot.domain.coverage import Coverage
from bot.domain.parameters import Parameters
from bot.domain.person import Person
from bot.domain.reasons import find_claims, find_reasons
from bot.domain.status import Decision
from bot.domain.ways import find_ways


def assess(
    person: Person, on: date, parameters: Parameters, assumptions: Assumptions = ASSUMED
) -> Assessment:
    """Say whether the person is insured on a day, why not, and every way back.

    Args:
        on: the day asked about, in Kazakhstan.

    Raises:
        ParameterNotInForceError: a figure of the law is not verified for a day that matters.

    Source: domain rules §1.2 and §8.
    """
    coverage = Coverage(person, on, int(parameters.due_day.at(on)), assumptions)
    trace: list[TraceStep] = []
    verdict = Decision(coverage, on, parameters, trace).decide()
    needed = int(parameters.run_months.at(on))
    holes = (
        coverage.holes(coverage.month - needed + 1, coverage.month)
        if verdict.status in (Status.CONDITIONAL, Status.UNINSURED)
        else ()
    )
    reasons = find_reasons(verdict.status, coverage, on, parameters)
    return Assessment(
        status=verdict.status,
        basis=verdict.basis,
        until=verdict.until,
        grace_months=verdict.grace_months,
        holes=holes,
        debt=holes if verdict.status is Status.CONDITIONAL else (),
        spell=verdict.spell,
        last_paid=verdict.last_paid,
        is_mixed=verdict.is_mixed,
        reasons=reasons,
        claims=find_claims(verdict.status, coverage, reasons),
        ways=find_ways(verdict.status, verdict.basis, coverage, on, parameters),
        trace=tuple(trace),
    )
