"""What an outlook tells, and what a stranger cannot learn from it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE, Disclosure
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Status
from bot.domain.changes import Change, Supposition
from bot.domain.iin import Iin
from bot.domain.months import Month
from bot.domain.parameters import ParameterNotInForceError
from bot.domain.person import Person, SpellCode
from bot.registry.registry import Registry
from bot.services.outlook import Outlook, find_outlook
from bot.storage.answers import AnswerId
from tests.conftest import SAMPLE_DAY
from tests.domain.people import people, verified_days
from tests.domain.test_cases import person_of

from .conftest import AIGUL, ANNA, AskOn

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
EMPLOYEE, NEVER_PAID = Iin("991231500707"), Iin("950101500019")
CHILD, CRISIS = Iin("991212501010"), Iin("960221601018")
AS_NOW = Supposition()
NOW = Month.of(SAMPLE_DAY)
# The first is what an ordinary stranger sees; each of the others has a secret more.
INSURED_TO_DECEMBER = (
    {"spells": "student:2025-09..2026-12"},
    {"spells": "convict:2025-09..2026-12"},
    {"spells": "social_assistance:2026-01..2026-12", "level": "D"},
    {"spells": "student:2025-09..2026-12 job:2025-09..", "contributions": "2025-09=" + "E" * 14},
    {"spells": "unemployed:2026-02..2026-12"},
    {"level": "E"},
)
PAID_BY_SOMEBODY = (
    {"contributions": "2025-01=" + "E" * 22, "spells": "job:2025-01.."},
    {"contributions": "2025-01=" + "E" * 22, "spells": "job:2025-01..", "level": "D"},
    {"contributions": "2025-01=" + "E" * 22, "spells": "job:2025-01..2027-03"},
    {"contributions": "2021-01=" + "E" * 70, "spells": "job:2021-01.."},
    {"contributions": "2025-01=" + "G" * 22, "spells": "contract:2025-01..2027-01"},
    {"contributions": "2025-01=" + "E" * 22, "spells": "job:2025-01.. maternity_leave:2027-01.."},
    {
        "contributions": "2025-01=" + "E" * 22,
        "spells": "unemployed:2024-06.. subsidised_job:2025-01..2027-02 job:2025-01..",
    },
)


def seen(
    person: Person, wish: Supposition, on: date = SAMPLE_DAY, *, is_owner: bool = False
) -> Outlook | None:
    today = assess(person, on, PARAMETERS)
    return find_outlook(person, today, on, PARAMETERS, wish, is_owner=is_owner)


def told(outlook: Outlook | None) -> object:
    """Give what reaches the text: not the basis, which only the answer's owner is told."""
    assert outlook is not None
    return replace(outlook, months=tuple(replace(m, basis=None) for m in outlook.months))


@pytest.mark.parametrize("row", INSURED_TO_DECEMBER[1:], ids=str)
def test_covers_that_end_together_look_the_same_to_a_stranger(row: dict[str, str]) -> None:
    ordinary = seen(person_of(INSURED_TO_DECEMBER[0]), AS_NOW)

    assert told(seen(person_of(row), AS_NOW)) == told(ordinary)
    assert ordinary is not None
    assert ordinary.changes == (Change.AS_NOW,)


@pytest.mark.parametrize("row", PAID_BY_SOMEBODY[1:], ids=str)
@pytest.mark.parametrize(
    "wish", [AS_NOW, Supposition(Change.STOP), Supposition(Change.STOP, NOW + 3)], ids=str
)
def test_whoever_is_paid_for_looks_the_same_to_a_stranger(
    row: dict[str, str], wish: Supposition
) -> None:
    assert told(seen(person_of(row), wish)) == told(seen(person_of(PAID_BY_SOMEBODY[0]), wish))


def test_owner_sees_the_long_grace_and_a_stranger_that_there_is_one() -> None:
    person = person_of(PAID_BY_SOMEBODY[3])

    owner = seen(person, Supposition(Change.STOP), is_owner=True)
    stranger = seen(person, Supposition(Change.STOP))

    assert owner is not None
    assert stranger is not None
    statuses = [[m.status for m in outlook.months] for outlook in (owner, stranger)]
    assert [s.count(Status.CONDITIONAL) for s in statuses] == [6, 3]
    assert owner.long_grace is None
    assert stranger.long_grace is not None
    assert (stranger.long_grace.months, stranger.long_grace.paid_months) == (6, 60)


def test_owner_who_studies_and_works_sees_that_the_job_goes_on_insuring() -> None:
    outlook = seen(person_of(INSURED_TO_DECEMBER[3]), AS_NOW, is_owner=True)

    assert outlook is not None
    assert outlook.lost is None


def test_first_lost_month_must_be_paid_by_the_day_of_the_law() -> None:
    outlook = seen(person_of(PAID_BY_SOMEBODY[0]), Supposition(Change.STOP, NOW + 1))

    assert outlook is not None
    assert (outlook.lost, outlook.pay_by) == (NOW + 2, date(2027, 2, 25))


@given(people, verified_days, st.booleans())
def test_outlook_begins_with_the_status_of_the_answer(
    person: Person, on: date, is_owner: bool
) -> None:
    known = person if is_owner else replace(person, level=None)
    today = assess(known, on, PARAMETERS)

    outlook = find_outlook(known, today, on, PARAMETERS, AS_NOW, is_owner=is_owner)

    if today.status is Status.OUTSIDE:
        assert outlook is None
    else:
        assert outlook is not None
        assert outlook.months[0].status is today.status


@given(
    people,
    people,
    verified_days,
    st.sampled_from([Supposition(change) for change in Change]),
)
def test_facts_the_answer_does_not_show_change_no_outlook_of_a_stranger(
    person: Person, other: Person, on: date, wish: Supposition
) -> None:
    now = Month.of(on)
    bare = replace(person, level=None)
    secret = replace(
        bare,
        pension_paid=other.pension_paid,
        spells=(
            *bare.spells,
            *(s for s in other.spells if s.first > now and s.code is not SpellCode.JOB),
        ),
    )
    before, after = (assess(p, on, PARAMETERS) for p in (bare, secret))
    if before != after:
        return

    assert seen(bare, wish, on) == seen(secret, wish, on)


@pytest.mark.parametrize("is_owner", [True, False], ids=["owner", "stranger"])
def test_eaeu_worker_is_not_sent_to_register_as_unemployed(is_owner: bool) -> None:
    worker = person_of({"residence": "eaeu_worker", "contributions": "2020-01=E"})

    outlook = seen(worker, AS_NOW, is_owner=is_owner)

    assert outlook is not None
    assert outlook.changes == (Change.AS_NOW, Change.PAY_GAPS, Change.PAY, Change.JOB)


@pytest.mark.parametrize(
    ("iin", "supposition"),
    [
        pytest.param(EMPLOYEE, Supposition(Change.PAY_GAPS), id="nothing is missing"),
        pytest.param(EMPLOYEE, Supposition(Change.STOP, NOW - 1), id="stop in the past"),
        pytest.param(EMPLOYEE, Supposition(Change.STOP, NOW + 11), id="stop too late to show"),
        pytest.param(EMPLOYEE, Supposition(Change.STOP, -1), id="no month"),
        pytest.param(EMPLOYEE, Supposition(Change.AS_NOW, 5), id="a number for nothing"),
        pytest.param(NEVER_PAID, Supposition(Change.STOP), id="nobody pays"),
        pytest.param(NEVER_PAID, Supposition(Change.PAY, 10**9), id="too many months"),
        pytest.param(NEVER_PAID, Supposition(Change.JOB, 10**30), id="a job after the end of time"),
        pytest.param(CHILD, Supposition(Change.JOB), id="a stranger and a child"),
        pytest.param(CRISIS, Supposition(Change.PAY, 12), id="a stranger and a level"),
    ],
)
async def test_change_that_makes_no_sense_is_refused(
    answers_on: AskOn, iin: Iin, supposition: Supposition
) -> None:
    answers = answers_on()
    asked = answers.ask(iin, ANNA)
    assert asked.id is not None

    refused = await answers.reopen_outlook(asked.id, ANNA, supposition)
    given = await answers.reopen_outlook(asked.id, ANNA, AS_NOW)

    assert refused is not None
    assert refused.outlook is None
    assert given is not None
    assert given.outlook is not None


async def test_outlook_of_somebody_elses_answer_stays_closed(answers_on: AskOn) -> None:
    answers = answers_on()
    asked = answers.ask(EMPLOYEE, ANNA)
    assert asked.id is not None

    assert await answers.reopen_outlook(asked.id, AIGUL, AS_NOW) is None
    assert await answers.reopen_outlook(AnswerId("no-such-answer-at-all-"), ANNA, AS_NOW) is None


async def test_owner_may_look_at_more_changes(answers_on: AskOn) -> None:
    answers = answers_on(disclosure=Disclosure.OPEN)
    asked = answers.ask(CHILD, ANNA)
    assert asked.id is not None

    found = await answers.reopen_outlook(asked.id, ANNA, Supposition(Change.JOB))

    assert found is not None
    outlook = found.outlook
    assert outlook is not None
    assert outlook.changes == (Change.AS_NOW, Change.PAY, Change.UNEMPLOYED, Change.JOB)
    assert outlook.supposition.number == Month.parse("2027-01")
    assert outlook.lost is None


async def test_outlook_needs_no_amount_that_nobody_verified(
    answers_on: AskOn, new_year_registry: Registry
) -> None:
    doubted: list[ParameterNotInForceError] = []
    on = date(2027, 2, 1)
    answers = answers_on(on, registry=new_year_registry, on_unverified=doubted.append)
    asked = answers.ask(NEVER_PAID, ANNA)
    assert asked.id is not None

    found = await answers.reopen_outlook(asked.id, ANNA, Supposition(Change.PAY))

    assert found is not None
    outlook = found.outlook
    assert outlook is not None
    assert {month.status for month in outlook.months} == {Status.INSURED}
