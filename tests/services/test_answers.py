"""Answers for a number just sent and from the buttons of earlier answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.assessment import Status
from bot.domain.changes import Change, Supposition
from bot.domain.iin import Iin
from bot.domain.parameters import ParameterNotInForceError
from bot.registry.registry import Registry
from bot.services.answers import working_days_after
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.answers import AnswerId, AnswerRepository
from bot.storage.tables import answers as stored_answers
from tests.conftest import SAMPLE_DAY

from .conftest import AIGUL, ANNA, AskOn

NEVER_PAID = Iin("950101500019")
EMPLOYEE = Iin("991231500707")
JOB_LOST = Iin("970822501010")  # insured conditionally
NOBODY = Iin("991231500719")


async def test_an_answer_opens_again_for_its_asker_alone(answers_on: AskOn) -> None:
    answers = answers_on()

    asked = answers.ask(NEVER_PAID, ANNA)

    assert asked.id is not None
    assert await answers.reopen(asked.id, ANNA) == asked
    assert await answers.reopen(asked.id, AIGUL) is None
    assert await answers.reopen(AnswerId("no-such-answer-at-all-"), ANNA) is None


async def test_the_latest_answer_opens_again(answers_on: AskOn) -> None:
    answers = answers_on()
    answers.ask(NEVER_PAID, ANNA)
    second = answers.ask(EMPLOYEE, ANNA)

    assert await answers.reopen_latest(ANNA) == second
    assert await answers.reopen_latest(AIGUL) is None


async def test_an_answer_opens_with_the_data_of_the_day_it_is_opened(answers_on: AskOn) -> None:
    asked = answers_on().ask(EMPLOYEE, ANNA)
    assert asked.id is not None

    later = await answers_on(SAMPLE_DAY + timedelta(days=3)).reopen(asked.id, ANNA)

    assert later is not None
    assert later.on == SAMPLE_DAY + timedelta(days=3)
    assert later.as_of == SAMPLE_DAY


async def test_a_stranger_to_the_register_is_unknown_and_not_remembered(answers_on: AskOn) -> None:
    answers = answers_on()

    asked = answers.ask(NOBODY, ANNA)

    assert (asked.id, asked.assessment.status, asked.is_stale) == (None, Status.UNKNOWN, False)
    assert asked.last4 == "0719"
    assert await answers.reopen_latest(ANNA) is None


async def test_no_answer_shows_the_number_in_its_repr(answers_on: AskOn) -> None:
    shown = repr(answers_on().ask(EMPLOYEE, ANNA))

    assert EMPLOYEE.digits not in shown
    assert EMPLOYEE.digits[:8] not in shown


@pytest.mark.parametrize(
    ("iin", "days", "status", "is_stale"),
    [
        pytest.param(NEVER_PAID, 7, Status.UNINSURED, False, id="uninsured, seven days old"),
        pytest.param(NEVER_PAID, 8, Status.UNKNOWN, True, id="uninsured, eight days old"),
        pytest.param(JOB_LOST, 7, Status.CONDITIONAL, False, id="conditional, seven days old"),
        pytest.param(JOB_LOST, 8, Status.UNKNOWN, True, id="conditional, eight days old"),
        pytest.param(EMPLOYEE, 8, Status.INSURED, True, id="insured, eight days old"),
        pytest.param(NOBODY, 8, Status.UNKNOWN, False, id="nobody, eight days old"),
    ],
)
async def test_old_data_say_of_nobody_that_something_is_missing(
    answers_on: AskOn, iin: Iin, days: int, status: Status, is_stale: bool
) -> None:
    asked = answers_on(SAMPLE_DAY + timedelta(days=days)).ask(iin, ANNA)

    assert (asked.assessment.status, asked.is_stale) == (status, is_stale)
    assert not is_stale or not asked.assessment.ways.paid
    assert not is_stale or not asked.assessment.ways.due


@pytest.mark.parametrize("iin", [NEVER_PAID, EMPLOYEE, JOB_LOST])
async def test_old_data_have_no_months_and_no_outlook(answers_on: AskOn, iin: Iin) -> None:
    answers = answers_on(SAMPLE_DAY + timedelta(days=8))
    asked = answers.ask(iin, ANNA)
    assert asked.id is not None

    months = await answers.reopen_months(asked.id, ANNA)
    outlook = await answers.reopen_outlook(asked.id, ANNA, Supposition(Change.AS_NOW, 0))

    assert months is not None
    assert outlook is not None
    assert (months.calendar, outlook.outlook) == (None, None)


async def test_audiences_and_operators_see_what_old_data_told(
    answers_on: AskOn, engine: AsyncEngine, repository: AnswerRepository
) -> None:
    answers = answers_on(SAMPLE_DAY + timedelta(days=8))
    asked = answers.ask(NEVER_PAID, ANNA)
    outcome = await answers.latest_outcome(ANNA)
    await repository.flush()

    assert asked.id is not None
    async with engine.connect() as connection:
        query = select(stored_answers.c.status, stored_answers.c.reason)
        told = (await connection.execute(query)).one()
    assert tuple(told) == ("unknown", None)
    assert outcome is not None
    assert (outcome.status, outcome.reasons) == (Status.UNKNOWN, ())


async def test_an_unverified_year_gives_ways_without_sums_and_names_the_figure(
    answers_on: AskOn, new_year_registry: Registry
) -> None:
    doubted: list[ParameterNotInForceError] = []
    answers = answers_on(date(2027, 2, 1), registry=new_year_registry, on_unverified=doubted.append)

    asked = answers.ask(NEVER_PAID, ANNA)

    assert asked.assessment.status is Status.UNINSURED
    assert [len(way.months) for way in asked.assessment.ways.paid.values()] == [12, 12, 12]
    for way in asked.assessment.ways.paid.values():
        assert way.total is None
        assert all(payment.amount is None for payment in way.payments)
    assert [(error.key, error.day.year) for error in doubted] == [("minimum_wage", 2027)]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        pytest.param(date(2026, 11, 23), 2, date(2026, 11, 25), id="inside a week"),
        pytest.param(date(2026, 11, 20), 2, date(2026, 11, 24), id="friday over the weekend"),
        pytest.param(date(2026, 11, 21), 2, date(2026, 11, 24), id="saturday"),
        pytest.param(date(2026, 11, 22), 1, date(2026, 11, 23), id="sunday to monday"),
        pytest.param(date(2026, 12, 31), 5, date(2027, 1, 7), id="over new year"),
        pytest.param(date(2026, 11, 21), 0, date(2026, 11, 21), id="none"),
    ],
)
def test_working_days_leave_out_weekends(day: date, count: int, expected: date) -> None:
    assert working_days_after(day, count) == expected


async def test_answer_stays_closed_for_an_older_consent(answers_on: AskOn) -> None:
    answers = answers_on()
    asked = answers.ask(NEVER_PAID, ANNA)
    assert asked.id is not None
    older = replace(ANNA, consent_version=CONSENT_VERSION - 1)

    assert await answers.reopen(asked.id, older) is None
    assert await answers.reopen_months(asked.id, older) is None
