"""The golden cases: a row of the register, a day, and what the person must be told."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Assessment
from bot.domain.parameters import ParameterNotInForceError
from bot.domain.person import Person
from bot.registry.rows import COLUMNS, parse_row

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))
PARAMETERS = load_parameters(SHARE / "data" / "parameters")
AS_OF = date(2026, 11, 21)


def person_of(row: dict[str, str]) -> Person:
    columns = dict.fromkeys(COLUMNS, "") | {"iin": "950101500019", "residence": "citizen"}
    return parse_row(columns | row, as_of=AS_OF).person


def told(assessment: Assessment) -> dict[str, Any]:
    return {
        "status": assessment.status,
        "basis": assessment.basis,
        "until": assessment.until and str(assessment.until),
        "grace_months": assessment.grace_months,
        "holes": [str(month) for month in assessment.holes],
        "debt": [str(month) for month in assessment.debt],
        "options": {
            code: {
                "months": [str(month) for month in way.months],
                "total": way.total,
                "until": way.until and str(way.until),
            }
            for code, way in assessment.ways.paid.items()
        },
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_golden_case(case: dict[str, Any]) -> None:
    on = date.fromisoformat(case["on"])
    # The amounts of a case beyond the verified days repeat the last known ones.
    parameters = PARAMETERS.assumed_unchanged() if on.year > 2026 else PARAMETERS

    assessment = assess(person_of(case["row"]), on, parameters)

    answer = told(assessment)
    assert {key: answer[key] for key in case["expect"]} == case["expect"]


def test_amounts_of_an_unverified_year_are_refused() -> None:
    with pytest.raises(ParameterNotInForceError) as error:
        assess(Person(), date(2027, 1, 1), PARAMETERS)

    assert str(error.value) == (
        "no verified value of minimum_wage on 2027-01-01:"
        " add it to data/parameters/minimum_wage.yaml"
    )
    assert error.value.key == "minimum_wage"
    assert error.value.day == date(2027, 1, 1)
