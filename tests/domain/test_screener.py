"""The questions instead of an IIN: every path ends soon and claims no more than it knows."""

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Basis, Status
from bot.domain.months import Month
from bot.domain.person import Contributions, Level, Payer, Person, Spell, SpellCode
from bot.domain.screened_people import possible_people
from bot.domain.screener import (
    MOST_QUESTIONS,
    Answers,
    Choice,
    Question,
    choices,
    next_question,
    read_answers,
)
from bot.domain.screening import Screening, Step, screen
from bot.services.screening import screen_for_residents

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
BEFORE_DUE_DAY, AFTER_DUE_DAY = date(2026, 11, 21), date(2026, 11, 28)
UNVERIFIED_DAY = date(2027, 2, 10)
_RANK = {Status.OUTSIDE: 0, Status.UNINSURED: 1, Status.CONDITIONAL: 2, Status.INSURED: 3}
C, S = Choice, Status
INSURED, CONDITIONAL, UNINSURED, OUTSIDE = S.INSURED, S.CONDITIONAL, S.UNINSURED, S.OUTSIDE
DEPENDS = None

# A citizen of 18 or more, without a category that holds at work.
ADULT = (C.CITIZEN, C.NO_CATEGORY)
PLAIN = (*ADULT, C.NO_SITUATION)
IDLE = (*PLAIN, C.NOT_WORKING, C.NO_BUSINESS)


def all_paths(given: str = "") -> Iterator[str]:
    answers = read_answers(given)
    assert answers is not None
    question = next_question(answers)
    if question is None:
        yield given
        return
    for choice in choices(question, answers):
        yield from all_paths(given + choice)


@cache
def paths() -> tuple[str, ...]:
    return tuple(all_paths())


def answers_of(*path: Choice) -> Answers:
    answers = read_answers("".join(path))
    assert answers is not None, path
    return answers


@cache
def screening_of(path: str, on: date = BEFORE_DUE_DAY) -> Screening:
    return screen(answers_of(*map(C, path)), on, PARAMETERS)


def screened(on: date) -> dict[str, Screening]:
    return {path: screening_of(path, on) for path in paths()}


def test_every_path_ends_within_eight_questions() -> None:
    assert max(map(len, paths())) == MOST_QUESTIONS == 8


def test_every_choice_is_on_some_path_and_has_a_letter_of_its_own() -> None:
    letters = [letter for question in Question for letter in question.value]

    assert sorted(letters) == sorted(set(letters)) == sorted(Choice)
    assert set("".join(paths())) == set(letters)


@pytest.mark.parametrize("on", [BEFORE_DUE_DAY, AFTER_DUE_DAY])
def test_no_path_claims_a_status_where_best_and_worst_differ(on: date) -> None:
    for path, screening in screened(on).items():
        best, worst = screening.best.status, screening.worst.status
        assert _RANK[worst] <= _RANK[best], path
        assert (screening.likely is None) == (worst is not best), path
        assert bool(screening.depends_on) == (screening.likely is None), path
        assert set(screening.depends_on) <= set(map(C, path)), path


@pytest.mark.parametrize("on", [BEFORE_DUE_DAY, AFTER_DUE_DAY])
def test_only_who_may_be_insured_already_has_nothing_to_do(on: date) -> None:
    for path, screening in screened(on).items():
        assert screening.steps or screening.likely is INSURED, path
        assert (Step.PAY in screening.steps) == (screening.paid_way is not None), path
        if screening.paid_way is not None:
            assert screening.steps[-1] is Step.PAY, path


def test_every_paid_way_has_one_amount_a_month_and_is_sure_without_1414() -> None:
    ways = [s.paid_way for s in screened(BEFORE_DUE_DAY).values() if s.paid_way is not None]

    assert ways
    assert {len({payment.amount for payment in way.payments}) for way in ways} == {1}
    assert not any(way.is_mixed for way in ways)


def test_active_business_is_never_sent_to_the_unemployed_or_to_the_clinic() -> None:
    for path, screening in screened(BEFORE_DUE_DAY).items():
        if {C.BUSINESS_ACTIVE, C.FARM_HEAD} & set(map(C, path)):
            free = {Step.REGISTER_UNEMPLOYED, Step.REGISTER_PREGNANCY, Step.CONFIRM_LEVEL}
            assert not free & set(screening.steps), path


def test_months_of_a_year_without_verified_amounts_have_no_sums() -> None:
    for path in paths()[:: len(paths()) // 150]:
        screening = screen_for_residents(answers_of(*map(C, path)), UNVERIFIED_DAY, PARAMETERS)
        payments = [*screening.worst.ways.due]
        if screening.paid_way is not None:
            payments += screening.paid_way.payments
        priced = [payment.month.year for payment in payments if payment.amount is not None]
        assert all(year < UNVERIFIED_DAY.year for year in priced), path


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("?", id="no-letter"),
        pytest.param("aa", id="the-same-question-twice"),
        pytest.param("n", id="second-question-first"),
        pytest.param("agn", id="goes-on-after-the-end"),
        pytest.param("dx", id="not-offered-to-eaeu-workers"),
        pytest.param("answD", id="own-business-and-none"),
        pytest.param("ANST", id="other-case"),
        pytest.param("a n", id="space"),
    ],
)
def test_letters_of_no_path_are_refused(given: str) -> None:
    assert read_answers(given) is None


def test_open_questions_cannot_be_assessed() -> None:
    with pytest.raises(ValueError, match="CATEGORY"):
        screen(answers_of(C.CITIZEN), BEFORE_DUE_DAY, PARAMETERS)


# Who, and the likely status and the first step.
LIVES = {
    "child": ((C.CITIZEN, C.UNDER_18), INSURED, Step.PROVE_CATEGORY),
    "pensioner": ((C.PERMIT_OR_REFUGEE, C.PENSION), INSURED, Step.PROVE_CATEGORY),
    "disability, business or not": ((C.CITIZEN, C.DISABILITY), INSURED, Step.PROVE_CATEGORY),
    "full-time student": ((C.CITIZEN, C.FULL_TIME_STUDENT), INSURED, Step.PROVE_CATEGORY),
    "soldier": ((C.CITIZEN, C.SERVICE), INSURED, Step.PROVE_CATEGORY),
    "employee whose year is paid": ((*PLAIN, C.EMPLOYEE, C.PAID_ALL), INSURED, None),
    "employee who does not know": (
        (*PLAIN, C.EMPLOYEE, C.PAID_UNKNOWN),
        DEPENDS,
        Step.ASK_EMPLOYER,
    ),
    "employee for whom nobody paid": (
        (*PLAIN, C.EMPLOYEE, C.PAID_NONE),
        UNINSURED,
        Step.ASK_EMPLOYER,
    ),
    "just hired": ((*PLAIN, C.EMPLOYEE, C.STARTED_LATELY), DEPENDS, Step.ASK_EMPLOYER),
    "pregnant employee": (
        (*ADULT, C.PREGNANT, C.EMPLOYEE, C.PAID_NONE),
        UNINSURED,
        Step.ASK_EMPLOYER,
    ),
    "contractor with gaps": ((*PLAIN, C.CONTRACT, C.PAID_SOME), DEPENDS, Step.ASK_CUSTOMER),
    "courier of a platform": (
        (*PLAIN, C.PLATFORM, C.PAID_UNKNOWN),
        DEPENDS,
        Step.CHECK_PLATFORM,
    ),
    "proprietor who pays": (
        (*PLAIN, C.OWN_BUSINESS, C.BUSINESS_ACTIVE, C.PAID_ALL),
        INSURED,
        Step.GO_ON_PAYING,
    ),
    "proprietor without income": (
        (*PLAIN, C.OWN_BUSINESS, C.BUSINESS_ACTIVE, C.PAID_NONE),
        UNINSURED,
        Step.CLOSE_BUSINESS,
    ),
    "pregnant with an active business": (
        (*ADULT, C.PREGNANT, C.NOT_WORKING, C.BUSINESS_ACTIVE, C.PAID_NONE),
        UNINSURED,
        Step.CLOSE_BUSINESS,
    ),
    "pregnant without work": (
        (*ADULT, C.PREGNANT, C.NOT_WORKING, C.NO_BUSINESS),
        DEPENDS,
        Step.REGISTER_PREGNANCY,
    ),
    "pregnant, forgotten business": (
        (*ADULT, C.PREGNANT, C.NOT_WORKING, C.BUSINESS_UNKNOWN),
        DEPENDS,
        Step.REGISTER_PREGNANCY,
    ),
    "pregnant, paid for herself": (
        (*ADULT, C.PREGNANT, C.SELF_PAYER, C.NO_BUSINESS, C.PAID_ALL),
        INSURED,
        Step.GO_ON_PAYING,
    ),
    "mother of a small child, business closed": (
        (*ADULT, C.CHILD_UNDER_3, C.NOT_WORKING, C.BUSINESS_CLOSED),
        INSURED,
        Step.PROVE_CATEGORY,
    ),
    "carer": ((*ADULT, C.CARE, C.SELF_PAYER, C.NO_BUSINESS), INSURED, Step.PROVE_CATEGORY),
    "kandas without work": (
        (C.KANDAS, C.NO_CATEGORY, C.NO_SITUATION, C.NOT_WORKING, C.NO_BUSINESS),
        INSURED,
        Step.PROVE_CATEGORY,
    ),
    "registered as unemployed": ((*PLAIN, C.UNEMPLOYED), INSURED, Step.PROVE_CATEGORY),
    "lost the job after a year": (
        (*IDLE, C.ENDED_IN_GRACE, C.RUN_OF_A_YEAR),
        CONDITIONAL,
        Step.REGISTER_UNEMPLOYED,
    ),
    "lost it too long ago for a year": (
        (*IDLE, C.ENDED_IN_LONG_GRACE, C.RUN_OF_A_YEAR, C.NO_LEVEL),
        UNINSURED,
        Step.REGISTER_UNEMPLOYED,
    ),
    "lost it after five paid years": (
        (*IDLE, C.ENDED_IN_LONG_GRACE, C.RUN_OF_LONG_GRACE, C.NO_LEVEL),
        CONDITIONAL,
        Step.REGISTER_UNEMPLOYED,
    ),
    "losing it this month": (
        (*IDLE, C.ENDED_THIS_MONTH, C.RUN_OF_A_YEAR),
        INSURED,
        Step.REGISTER_UNEMPLOYED,
    ),
    "level D": ((*IDLE, C.ENDED_LONG_AGO, C.CRISIS_LEVEL), INSURED, Step.CONFIRM_LEVEL),
    "poor, level unknown": (
        (*IDLE, C.ENDED_LONG_AGO, C.LEVEL_UNKNOWN),
        DEPENDS,
        Step.CONFIRM_LEVEL,
    ),
    "social assistance": (
        (*IDLE, C.ENDED_LONG_AGO, C.SOCIAL_ASSISTANCE),
        INSURED,
        Step.PROVE_CATEGORY,
    ),
    "nothing at all": (
        (*IDLE, C.ENDED_LONG_AGO, C.NO_LEVEL),
        UNINSURED,
        Step.REGISTER_UNEMPLOYED,
    ),
    "pays for himself": ((*PLAIN, C.SELF_PAYER, C.PAID_ALL), INSURED, Step.GO_ON_PAYING),
    "EAEU worker, employer pays": (
        (C.EAEU_WORKER, C.EMPLOYEE, C.PAID_ALL),
        INSURED,
        Step.CONTRACT_FOR_FOREIGNERS,
    ),
    "EAEU worker, nobody pays": (
        (C.EAEU_WORKER, C.EMPLOYEE, C.PAID_NONE),
        OUTSIDE,
        Step.ASK_EMPLOYER,
    ),
    "EAEU worker who does not know": (
        (C.EAEU_WORKER, C.EMPLOYEE, C.PAID_UNKNOWN),
        DEPENDS,
        Step.ASK_EMPLOYER,
    ),
    "foreigner": ((C.FOREIGNER,), OUTSIDE, Step.CONTRACT_FOR_FOREIGNERS),
    "asylum seeker": ((C.ASYLUM_SEEKER,), OUTSIDE, Step.CONTRACT_FOR_FOREIGNERS),
}


@pytest.mark.parametrize(("path", "likely", "first"), LIVES.values(), ids=LIVES.keys())
def test_lives_have_the_likely_status_and_the_first_step(
    path: tuple[Choice, ...], likely: Status | None, first: Step | None
) -> None:
    screening = screening_of("".join(path))

    assert screening.likely is likely
    assert (screening.steps[0] if screening.steps else None) is first


def test_disability_assessment_is_offered_to_the_ill_and_after_what_is_faster() -> None:
    path = (*ADULT, C.POOR_HEALTH, C.NOT_WORKING, C.NO_BUSINESS, C.ENDED_LONG_AGO, C.NO_LEVEL)

    steps = screening_of("".join(path)).steps

    assert steps == (Step.REGISTER_UNEMPLOYED, Step.ASSESS_DISABILITY, Step.PAY)


def test_pension_money_of_a_lost_job_keeps_the_level_question_away() -> None:
    answers = answers_of(*IDLE, C.ENDED_IN_GRACE, C.RUN_TOO_SHORT)

    assert next_question(answers) is None


def test_self_payer_is_asked_for_the_level_unless_all_is_paid_or_a_business_is_active() -> None:
    alone = (*PLAIN, C.SELF_PAYER)
    in_business = (*ADULT, C.PREGNANT, C.SELF_PAYER, C.BUSINESS_ACTIVE)

    assert next_question(answers_of(*alone, C.PAID_NONE)) is Question.LEVEL
    assert next_question(answers_of(*alone, C.PAID_ALL)) is None
    assert next_question(answers_of(*in_business, C.PAID_NONE)) is None


def test_open_status_names_the_answers_it_depends_on() -> None:
    path = (*ADULT, C.PREGNANT, C.NOT_WORKING, C.BUSINESS_UNKNOWN)
    unknown = "".join((*PLAIN, C.EMPLOYEE, C.PAID_UNKNOWN))

    assert screening_of("".join(path)).depends_on[0] is C.PREGNANT
    assert screening_of(unknown).depends_on == (C.PAID_UNKNOWN,)
    assert screening_of(unknown).answers == answers_of(*map(C, unknown))


def test_screening_without_amounts_keeps_everything_else() -> None:
    whole = screening_of("".join((*PLAIN, C.EMPLOYEE, C.PAID_UNKNOWN)))

    bare = whole.without_amounts()

    assert (bare.worst, bare.best) == (whole.worst.without_amounts(), whole.best.without_amounts())
    assert (bare.answers, bare.steps) == (whole.answers, whole.steps)


def imagined(*path: Choice) -> list[Person]:
    return possible_people(answers_of(*path), BEFORE_DUE_DAY, PARAMETERS)


def test_whoever_lost_a_job_is_imagined_with_the_job_its_payments_and_pension_money() -> None:
    people = imagined(*IDLE, C.ENDED_IN_GRACE, C.RUN_OF_A_YEAR)

    last_months = [Month.parse("2026-10"), Month.parse("2026-08")]
    assert [person.pension_paid for person in people] == last_months
    for person, last in zip(people, last_months, strict=True):
        assert person.spells == (Spell(SpellCode.JOB, last.shift(-60), last),)
        assert person.contributions == Contributions(last.shift(-11), "E" * 12)


def test_whoever_works_is_imagined_with_the_job_and_the_months_that_may_be_paid() -> None:
    first, last = Month.parse("2025-11"), Month.parse("2026-10")

    best, worst = imagined(*PLAIN, C.EMPLOYEE, C.PAID_SOME)
    lately = imagined(*PLAIN, C.EMPLOYEE, C.STARTED_LATELY)

    assert best.spells == (Spell(SpellCode.JOB, Month.parse("2021-11")),)
    assert best.contributions == Contributions(first.shift(1), "E" * (last - first))
    assert worst.contributions == Contributions(first, "E")
    assert {person.spells for person in lately} == {(Spell(SpellCode.JOB, Month.parse("2026-11")),)}


def test_level_covers_until_the_end_of_the_year() -> None:
    worst = screening_of("".join((*IDLE, C.ENDED_LONG_AGO, C.CRISIS_LEVEL))).worst

    assert (worst.basis, worst.until) == (Basis.CRISIS_LEVEL, Month.parse("2026-12"))


_PAYERS = {
    C.EMPLOYEE: (Payer.EMPLOYER, SpellCode.JOB),
    C.CONTRACT: (Payer.CONTRACT, SpellCode.CONTRACT),
    C.PLATFORM: (Payer.PLATFORM, SpellCode.PLATFORM),
}


@given(
    on=st.sampled_from([BEFORE_DUE_DAY, AFTER_DUE_DAY]),
    work=st.sampled_from(sorted(_PAYERS)),
    year=st.lists(st.booleans(), min_size=12, max_size=12),
    older=st.integers(0, 60),
    is_known=st.booleans(),
)
def test_any_worker_s_true_status_lies_between_worst_and_best(
    on: date, work: Choice, year: list[bool], older: int, is_known: bool
) -> None:
    month = Month.of(on)
    payer, relation = _PAYERS[work]
    letters = payer.value * older + "".join(payer.value if paid else "." for paid in year)
    first = month.shift(-len(letters))
    truth = Person(contributions=Contributions(first, letters), spells=(Spell(relation, first),))
    paid = C.PAID_ALL if all(year) else C.PAID_SOME if any(year) else C.PAID_NONE
    path = "".join((*PLAIN, work, paid if is_known else C.PAID_UNKNOWN))

    screening = screening_of(path, on)

    status = _RANK[assess(truth, on, PARAMETERS).status]
    assert _RANK[screening.worst.status] <= status <= _RANK[screening.best.status]


@given(
    on=st.sampled_from([BEFORE_DUE_DAY, AFTER_DUE_DAY]),
    ago=st.integers(0, 9),
    run=st.integers(0, 70),
    level=st.sampled_from([None, Level.B, Level.D]),
    knows_run=st.booleans(),
)
def test_true_status_of_anybody_who_stopped_lies_between_worst_and_best(
    on: date, ago: int, run: int, level: Level | None, knows_run: bool
) -> None:
    last = Month.of(on).shift(-ago)
    truth = Person(
        contributions=Contributions(last.shift(1 - run), Payer.EMPLOYER.value * run),
        spells=(Spell(SpellCode.JOB, last.shift(-80), last),),
        level=level,
        pension_paid=last,
    )

    screening = screening_of("".join(_path_of_ended(ago, run, level, knows_run=knows_run)), on)

    status = _RANK[assess(truth, on, PARAMETERS).status]
    assert _RANK[screening.worst.status] <= status <= _RANK[screening.best.status]


def _path_of_ended(ago: int, run: int, level: Level | None, *, knows_run: bool) -> Iterator[Choice]:
    yield from IDLE
    level_choice = {None: C.LEVEL_UNKNOWN, Level.B: C.NO_LEVEL, Level.D: C.CRISIS_LEVEL}[level]
    if ago > 6:
        yield from (C.ENDED_LONG_AGO, level_choice)
        return
    if ago == 0:
        yield C.ENDED_THIS_MONTH
    else:
        yield C.ENDED_IN_GRACE if ago <= 3 else C.ENDED_IN_LONG_GRACE
    known = C.RUN_OF_LONG_GRACE if run >= 60 else C.RUN_OF_A_YEAR if run >= 12 else C.RUN_TOO_SHORT
    yield known if knows_run else C.RUN_UNKNOWN
    if ago > 3:
        yield level_choice
