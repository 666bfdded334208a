"""From answers without an IIN to the likely status and the ways, the free ones that fit first."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from bot.domain.assess import assess
from bot.domain.assessment import (
    PAID_BY_OTHERS,
    Assessment,
    Basis,
    PaidWay,
    Status,
    WayCode,
)
from bot.domain.parameters import Parameters
from bot.domain.screened_people import possible_people
from bot.domain.screener import (
    Answers,
    Choice,
    is_in_business,
    is_paid_by_state_without_work,
    next_question,
)

_RANK = {Status.OUTSIDE: 0, Status.UNINSURED: 1, Status.CONDITIONAL: 2, Status.INSURED: 3}
_OPEN = (
    Choice.PAID_SOME,
    Choice.PAID_UNKNOWN,
    Choice.STARTED_LATELY,
    Choice.BUSINESS_UNKNOWN,
    Choice.ENDED_UNKNOWN,
    Choice.RUN_UNKNOWN,
    Choice.LEVEL_UNKNOWN,
)


class Step(Enum):
    """What to do, in the order of telling: what fits the answers and is free comes first."""

    PROVE_CATEGORY = auto()
    REGISTER_PREGNANCY = auto()
    CHECK_BUSINESS = auto()
    CONFIRM_LEVEL = auto()
    ASK_EMPLOYER = auto()
    ASK_CUSTOMER = auto()
    CHECK_PLATFORM = auto()
    CHECK_PAYMENTS = auto()
    CLOSE_BUSINESS = auto()
    REGISTER_UNEMPLOYED = auto()
    ASSESS_DISABILITY = auto()
    CONTRACT_FOR_FOREIGNERS = auto()
    GO_ON_PAYING = auto()
    PAY = auto()


@dataclass(frozen=True, slots=True)
class Screening:
    """The likely status, and what it rests on.

    Attributes:
        likely: the status that the best and the worst insured person share; None where they differ.
        worst: of the worst insured person the answers allow; the ways are hers.
        best: of the best insured one.
        depends_on: the answers that leave the status open.
    """

    answers: Answers
    worst: Assessment
    best: Assessment
    depends_on: tuple[Choice, ...]
    steps: tuple[Step, ...]

    @property
    def likely(self) -> Status | None:
        return self.worst.status if self.worst.status is self.best.status else None

    @property
    def paid_way(self) -> PaidWay | None:
        """Give what the worst insured pays: ahead, where nobody else goes on paying."""
        return self.worst.ways.paid.get(WayCode.AHEAD) or self.worst.ways.cheapest

    def without_amounts(self) -> "Screening":
        """Give the same with no sums, for a day whose amounts nobody has verified."""
        return replace(self, worst=self.worst.without_amounts(), best=self.best.without_amounts())


def screen(answers: Answers, on: date, parameters: Parameters) -> Screening:
    """Assess the best and the worst insured person that complete answers allow.

    Raises:
        ValueError: a question is still open.
        ParameterNotInForceError: a figure of the law is not verified for a day that matters.
    """
    if (question := next_question(answers)) is not None:
        raise ValueError(f"{question.name} is not answered yet")
    possible = [
        assess(person, on, parameters) for person in possible_people(answers, on, parameters)
    ]
    worst = min(possible, key=_standing)
    best = max(possible, key=_standing)
    depends_on: tuple[Choice, ...] = ()
    if worst.status is not best.status:
        depends_on = tuple(_open_answers(answers))
    steps = {Step(step) for step in _steps(answers, worst)}
    ranked = tuple(step for step in Step if step in steps)
    return Screening(answers, worst, best, depends_on, ranked)


def _standing(assessment: Assessment) -> tuple[int, Decimal]:
    """Order by status, then by what the way back costs at worst."""
    way = assessment.ways.cheapest
    cost = way.total if way is not None and way.total is not None else Decimal(0)
    return _RANK[assessment.status], -cost


def _open_answers(answers: Answers) -> Iterator[Choice]:
    if Choice.PREGNANT in answers and is_paid_by_state_without_work(answers):
        yield Choice.PREGNANT
    yield from (choice for choice in _OPEN if choice in answers)


def _steps(answers: Answers, worst: Assessment) -> Iterator[Step]:
    if not answers.isdisjoint({Choice.FOREIGNER, Choice.ASYLUM_SEEKER, Choice.EAEU_WORKER}):
        yield Step.CONTRACT_FOR_FOREIGNERS
    if worst.status is Status.INSURED:
        yield from _steps_of_insured(answers, worst)
        return
    yield from _payer_steps(answers)
    if Choice.PREGNANT in answers and is_paid_by_state_without_work(answers):
        yield Step.REGISTER_PREGNANCY
    if Choice.BUSINESS_UNKNOWN in answers:
        yield Step.CHECK_BUSINESS
    if is_in_business(answers):
        yield Step.CLOSE_BUSINESS
    if not answers.isdisjoint({Choice.CRISIS_LEVEL, Choice.LEVEL_UNKNOWN}):
        yield Step.CONFIRM_LEVEL
    if _can_register_as_unemployed(answers):
        yield Step.REGISTER_UNEMPLOYED
    if Choice.POOR_HEALTH in answers:
        yield Step.ASSESS_DISABILITY
    if worst.ways.paid:
        yield Step.PAY


def _steps_of_insured(answers: Answers, worst: Assessment) -> Iterator[Step]:
    if worst.basis is Basis.CRISIS_LEVEL:
        yield Step.CONFIRM_LEVEL
    elif worst.basis in PAID_BY_OTHERS:
        yield Step.PROVE_CATEGORY
    if worst.ways.due:
        yield Step.GO_ON_PAYING
    if Choice.ENDED_THIS_MONTH in answers:
        yield Step.REGISTER_UNEMPLOYED


def _payer_steps(answers: Answers) -> Iterator[Step]:
    for choice, step in (
        (Choice.EMPLOYEE, Step.ASK_EMPLOYER),
        (Choice.CONTRACT, Step.ASK_CUSTOMER),
        (Choice.PLATFORM, Step.CHECK_PLATFORM),
        (Choice.PAID_SOME, Step.CHECK_PAYMENTS),
        (Choice.PAID_UNKNOWN, Step.CHECK_PAYMENTS),
        (Choice.STARTED_LATELY, Step.CHECK_PAYMENTS),
        (Choice.ENDED_UNKNOWN, Step.CHECK_PAYMENTS),
        (Choice.RUN_UNKNOWN, Step.CHECK_PAYMENTS),
    ):
        if choice in answers:
            yield step


def _can_register_as_unemployed(answers: Answers) -> bool:
    is_without_work = not answers.isdisjoint(
        {Choice.NOT_WORKING, Choice.OWN_BUSINESS, Choice.SELF_PAYER}
    )
    return is_without_work and not is_in_business(answers) and Choice.EAEU_WORKER not in answers
