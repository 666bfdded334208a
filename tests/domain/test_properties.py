"""What must hold for any person on any day."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.amounts import payer_of
from bot.domain.assess import assess
from bot.domain.assessment import Basis, PaidWay, Status, WayCode
from bot.domain.coverage import EMPLOYER_PAYS_INSTEAD, STATE_PAID, UNEMPLOYED
from bot.domain.months import Month
from bot.domain.parameters import ParameterNotInForceError
from bot.domain.person import Payer, Person, Residence
from tests.domain.people import people, verified_days, with_payments

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
_RANK = {
    Status.OUTSIDE: 0,
    Status.UNINSURED: 0,
    Status.CONDITIONAL: 1,
    Status.INSURED: 2,
}


def after_paying(person: Person, way: PaidWay) -> Person:
    payments = {payment.month: payment.payer for payment in way.payments}
    return replace(person, contributions=with_payments(person.contributions, payments))


@given(people, st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_assess_never_raises_but_for_an_unverified_day(person: Person, on: date) -> None:
    unverified = None
    try:
        assess(person, on, PARAMETERS)
    except ParameterNotInForceError as error:
        unverified = error.day

    assert unverified is None or not date(2021, 1, 1) <= unverified <= date(2026, 12, 31)


@given(people, verified_days)
def test_paying_any_way_insures_until_exactly_the_promised_month(person: Person, on: date) -> None:
    assessment = assess(person, on, PARAMETERS)

    for way in assessment.ways.paid.values():
        paid = assess(after_paying(person, way), on, PARAMETERS)
        assert (paid.status, paid.basis) == (Status.INSURED, Basis.CONTRIBUTIONS)
        assert paid.until == way.until
        assert paid.is_mixed == way.is_mixed


@given(people, verified_days, st.integers(-18, 18))
def test_one_more_paid_month_never_worsens_a_status(person: Person, on: date, months: int) -> None:
    before = assess(person, on, PARAMETERS)
    month = Month.of(on).shift(months)
    if person.contributions.payer(month) is not None:
        return

    richer = with_payments(person.contributions, {month: payer_of(person, month)})
    after = assess(replace(person, contributions=richer), on, PARAMETERS)

    assert _RANK[after.status] >= _RANK[before.status]


def test_a_paid_month_brings_an_eaeu_worker_into_the_system() -> None:
    on = date(2026, 11, 21)
    worker = Person(residence=Residence.EAEU_WORKER)
    paid = with_payments(worker.contributions, {Month.parse("2026-11"): Payer.INDEPENDENT})

    assert assess(worker, on, PARAMETERS).status is Status.OUTSIDE
    assert assess(replace(worker, contributions=paid), on, PARAMETERS).status is Status.UNINSURED


@given(people, verified_days)
def test_cheapest_never_costs_more_than_the_other_ways(person: Person, on: date) -> None:
    paid = assess(person, on, PARAMETERS).ways.paid

    for way in paid.values():
        cheapest = paid[WayCode.CHEAPEST]
        assert cheapest.total is not None
        assert way.total is not None
        assert cheapest.total <= way.total


@given(people, verified_days)
def test_months_paid_by_the_state_or_by_anybody_are_never_billed(person: Person, on: date) -> None:
    assessment = assess(person, on, PARAMETERS)

    for way in assessment.ways.paid.values():
        assert len(set(way.months)) == len(way.months)
        for month in way.months:
            assert person.contributions.payer(month) is None
            assert not person.has(STATE_PAID, month)
            assert not person.has(UNEMPLOYED, month) or person.has(EMPLOYER_PAYS_INSTEAD, month)


@given(people, verified_days)
def test_only_the_uninsured_and_the_conditional_have_holes_reasons_and_payments(
    person: Person, on: date
) -> None:
    assessment = assess(person, on, PARAMETERS)

    is_open = assessment.status in (Status.UNINSURED, Status.CONDITIONAL)
    assert bool(assessment.ways.paid) == is_open
    assert bool(assessment.holes) == is_open
    assert bool(assessment.debt) == (assessment.status is Status.CONDITIONAL)
    assert bool(assessment.reasons) == (is_open or assessment.status is Status.OUTSIDE)


@given(people, verified_days)
def test_sums_left_out_leave_months_and_order(person: Person, on: date) -> None:
    assessment = assess(person, on, PARAMETERS)

    bare = assessment.without_amounts().ways.paid

    for code, way in assessment.ways.paid.items():
        assert bare[code].months == way.months
        assert bare[code].total is None
