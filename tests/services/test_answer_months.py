"""The months of an answer, as far as the asker may see them."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.calendar import MonthKind
from bot.domain.iin import Iin
from bot.services.answers import AnswerMonths, Answers
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber

from .conftest import AIGUL, ANNA, AskOn

JOB, PHONE = Iin("991231500707"), "+77000000002"
LEVEL, CHILD_UNTIL_DECEMBER = Iin("960221601018"), Iin("991212501010")


async def months_for(answers: Answers, iin: Iin, subscriber: Subscriber) -> AnswerMonths:
    asked = answers.ask(iin, subscriber)
    assert asked.id is not None
    months = await answers.reopen_months(asked.id, subscriber)
    assert months is not None
    return months


async def test_only_the_owner_sees_who_paid(answers_on: AskOn) -> None:
    answers = answers_on()
    owner = replace(ANNA, phone_key=answers.phone_key(PHONE))

    seen = (await months_for(answers, JOB, owner)).calendar
    hidden = (await months_for(answers, JOB, ANNA)).calendar

    assert seen is not None
    assert hidden is not None
    assert [month.payer for month in seen.months].count(None) == 1
    assert {month.payer for month in hidden.months} == {None}
    assert [m.kind for m in seen.months] == [m.kind for m in hidden.months]


async def test_stranger_sees_the_same_for_a_level_and_for_a_child(answers_on: AskOn) -> None:
    answers = answers_on()

    by_level = (await months_for(answers, LEVEL, ANNA)).calendar
    of_child = (await months_for(answers, CHILD_UNTIL_DECEMBER, ANNA)).calendar

    assert by_level is not None
    assert of_child is not None
    assert by_level.months == of_child.months
    assert {month.kind for month in by_level.months} == {MonthKind.COVERED}


@pytest.mark.parametrize("answer_id", ["no-such-answer-at-all-", ""])
async def test_unknown_answer_has_no_months(answers_on: AskOn, answer_id: str) -> None:
    assert await answers_on().reopen_months(AnswerId(answer_id), ANNA) is None


async def test_answer_of_somebody_else_has_no_months(answers_on: AskOn) -> None:
    answers = answers_on()
    asked = answers.ask(JOB, ANNA)
    assert asked.id is not None

    assert await answers.reopen_months(asked.id, AIGUL) is None


@pytest.mark.parametrize(
    ("iin", "day"),
    [
        pytest.param("950101500019", date(2026, 12, 1), id="data too old"),
        pytest.param("980723501014", date(2026, 11, 21), id="outside the system"),
    ],
)
async def test_months_that_mean_nothing_are_not_shown(
    answers_on: AskOn, iin: str, day: date
) -> None:
    months = await months_for(answers_on(day), Iin(iin), ANNA)

    assert months.calendar is None
