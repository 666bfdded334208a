"""What an answer rests on: each condition of the law that was looked at, with its facts."""

from datetime import date

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import StepCode, TraceStep
from bot.domain.months import Month
from tests.domain.test_cases import PARAMETERS, person_of

TODAY = date(2026, 11, 21)
_RESIDENT = TraceStep(StepCode.RESIDENCE, True, "residents", {"residence": "citizen"})
_NO_CATEGORY = TraceStep(StepCode.CATEGORY, False, "categories")
_EMPLOYED = TraceStep(StepCode.UNEMPLOYED, False, "unemployed")
_NO_GRACE = TraceStep(StepCode.GRACE, False, "grace")


def run_of(covered: int, *, holds: bool = False) -> TraceStep:
    operands = {"needed": 12, "covered": covered}
    return TraceStep(StepCode.RUN, holds, "run", operands, ("run_months", date(2020, 1, 1)))


def crisis(level: str | None, *, holds: bool = False) -> TraceStep:
    since = ("crisis_level_cover", date(2026, 1, 1))
    return TraceStep(StepCode.CRISIS_LEVEL, holds, "crisis_level", {"level": level}, since)


def grace(last_paid: str, allowed: int, until: str, *, holds: bool) -> TraceStep:
    key, since = ("long_grace", 2026) if allowed == 6 else ("grace", 2020)
    operands = {
        "last_paid": Month.parse(last_paid),
        "allowed": allowed,
        "until": Month.parse(until),
    }
    parameter = (f"{key}_months", date(since, 1, 1))
    return TraceStep(StepCode.GRACE, holds, key, operands, parameter)


@pytest.mark.parametrize(
    ("row", "steps"),
    [
        pytest.param(
            {"residence": "temporary_foreigner"},
            [
                TraceStep(
                    StepCode.RESIDENCE, False, "residents", {"residence": "temporary_foreigner"}
                )
            ],
            id="outside",
        ),
        pytest.param(
            {"spells": "student:2024-09..2028-06 service:2026-04..2027-04"},
            [
                _RESIDENT,
                TraceStep(StepCode.CATEGORY, True, "exempt", {"spell": "service"}),
            ],
            id="service",
        ),
        pytest.param(
            {"spells": "student:2024-09..2028-06"},
            [
                _RESIDENT,
                TraceStep(StepCode.CATEGORY, True, "categories", {"spell": "student"}),
            ],
            id="category",
        ),
        pytest.param(
            {"spells": "unemployed:2026-02..2027-01"},
            [_RESIDENT, _NO_CATEGORY, TraceStep(StepCode.UNEMPLOYED, True, "unemployed")],
            id="unemployed",
        ),
        pytest.param(
            {"contributions": "2026-05=SSSSSSSSSSSS"},
            [_RESIDENT, _NO_CATEGORY, _EMPLOYED, run_of(7, holds=True)],
            id="run-of-past-and-prepaid-months",
        ),
        pytest.param(
            {"level": "D"},
            [_RESIDENT, _NO_CATEGORY, _EMPLOYED, run_of(0), crisis("D", holds=True)],
            id="crisis-level",
        ),
        pytest.param(
            {"contributions": "2023-08=" + "E" * 37},
            [
                _RESIDENT,
                _NO_CATEGORY,
                _EMPLOYED,
                run_of(9),
                crisis(None),
                grace("2026-08", 3, "2026-11", holds=True),
            ],
            id="last-month-of-the-grace",
        ),
        pytest.param(
            {"contributions": "2020-08=" + "E" * 71},
            [
                _RESIDENT,
                _NO_CATEGORY,
                _EMPLOYED,
                run_of(7),
                crisis(None),
                grace("2026-06", 6, "2026-12", holds=True),
            ],
            id="long-grace",
        ),
        pytest.param(
            {"contributions": "2023-08=" + "E" * 34, "level": "C"},
            [
                _RESIDENT,
                _NO_CATEGORY,
                _EMPLOYED,
                run_of(6),
                crisis("C"),
                grace("2026-05", 3, "2026-08", holds=False),
            ],
            id="grace-over",
        ),
        pytest.param(
            {},
            [_RESIDENT, _NO_CATEGORY, _EMPLOYED, run_of(0), crisis(None), _NO_GRACE],
            id="nothing",
        ),
    ],
)
def test_trace_names_every_condition_looked_at_with_its_facts(
    row: dict[str, str], steps: list[TraceStep]
) -> None:
    assert list(assess(person_of(row), TODAY, PARAMETERS).trace) == steps


def test_grace_is_not_called_long_before_the_law_made_it_longer() -> None:
    person = person_of({"contributions": "2018-01=" + "E" * 94})

    *_, last = assess(person, date(2025, 12, 31), PARAMETERS).trace

    assert last.reference == "grace"
    assert last.parameter == ("grace_months", date(2020, 1, 1))
    assert last.operands["until"] == Month.parse("2026-01")


@pytest.mark.parametrize(
    ("row", "spell", "last_paid"),
    [
        pytest.param({"spells": "student:2024-09..2028-06"}, "student", None, id="category"),
        pytest.param({"spells": "service:2026-04..2027-04"}, "service", None, id="service"),
        pytest.param({"spells": "unemployed:2026-02.."}, "unemployed", None, id="unemployed"),
        pytest.param({"contributions": "2023-08=" + "E" * 37}, None, "2026-08", id="grace"),
    ],
)
def test_answer_names_what_it_rests_on(
    row: dict[str, str], spell: str | None, last_paid: str | None
) -> None:
    assessment = assess(person_of(row), TODAY, PARAMETERS)

    assert assessment.spell == spell
    assert (assessment.last_paid and str(assessment.last_paid)) == last_paid
