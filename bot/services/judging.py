"""The status as it may be told: not from data that are too old, no sums that nobody verified."""

from dataclasses import dataclass
from datetime import date

from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Status
from bot.domain.parameters import ParameterNotInForceError, Parameters
from bot.domain.person import Person


@dataclass(frozen=True, slots=True)
class Judgement:
    """An assessment and what is wrong with it.

    Attributes:
        assessment: status ``unknown`` for nobody, and where the data are too old.
        is_stale: the data are too old to say "uninsured".
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
        max_age_days: the operator's limit for saying "uninsured".
    """
    if person is None:
        return Judgement(Assessment(Status.UNKNOWN))
    unverified = None
    try:
        assessment = assess(person, on, parameters)
    except ParameterNotInForceError as error:
        unverified = error
        assessment = assess(person, on, parameters.assumed_unchanged())
    if assessment.status is Status.UNINSURED and data_age_days > max_age_days:
        return Judgement(Assessment(Status.UNKNOWN), is_stale=True)
    return Judgement(assessment, unverified=unverified)
