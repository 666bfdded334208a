"""The questions for somebody without an IIN at hand: which one comes next, and what was answered.

A question is left out where its answer no longer matters, so that no path is longer than
:data:`MOST_QUESTIONS`. The answers are a string of letters, one a question: all that is ever kept.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum, StrEnum

MOST_QUESTIONS = 8


class Choice(StrEnum):
    """An answer by its letter, which no other question uses; buttons with it live for ever."""

    CITIZEN = "a"
    PERMIT_OR_REFUGEE = "b"
    KANDAS = "c"
    EAEU_WORKER = "d"
    FOREIGNER = "e"
    ASYLUM_SEEKER = "f"

    # Insured even when working (domain rules §3.2, §7.4).
    UNDER_18 = "g"
    PENSION = "h"
    DISABILITY = "i"
    FULL_TIME_STUDENT = "j"
    LEAVE = "k"
    AWARDED_MOTHER = "l"
    SERVICE = "m"
    NO_CATEGORY = "n"

    # Count for those who do not work; poor health never counts by itself.
    CHILD_UNDER_3 = "o"
    CARE = "p"
    PREGNANT = "q"
    POOR_HEALTH = "r"
    NO_SITUATION = "s"

    EMPLOYEE = "t"
    CONTRACT = "u"
    PLATFORM = "v"
    OWN_BUSINESS = "w"
    UNEMPLOYED = "x"
    SELF_PAYER = "y"
    NOT_WORKING = "z"

    BUSINESS_ACTIVE = "A"
    FARM_HEAD = "B"
    BUSINESS_CLOSED = "C"
    NO_BUSINESS = "D"
    BUSINESS_UNKNOWN = "E"

    PAID_ALL = "F"
    PAID_SOME = "G"
    PAID_NONE = "H"
    PAID_UNKNOWN = "I"
    STARTED_LATELY = "J"

    ENDED_THIS_MONTH = "K"
    ENDED_IN_GRACE = "L"
    ENDED_IN_LONG_GRACE = "M"
    ENDED_LONG_AGO = "N"
    ENDED_UNKNOWN = "O"

    RUN_OF_LONG_GRACE = "P"
    RUN_OF_A_YEAR = "Q"
    RUN_TOO_SHORT = "R"
    RUN_UNKNOWN = "S"

    SOCIAL_ASSISTANCE = "T"
    CRISIS_LEVEL = "U"
    LEVEL_UNKNOWN = "V"
    NO_LEVEL = "W"


class Question(Enum):
    """The questions in their order, with all choices of each."""

    RESIDENCE = "abcdef"
    CATEGORY = "ghijklmn"
    SITUATION = "opqrs"
    WORK = "tuvwxyz"
    BUSINESS = "ABCDE"
    PAID = "FGHJI"
    ENDED = "KLMNO"
    RUN = "PQRS"
    LEVEL = "TUVW"


Answers = frozenset[Choice]

_SITUATIONS_PAID_BY_STATE = frozenset({Choice.CHILD_UNDER_3, Choice.CARE, Choice.PREGNANT})
_EQUAL_TO_CITIZENS = frozenset({Choice.CITIZEN, Choice.PERMIT_OR_REFUGEE, Choice.KANDAS})
_ENDED_LATELY = frozenset(
    {Choice.ENDED_THIS_MONTH, Choice.ENDED_IN_GRACE, Choice.ENDED_IN_LONG_GRACE}
)
_EAEU_WORK = (Choice.EMPLOYEE, Choice.CONTRACT, Choice.NOT_WORKING)


def read_answers(given: str) -> Answers | None:
    """Read the letters of a button; None where no such path exists."""
    answers: Answers = frozenset()
    for letter in given:
        question = next_question(answers)
        if question is None or letter not in choices(question, answers):
            return None
        answers |= {Choice(letter)}
    return answers


def next_question(answers: Answers) -> Question | None:
    """Give the first question that still matters; None when the answers are enough."""
    for question in Question:
        if answers.isdisjoint(_all_choices(question)) and _MATTERS[question](answers):
            return question
    return None


def choices(question: Question, answers: Answers) -> tuple[Choice, ...]:
    """List what can be answered after these answers, in the order of the buttons."""
    if question is Question.WORK and Choice.EAEU_WORKER in answers:
        return _EAEU_WORK
    offered = tuple(_all_choices(question))
    if question is Question.BUSINESS and Choice.OWN_BUSINESS in answers:
        return tuple(choice for choice in offered if choice is not Choice.NO_BUSINESS)
    return offered


def is_in_business(answers: Answers) -> bool:
    """Tell whether the person owes a contribution every month, with or without income."""
    return bool(answers & {Choice.BUSINESS_ACTIVE, Choice.FARM_HEAD})


def has_situation(answers: Answers) -> bool:
    """Tell whether the state would pay for the person without work."""
    return Choice.KANDAS in answers or not answers.isdisjoint(_SITUATIONS_PAID_BY_STATE)


def is_paid_by_state_without_work(answers: Answers) -> bool:
    """Tell whether the state pays for the person as long as she neither works nor has a business.

    An own contribution of an independent payer is no work.
    """
    is_without_work = not answers.isdisjoint(
        {Choice.NOT_WORKING, Choice.SELF_PAYER, Choice.OWN_BUSINESS}
    )
    return is_without_work and not is_in_business(answers) and has_situation(answers)


def _all_choices(question: Question) -> Iterator[Choice]:
    return map(Choice, question.value)


def _business_matters(answers: Answers) -> bool:
    if Choice.EAEU_WORKER in answers:
        return False
    if Choice.SELF_PAYER in answers:
        return has_situation(answers)
    return bool(answers & {Choice.OWN_BUSINESS, Choice.NOT_WORKING})


def _payments_matter(answers: Answers) -> bool:
    if is_in_business(answers) or answers & {Choice.EMPLOYEE, Choice.CONTRACT, Choice.PLATFORM}:
        return True
    is_settled = is_paid_by_state_without_work(answers) and answers.isdisjoint(
        {Choice.PREGNANT, Choice.BUSINESS_UNKNOWN}
    )
    return Choice.SELF_PAYER in answers and not is_settled


def _is_without_payer(answers: Answers) -> bool:
    is_without_work = bool(answers & {Choice.NOT_WORKING, Choice.OWN_BUSINESS})
    return is_without_work and not is_in_business(answers) and Choice.EAEU_WORKER not in answers


def _level_matters(answers: Answers) -> bool:
    """Only without a payer, and only when pension contributions may have stopped long enough."""
    if Choice.SELF_PAYER in answers:
        return (
            not is_in_business(answers)
            and not is_paid_by_state_without_work(answers)
            and Choice.PAID_ALL not in answers
        )
    return bool(answers & {Choice.ENDED_IN_LONG_GRACE, Choice.ENDED_LONG_AGO, Choice.ENDED_UNKNOWN})


_MATTERS: Mapping[Question, Callable[[Answers], bool]] = {
    Question.RESIDENCE: lambda _: True,
    Question.CATEGORY: lambda answers: not answers.isdisjoint(_EQUAL_TO_CITIZENS),
    Question.SITUATION: lambda answers: Choice.NO_CATEGORY in answers,
    Question.WORK: lambda answers: not answers.isdisjoint({Choice.NO_CATEGORY, Choice.EAEU_WORKER}),
    Question.BUSINESS: _business_matters,
    Question.PAID: _payments_matter,
    Question.ENDED: lambda answers: (
        _is_without_payer(answers) and not is_paid_by_state_without_work(answers)
    ),
    Question.RUN: lambda answers: not answers.isdisjoint(_ENDED_LATELY),
    Question.LEVEL: _level_matters,
}
