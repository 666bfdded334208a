"""Status and main reason alone, and the days between which only facts can change them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Status
from bot.domain.outcome import are_alike, find_outcome
from bot.registry.generate import generate
from bot.registry.rows import COLUMNS, parse_row

PARAMETERS = load_parameters(SHARE / "data" / "parameters").assumed_unchanged()
AS_OF = date(2026, 11, 21)
_, *LINES = generate(120, 9, AS_OF)
PEOPLE = [
    parse_row(dict(zip(COLUMNS, line.split(","), strict=True)), as_of=AS_OF).person
    for line in LINES
]
FIRST_DAY = date(2025, 12, 20)
DAYS = [FIRST_DAY + timedelta(days=days) for days in range(50)]


def test_outcome_is_status_and_first_reason_of_the_answer() -> None:
    for person in PEOPLE:
        found, answer = find_outcome(person, AS_OF, PARAMETERS), assess(person, AS_OF, PARAMETERS)

        assert found.status is answer.status
        is_uninsured = answer.status is Status.UNINSURED
        assert found.reason == (answer.reasons[0].code if is_uninsured else None)


def test_outcomes_stay_between_days_that_are_alike() -> None:
    turns = []
    for day, following in pairwise(DAYS):
        before = [find_outcome(person, day, PARAMETERS) for person in PEOPLE]
        after = [find_outcome(person, following, PARAMETERS) for person in PEOPLE]
        if are_alike(day, following, PARAMETERS):
            assert before == after
        elif before != after:
            turns.append(following)

    # The due day is the 25th; most months end with somebody's cover.
    assert turns
    assert {day.day for day in turns} <= {1, 26}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(date(2026, 11, 1), date(2026, 11, 25), True, id="until-the-due-day"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 26), False, id="over-the-due-day"),
        pytest.param(date(2026, 11, 26), date(2026, 11, 30), True, id="after-the-due-day"),
        pytest.param(date(2026, 11, 20), date(2026, 12, 20), False, id="another-month"),
        pytest.param(date(2025, 11, 20), date(2026, 11, 20), False, id="another-year"),
    ],
)
def test_days_are_alike_between_the_due_day_and_the_end_of_the_month(
    one: date, other: date, *, expected: bool
) -> None:
    assert are_alike(one, other, PARAMETERS) is expected
    assert are_alike(other, one, PARAMETERS) is expected
