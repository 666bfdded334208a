"""A month's contributions: rates and caps by year, several jobs, rounding."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.contributions import MAX_JOBS, calculate, is_fixed, is_verified
from bot.domain.parameters import ParameterNotInForceError
from bot.domain.person import Payer

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
LAST_OF_2025 = date(2025, 12, 31)
FIRST_OF_2026 = date(2026, 1, 1)
TODAY = date(2026, 11, 21)

incomes_of_jobs = st.lists(st.integers(0, 99_999_999), min_size=1, max_size=MAX_JOBS)
days = st.dates(FIRST_OF_2026, date(2026, 12, 31))
with_income = st.sampled_from([payer for payer in Payer if not is_fixed(payer)])


@pytest.mark.parametrize(
    ("payer", "income", "day", "own", "employer"),
    [
        pytest.param("E", 300_000, TODAY, 6_000, 9_000, id="employee"),
        pytest.param("E", 85_000, TODAY, 1_700, 2_550, id="minimum-wage"),
        pytest.param("E", 0, TODAY, 0, 0, id="no-pay"),
        pytest.param("E", 849_999, LAST_OF_2025, 17_000, 25_500, id="below-the-caps-of-2025"),
        pytest.param("E", 850_000, LAST_OF_2025, 17_000, 25_500, id="at-the-caps-of-2025"),
        pytest.param("E", 2_000_000, LAST_OF_2025, 17_000, 25_500, id="over-the-caps-of-2025"),
        pytest.param("E", 2_000_000, FIRST_OF_2026, 34_000, 60_000, id="first-day-of-new-caps"),
        pytest.param("E", 1_699_950, TODAY, 33_999, 50_999, id="below-the-employee-cap"),
        pytest.param("E", 1_700_000, TODAY, 34_000, 51_000, id="at-the-employee-cap"),
        pytest.param("E", 1_700_050, TODAY, 34_000, 51_002, id="over-the-employee-cap"),
        pytest.param("E", 3_399_950, TODAY, 34_000, 101_999, id="below-the-employer-cap"),
        pytest.param("E", 3_400_000, TODAY, 34_000, 102_000, id="at-the-employer-cap"),
        pytest.param("E", 3_400_050, TODAY, 34_000, 102_000, id="over-the-employer-cap"),
        pytest.param("E", 50, TODAY, 1, 2, id="half-a-tenge-goes-up"),
        pytest.param("E", 24, TODAY, 0, 1, id="less-than-half-goes-down"),
        pytest.param("G", 300_000, TODAY, 6_000, 0, id="contract"),
        pytest.param("G", 900_000, LAST_OF_2025, 17_000, 0, id="contract-cap-on-its-last-day"),
        pytest.param("G", 900_000, FIRST_OF_2026, 18_000, 0, id="contract-cap-on-its-first-day"),
        pytest.param("G", 1_699_950, TODAY, 33_999, 0, id="below-the-contract-cap"),
        pytest.param("G", 1_700_000, TODAY, 34_000, 0, id="at-the-contract-cap"),
        pytest.param("G", 1_700_050, TODAY, 34_000, 0, id="over-the-contract-cap"),
        pytest.param("P", 300_000, FIRST_OF_2026, 3_000, 0, id="platform"),
        pytest.param("P", 1_699_900, TODAY, 16_999, 0, id="below-the-platform-cap"),
        pytest.param("P", 1_700_000, TODAY, 17_000, 0, id="at-the-platform-cap"),
        pytest.param("P", 1_700_100, TODAY, 17_000, 0, id="over-the-platform-cap"),
        pytest.param("I", 300_000, LAST_OF_2025, 5_950, 0, id="proprietor-2025"),
        pytest.param("I", 300_000, FIRST_OF_2026, 5_950, 0, id="proprietor-2026"),
        pytest.param("F", 0, TODAY, 5_950, 0, id="farm-head"),
        pytest.param("S", 0, date(2023, 12, 31), 3_500, 0, id="independent-2023"),
        pytest.param("S", 0, date(2024, 1, 1), 4_250, 0, id="independent-2024"),
        pytest.param("S", 0, TODAY, 4_250, 0, id="independent-2026"),
    ],
)
def test_month_costs_what_the_law_of_the_day_says(
    payer: str, income: int, day: date, own: int, employer: int
) -> None:
    calculation = calculate(Payer(payer), [income], day, PARAMETERS)

    assert calculation.own.amount == own
    assert calculation.total == own + employer


@pytest.mark.parametrize(
    ("incomes", "own", "employers"),
    [
        pytest.param([200_000, 300_000], 10_000, [6_000, 9_000], id="two-jobs"),
        pytest.param([850_000, 850_000], 34_000, [25_500, 25_500], id="together-at-the-cap"),
        pytest.param([1_000_000, 1_000_000], 34_000, [30_000, 30_000], id="together-over-the-cap"),
        pytest.param(
            [4_000_000, 4_000_000, 85_000], 34_000, [102_000, 102_000, 2_550], id="each-employer"
        ),
    ],
)
def test_own_cap_is_for_all_jobs_together_and_the_employers_cap_for_each(
    incomes: list[int], own: int, employers: list[int]
) -> None:
    calculation = calculate(Payer.EMPLOYER, incomes, TODAY, PARAMETERS)

    assert calculation.own.amount == own
    assert [share.amount for share in calculation.employers] == employers
    assert calculation.own.is_capped == (sum(incomes) > 1_700_000)


@pytest.mark.parametrize(
    ("income", "is_capped"), [(1_699_999, False), (1_700_000, False), (1_700_001, True)]
)
def test_cap_is_named_only_where_it_changes_the_base(income: int, is_capped: bool) -> None:
    own = calculate(Payer.EMPLOYER, [income], TODAY, PARAMETERS).own

    assert own.is_capped == is_capped
    assert own.base == min(income, 1_700_000)
    assert own.cap == 1_700_000
    assert own.cap_wages == 20
    assert own.rate == Decimal("0.02")


@pytest.mark.parametrize("payer", Payer)
def test_calculation_says_what_it_is_of_and_how_to_pay(payer: Payer) -> None:
    calculation = calculate(payer, [300_000], TODAY, PARAMETERS)

    assert (calculation.payer, calculation.day) == (payer, TODAY)
    assert calculation.incomes == (() if is_fixed(payer) else (300_000,))
    assert (calculation.due_day, calculation.run_months) == (25, 12)
    assert (calculation.payment_code, calculation.employer_payment_code) == ("122", "121")


@pytest.mark.parametrize(
    ("payer", "rate", "base"),
    [
        pytest.param("I", "0.03", 119_000, id="proprietor"),
        pytest.param("F", "0.03", 119_000, id="farm-head"),
        pytest.param("S", "0.05", 85_000, id="independent"),
    ],
)
def test_fixed_contribution_shows_the_rate_and_the_base_of_its_payer(
    payer: str, rate: str, base: int
) -> None:
    # Both rates are the same today: a law that changes one of them must not change the other.
    changed = replace(PARAMETERS, proprietor_rate=PARAMETERS.employer_rate)

    own = calculate(Payer(payer), [], TODAY, changed).own

    assert own.rate == Decimal(rate)
    assert own.base == base
    assert own.amount == own.rate * own.base
    assert own.cap is None


@pytest.mark.parametrize(
    ("income", "is_over"), [(1_297_499, False), (1_297_500, False), (1_297_501, True)]
)
def test_special_regime_ends_above_its_limit(income: int, is_over: bool) -> None:
    assert calculate(Payer.PLATFORM, [income], TODAY, PARAMETERS).is_over_limit == is_over


@pytest.mark.parametrize("payer", [p for p in Payer if p is not Payer.PLATFORM])
def test_other_payers_have_no_limit(payer: Payer) -> None:
    assert not calculate(payer, [99_999_999], TODAY, PARAMETERS).is_over_limit


@pytest.mark.parametrize(
    ("payer", "year", "is_known"),
    [
        pytest.param("E", 2024, False, id="rates-before-2025-are-not-in-the-data"),
        pytest.param("E", 2025, True, id="employee-2025"),
        pytest.param("E", 2026, True, id="employee-2026"),
        pytest.param("E", 2027, False, id="minimum-wage-of-2027-is-not-known"),
        pytest.param("P", 2025, False, id="no-special-regime-before-2026"),
        pytest.param("P", 2026, True, id="special-regime"),
        pytest.param("S", 2025, True, id="independent-2025"),
        pytest.param("S", 2027, False, id="independent-2027"),
        pytest.param("I", 1, False, id="first-year"),
        pytest.param("I", 9999, False, id="last-year"),
    ],
)
def test_year_is_known_when_its_first_and_last_day_are(
    payer: str, year: int, is_known: bool
) -> None:
    assert is_verified(Payer(payer), year, PARAMETERS) == is_known


def test_year_is_not_known_when_only_a_part_of_it_is() -> None:
    *earlier, last = PARAMETERS.minimum_wage.values
    for part in (
        replace(last, verified_until=date(2026, 12, 30)),
        replace(last, since=date(2026, 1, 2)),
    ):
        wage = replace(PARAMETERS.minimum_wage, values=(*earlier, part))

        assert not is_verified(Payer.INDEPENDENT, 2026, replace(PARAMETERS, minimum_wage=wage))


@pytest.mark.parametrize("payer", Payer)
def test_day_that_nobody_verified_raises(payer: Payer) -> None:
    with pytest.raises(ParameterNotInForceError):
        calculate(payer, [300_000], date(2027, 1, 1), PARAMETERS)


@given(with_income, incomes_of_jobs, days)
def test_own_contribution_never_exceeds_the_rate_of_the_cap(
    payer: Payer, incomes: list[int], day: date
) -> None:
    calculation = calculate(payer, incomes, day, PARAMETERS)

    for share in (calculation.own, *calculation.employers):
        assert share.cap is not None
        assert 0 <= share.amount <= share.cap * share.rate
        assert abs(share.amount - share.base * share.rate) <= Decimal("0.5")


@given(with_income, st.integers(0, 9_999_999), st.integers(0, 9_999_999), days)
def test_more_income_never_costs_less(payer: Payer, income: int, more: int, day: date) -> None:
    before = calculate(payer, [income], day, PARAMETERS)
    after = calculate(payer, [income + more], day, PARAMETERS)

    assert after.own.amount >= before.own.amount
    assert after.total >= before.total


@given(incomes_of_jobs, days)
def test_jobs_cost_the_person_what_one_job_of_their_sum_would(
    incomes: list[int], day: date
) -> None:
    several = calculate(Payer.EMPLOYER, incomes, day, PARAMETERS)
    one = calculate(Payer.EMPLOYER, [sum(incomes)], day, PARAMETERS)

    assert several.own == one.own
    assert several.total == several.own.amount + sum(s.amount for s in several.employers)
    assert len(several.employers) == len(incomes)
