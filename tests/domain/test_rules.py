"""Rules that the golden cases do not show: assumptions, reasons, ways, edges."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Basis, ReasonCode, Status, WayCode
from bot.domain.assumptions import ASSUMED
from bot.domain.months import Month
from bot.domain.person import Person
from tests.domain.test_cases import person_of

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
TODAY = date(2026, 11, 21)


def status_of(person: Person, on: date = TODAY, **switches: bool) -> Status:
    return assess(person, on, PARAMETERS, replace(ASSUMED, **switches)).status


def test_mixed_run_counts_and_says_so_unless_switched_off() -> None:
    person = person_of({"contributions": "2026-05=SSSSSSSSSSSS"})

    assessment = assess(person, TODAY, PARAMETERS)

    assert (assessment.status, assessment.is_mixed) == (Status.INSURED, True)
    assert status_of(person, mixed_run_counts=False) is Status.UNINSURED


def test_only_pure_windows_are_offered_when_mixed_runs_do_not_count() -> None:
    person = person_of({"spells": "unemployed:2026-05..2026-10"})
    strict = replace(ASSUMED, mixed_run_counts=False)

    mixed = assess(person, TODAY, PARAMETERS).ways.cheapest
    pure = assess(person, TODAY, PARAMETERS, strict).ways.cheapest

    assert mixed is not None
    assert mixed.is_mixed
    assert pure is not None
    assert not pure.is_mixed
    assert pure.until == Month.parse("2026-11")


def test_of_pure_windows_that_cost_the_same_the_one_ahead_is_the_cheapest() -> None:
    strict = replace(ASSUMED, mixed_run_counts=False)

    cheapest = assess(Person(), TODAY, PARAMETERS, strict).ways.cheapest

    assert cheapest is not None
    assert cheapest.until == Month.parse("2027-10")


def test_one_category_after_another_leaves_no_hole() -> None:
    person = person_of({"spells": "pregnant:2025-06..2026-02 parent_under_3:2026-03..2026-08"})

    holes = assess(person, TODAY, PARAMETERS).holes

    assert [str(month) for month in holes] == ["2026-09", "2026-10", "2026-11"]


def test_akimat_pays_until_the_unemployed_are_struck_off_and_not_while_an_employer_pays() -> None:
    jobs = "subsidised_job:2026-01..2026-03 employer_training:2026-05..2026-06"
    before = person_of({"spells": f"unemployed:2025-10..2026-09 {jobs}"})
    now = person_of({"spells": f"unemployed:2025-10..2027-02 {jobs}"})

    holes = assess(before, TODAY, PARAMETERS).holes

    assert [str(month) for month in holes] == [
        *("2026-01", "2026-02", "2026-03", "2026-05", "2026-06", "2026-10", "2026-11")
    ]
    assert assess(now, TODAY, PARAMETERS).until == Month.parse("2027-02")


def test_one_hole_breaks_the_run_unless_switched_off() -> None:
    person = person_of(
        {"contributions": "2024-01=EEEEEEEEEEEEEEEEEEEEEEEEEE.EEEEEEE", "spells": "job:2024-01.."}
    )

    assert status_of(person) is Status.UNINSURED
    assert status_of(person, hole_breaks_run=False) is Status.INSURED


def test_two_holes_in_a_row_break_the_run_in_any_case() -> None:
    behind = {"contributions": "2024-01=" + "E" * 22 + ".." + "E" * 9, "spells": "job:2024-01.."}
    before = person_of({"contributions": "2024-01=" + "S" * 35 + "..S"})

    forgiving = replace(ASSUMED, hole_breaks_run=False)

    assert status_of(person_of(behind), hole_breaks_run=False) is Status.UNINSURED
    assert assess(before, TODAY, PARAMETERS, forgiving).until == Month.parse("2026-11")


def test_state_paid_months_do_not_count_towards_the_long_grace_unless_switched_on() -> None:
    on = date(2026, 11, 1)
    person = person_of(
        {
            "contributions": "2024-06=EEEEEEEEEEEEEEEEEEEEEEEEE",
            "spells": "student:2019-09..2024-05 job:2024-06..2026-06",
        }
    )

    assert status_of(person, on) is Status.UNINSURED
    assert status_of(person, on, state_months_count_towards_60=True) is Status.CONDITIONAL


def test_months_that_nobody_paid_never_count_towards_the_long_grace() -> None:
    person = person_of({"contributions": "2025-01=" + "E" * 18, "spells": "job:2025-01..2026-06"})

    assert status_of(person, date(2026, 11, 1)) is Status.UNINSURED
    assert (
        status_of(person, date(2026, 11, 1), state_months_count_towards_60=True) is Status.UNINSURED
    )


def test_month_not_yet_due_is_no_debt_unless_switched_off() -> None:
    person = person_of({"contributions": "2024-01=" + "E" * 33, "spells": "job:2024-01.."})
    on = date(2026, 11, 10)

    assert status_of(person, on) is Status.INSURED
    assert status_of(person, on, awaited_is_not_debt=False) is Status.CONDITIONAL


def test_no_grace_after_a_category_unless_switched_on() -> None:
    person = person_of({"spells": "parent_under_3:2023-05..2026-05"})
    on = date(2026, 6, 10)

    assert status_of(person, on) is Status.UNINSURED
    assert status_of(person, on, grace_after_category=True) is Status.CONDITIONAL


@pytest.mark.parametrize(
    ("on", "status"),
    [
        pytest.param(date(2026, 10, 25), Status.INSURED, id="last-day-to-pay-september"),
        pytest.param(date(2026, 10, 26), Status.CONDITIONAL, id="a-day-too-late"),
    ],
)
def test_month_is_awaited_until_the_25th_of_the_next(on: date, status: Status) -> None:
    person = person_of({"contributions": "2024-01=" + "S" * 32})

    assert status_of(person, on) is status


def test_one_payment_of_an_independent_payer_lets_the_next_month_be_awaited() -> None:
    once = person_of({"contributions": "2026-10=S"})
    hired = person_of({"contributions": "2026-10=E"})

    holes = [assess(person, TODAY, PARAMETERS).holes for person in (once, hired)]

    assert [Month.parse("2026-11") in months for months in holes] == [False, True]


def test_month_paid_after_a_hole_takes_no_grace_away() -> None:
    person = person_of({"contributions": "2024-01=" + "E" * 32 + ".E"})

    assessment = assess(person, TODAY, PARAMETERS)

    assert assessment.status is Status.CONDITIONAL
    assert assessment.last_paid == Month.parse("2026-08")


def test_two_months_of_an_employer_are_a_delay_and_more_are_a_debt() -> None:
    late = person_of({"contributions": "2024-01=" + "E" * 32, "spells": "job:2024-01.."})
    never = person_of({"contributions": "2024-01=" + "E" * 28, "spells": "job:2024-01.."})

    assert assess(late, TODAY, PARAMETERS).reasons[0].code is ReasonCode.EMPLOYER_DELAY
    assert assess(never, TODAY, PARAMETERS).reasons[0].code is ReasonCode.EMPLOYER_DEBT


def test_subsidised_job_takes_the_akimat_away() -> None:
    person = person_of({"spells": "unemployed:2026-01.. subsidised_job:2026-10.."})

    assert status_of(person, date(2026, 9, 15)) is Status.INSURED
    assert status_of(person) is Status.UNINSURED


def test_crisis_level_waits_for_three_months_without_pension_money() -> None:
    person = person_of({"level": "D", "pension_paid": "2026-09"})

    free = assess(person, TODAY, PARAMETERS).ways.free

    crisis = next(way for way in free if way.code is WayCode.CRISIS_LEVEL)
    assert crisis.since == Month.parse("2027-01")
    assert status_of(person, date(2026, 12, 31)) is Status.UNINSURED


def test_level_d_with_a_job_is_not_covered_by_the_akimat() -> None:
    assert status_of(person_of({"level": "D", "spells": "job:2026-10.."})) is Status.UNINSURED


def test_service_goes_before_a_category() -> None:
    person = person_of({"spells": "student:2024-09..2028-06 service:2026-04..2027-04"})

    assessment = assess(person, TODAY, PARAMETERS)

    assert assessment.basis is Basis.SERVICE


@pytest.mark.parametrize(
    ("on", "monthly"),
    [
        pytest.param(date(2022, 12, 31), 3000, id="last-day-of-the-old-wage"),
        pytest.param(date(2023, 1, 1), 3500, id="first-day-of-the-new-wage"),
        pytest.param(date(2023, 12, 31), 3500, id="eve-of-2024"),
        pytest.param(date(2024, 1, 1), 4250, id="first-day-of-2024"),
    ],
)
def test_this_month_costs_the_rate_of_its_own_year(on: date, monthly: int) -> None:
    person = person_of({"contributions": "2021-01=" + "S" * 11})

    gaps = assess(person, on, PARAMETERS).ways.paid[WayCode.GAPS]

    assert gaps.payments[-1].amount == Decimal(monthly)


def test_next_years_months_cost_this_years_amount_and_say_so() -> None:
    ahead = assess(Person(), date(2023, 12, 15), PARAMETERS).ways.paid[WayCode.AHEAD]

    assert {payment.amount for payment in ahead.payments} == {Decimal(3500)}
    assert ahead.has_next_year


def test_months_of_this_year_alone_are_not_called_next_year_s() -> None:
    paid = assess(Person(), TODAY, PARAMETERS).ways.paid

    assert not paid[WayCode.GAPS].has_next_year
    assert paid[WayCode.AHEAD].has_next_year


def test_of_ways_that_cost_the_same_the_one_that_insures_longest_is_the_cheapest() -> None:
    person = person_of({"contributions": "2026-01=" + "E" * 10})

    paid = assess(person, TODAY, PARAMETERS).ways.paid

    assert [str(month) for month in paid[WayCode.GAPS].months] == ["2025-12", "2026-11"]
    assert [str(month) for month in paid[WayCode.CHEAPEST].months] == ["2026-11", "2026-12"]
    assert paid[WayCode.GAPS].total == paid[WayCode.CHEAPEST].total


def test_closed_proprietor_pays_each_month_at_its_own_rate() -> None:
    person = person_of({"spells": "ip:2025-01..2026-03"})

    gaps = assess(person, TODAY, PARAMETERS).ways.paid[WayCode.GAPS]

    assert [int(p.amount or 0) for p in gaps.payments] == [5950] * 4 + [4250] * 8
    assert [p.is_owed for p in gaps.payments] == [True] * 4 + [False] * 8


def test_eaeu_worker_is_not_sent_to_register_as_unemployed() -> None:
    person = person_of({"residence": "eaeu_worker", "contributions": "2026-01=E"})

    codes = [way.code for way in assess(person, TODAY, PARAMETERS).ways.free]

    assert codes == [WayCode.FOREIGNER, WayCode.DATA_WRONG]


def test_payments_that_went_on_are_no_lost_grace() -> None:
    person = person_of({"contributions": "2025-06=SSSSSSSSSSSS..SSS"})

    codes = [reason.code for reason in assess(person, TODAY, PARAMETERS).reasons]

    assert codes == [ReasonCode.GAP, ReasonCode.DE_NOT_CONFIRMED]


def codes_of(row: dict[str, str]) -> list[ReasonCode]:
    return [reason.code for reason in assess(person_of(row), TODAY, PARAMETERS).reasons]


def test_returned_payment_that_was_repeated_is_no_reason() -> None:
    paid = {"contributions": "2025-01=SSSSSSSSSSSSSSS...SSSS"}

    mended = codes_of(paid | {"returned": "2026-02:wrong_details"})
    open_still = codes_of(paid | {"returned": "2026-05:wrong_details"})

    assert ReasonCode.WRONG_DETAILS not in mended
    assert open_still[0] is ReasonCode.WRONG_DETAILS


def test_two_returned_payments_are_one_reason_with_both_months() -> None:
    person = person_of({"returned": "2026-06:wrong_details 2026-05:wrong_details"})

    first, *others = assess(person, TODAY, PARAMETERS).reasons

    assert first.code is ReasonCode.WRONG_DETAILS
    assert first.months == (Month.parse("2026-05"), Month.parse("2026-06"))
    assert first.code not in {reason.code for reason in others}


@pytest.mark.parametrize(
    ("on", "debt"),
    [
        pytest.param(date(2026, 11, 1), ["2026-11"], id="the last month's pay is not due yet"),
        pytest.param(date(2026, 11, 25), ["2026-11"], id="the last day for it"),
        pytest.param(date(2026, 11, 26), ["2026-10", "2026-11"], id="it was not paid in time"),
    ],
)
def test_dismissed_person_is_conditional_while_the_last_month_is_awaited(
    on: date, debt: list[str]
) -> None:
    person = person_of({"contributions": "2024-01=" + "E" * 33, "spells": "job:2024-01..2026-10"})

    assessment = assess(person, on, PARAMETERS)

    assert assessment.status is Status.CONDITIONAL
    assert [str(month) for month in assessment.debt] == debt
    assert assessment.until == Month.parse("2026-12")


def test_of_several_categories_the_one_that_ends_last_counts() -> None:
    spells = "pregnant:2026-05..2026-12 student:2024-09..2027-06 disability:2026-01..2027-01"
    forever = person_of({"spells": f"pensioner:2026-10.. {spells}"})

    assert assess(person_of({"spells": spells}), TODAY, PARAMETERS).until == Month.parse("2027-06")
    assert assess(forever, TODAY, PARAMETERS).until is None
