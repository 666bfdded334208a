"""The figures of 2026, and the provisions behind every step of an answer."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.config import SHARE
from bot.content.library import Content
from bot.content.placeholders import format_tenge, placeholder_values
from bot.domain.amounts import monthly_amount
from bot.domain.assess import assess
from bot.domain.assessment import TraceStep
from bot.domain.locales import Locale
from bot.domain.parameters import ParameterNotInForceError
from bot.domain.person import Payer
from bot.registry.rows import COLUMNS, parse_row

DAY = date(2026, 11, 21)
_SAMPLE = SHARE / "data" / "sample" / "register.csv"
_CASES = Path(__file__).parents[1] / "data" / "cases.json"


def every_step(content: Content) -> Iterator[TraceStep]:
    """Give the steps of every answer to the sample register and to the golden cases."""
    parameters = content.parameters.assumed_unchanged()
    with _SAMPLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from assess(parse_row(row, as_of=DAY).person, DAY, parameters).trace
    empty = dict.fromkeys(COLUMNS, "") | {"iin": "950101500019", "residence": "citizen"}
    for case in json.loads(_CASES.read_text(encoding="utf-8")):
        person = parse_row(empty | case["row"], as_of=DAY).person
        yield from assess(person, date.fromisoformat(case["on"]), parameters).trace


def test_every_step_of_an_answer_has_its_provision_in_three_languages(content: Content) -> None:
    keys = {step.reference for step in every_step(content)}

    assert len(keys) >= 8
    for key in keys:
        for locale in Locale:
            assert content.references.text(key, locale).strip(), f"{key} in {locale}"


def test_every_parameter_of_a_step_is_in_force_since_the_day_named(content: Content) -> None:
    dated = {step.parameter for step in every_step(content) if step.parameter}

    assert dated
    for key, since in dated:
        assert since in [value.since for value in getattr(content.parameters, key).values]


@pytest.mark.parametrize(
    ("payer", "day", "amount"),
    [
        pytest.param(Payer.INDEPENDENT, date(2026, 1, 1), 4250, id="independent, first day"),
        pytest.param(Payer.INDEPENDENT, date(2026, 12, 31), 4250, id="independent, last day"),
        pytest.param(Payer.PROPRIETOR, DAY, 5950, id="proprietor"),
        pytest.param(Payer.FARM, DAY, 5950, id="farm"),
    ],
)
def test_month_costs_what_the_law_says(
    content: Content, payer: Payer, day: date, amount: int
) -> None:
    assert monthly_amount(payer, day, content.parameters) == amount


def test_placeholders_write_the_amounts_of_2026(content: Content) -> None:
    values = placeholder_values(content.parameters, content.requisites, DAY)

    assert values["independent_monthly"] == "4\u00a0250\u00a0₸"
    assert values["independent_12"] == "51\u00a0000\u00a0₸"
    assert values["proprietor_monthly"] == "5\u00a0950\u00a0₸"
    assert values["minimum_wage"] == format_tenge(content.parameters.minimum_wage.at(DAY))
    assert None not in values.values()


def test_placeholders_of_an_unverified_day_have_no_amount(content: Content) -> None:
    values = placeholder_values(content.parameters, content.requisites, date(2027, 1, 1))

    assert values["independent_monthly"] is None
    assert values["independent_12"] is None
    assert values["beneficiary_bin"]


def test_day_after_the_verified_ones_is_refused_by_name(content: Content) -> None:
    with pytest.raises(ParameterNotInForceError, match=r"minimum_wage on 2027-01-01.*yaml"):
        content.parameters.minimum_wage.at(date(2027, 1, 1))
