"""The status as it may be told: not from data that are too old, no sums that nobody verified."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Status, Ways
from bot.domain.outcome import find_outcome
from bot.domain.parameters import ParameterNotInForceError, Parameters
from bot.domain.person import Person

# They say that something is missing, and it may have come since the day of the data.
_NOT_FROM_OLD_DATA = frozenset({Status.UNINSURED, Status.CONDITIONAL})


@dataclass(frozen=True, slots=True)
class Judgement:
    """An assessment and what is wrong with it.

    Attributes:
        assessment: status ``unknown`` for nobody, and where the data are too old to tell.
        is_stale: there is a record, and the data are older than the operator's limit.
        unverified: the figure that nobody verified for the day; the sums then repeat the last known
            ones, for checking facts only.
    """

    assessment: Assessment
    is_stale: bool = False
    unverified: ParameterNotInForceError | None = None

    def for_residents(self) -> Assessment:
        """Give the assessment without sums that nobody verified."""
        return self.assessment.without_amounts() if self.unverified else self.assessment


def judge(
    person: Person | None,
    on: date,
    parameters: Parameters,
    *,
    data_age_days: int,
    max_age_days: int,
) -> Judgement:
    """Assess a person of the register, or nobody, for telling people.

    Args:
        on: the day asked about.
        data_age_days: how old the register is on that day.
        max_age_days: the operator's limit; older data call nobody uninsured or conditionally
            insured, and name nothing to pay.

    Source: domain rules §1.2, row 0.
    """
    if person is None:
        return Judgement(Assessment(Status.UNKNOWN))
    unverified = None
    try:
        assessment = assess(person, on, parameters)
    except ParameterNotInForceError as error:
        unverified = error
        assessment = assess(person, on, parameters.assumed_unchanged())
    if data_age_days <= max_age_days:
        return Judgement(assessment, unverified=unverified)
    if assessment.status in _NOT_FROM_OLD_DATA:
        return Judgement(Assessment(Status.UNKNOWN), is_stale=True)
    # What the data prove stays proven; what is still to be paid may have been paid since.
    free = Ways(free=assessment.ways.free)
    return Judgement(replace(assessment, ways=free), is_stale=True)


def count_uninsured(people: Iterable[Person], on: date, parameters: Parameters) -> int:
    """Count who is uninsured on a day; figures that nobody verified are taken as unchanged."""
    assumed = parameters.assumed_unchanged()
    outcomes = (find_outcome(person, on, assumed) for person in people)
    return sum(outcome.status is Status.UNINSURED for outcome in outcomes)
