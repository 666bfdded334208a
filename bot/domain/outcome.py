"""Where a person stands in short: what is counted over a whole register."""

from dataclasses import fields
from datetime import date
from typing import NamedTuple

from bot.domain.assessment import ReasonCode, Status
from bot.domain.assumptions import ASSUMED, Assumptions
from bot.domain.coverage import Coverage
from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import Person
from bot.domain.reasons import find_reasons
from bot.domain.status import Decision


class Outcome(NamedTuple):
    """The status, and of the uninsured the main reason."""

    status: Status
    reason: ReasonCode | None = None


def find_outcome(
    person: Person, on: date, parameters: Parameters, assumptions: Assumptions = ASSUMED
) -> Outcome:
    """Find status and first reason of :func:`bot.domain.assess.assess`, in half of its time.

    Region and clinic play no part.

    Raises:
        ParameterNotInForceError: a figure of the law is not verified for a day that matters.
    """
    coverage = Coverage(person, on, int(parameters.due_day.at(on)), assumptions)
    status = Decision(coverage, on, parameters).decide().status
    if status is not Status.UNINSURED:
        return Outcome(status)
    reasons = find_reasons(status, coverage, on, parameters)
    return Outcome(status, reasons[0].code if reasons else None)


def are_alike(one: date, other: date, parameters: Parameters) -> bool:
    """Tell whether nobody's outcome can differ between two days unless the facts do.

    That is so within a month, before its due day or after it, unless a figure of the law changes.

    Raises:
        ParameterNotInForceError: the due day is not verified for one of the days.
    """
    first, last = sorted((one, other))
    due_day = int(parameters.due_day.at(first))
    return (
        Month.of(first) == Month.of(last)
        and (first.day > due_day) is (last.day > due_day)
        and not any(
            first < value.since <= last
            for field in fields(Parameters)
            for value in getattr(parameters, field.name).values
        )
    )
