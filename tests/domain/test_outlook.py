"""The next twelve months of typical lives: I insured, C conditionally, U not insured."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import Basis, Status
from bot.domain.assumptions import ASSUMED
from bot.domain.changes import (
    Change,
    Supposition,
    apply_change,
    numbers_of,
    possible_changes,
)
from bot.domain.coverage import Coverage
from bot.domain.months import Month
from bot.domain.outlook import MonthAhead, look_ahead
from bot.domain.person import Contributions, Person, Spell, SpellCode
from tests.domain.people import people, verified_days
from tests.domain.test_cases import person_of

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
TODAY = date(2026, 11, 21)
AS_NOW, GAPS = Supposition(), Supposition(Change.PAY_GAPS)
UNEMPLOYED = Supposition(Change.UNEMPLOYED)
_LETTERS = {Status.INSURED: "I", Status.CONDITIONAL: "C", Status.UNINSURED: "U"}
_RANK = {Status.OUTSIDE: 0, Status.UNINSURED: 0, Status.CONDITIONAL: 1, Status.INSURED: 2}


def stop(month: str) -> Supposition:
    return Supposition(Change.STOP, Month.parse(month))


def job(month: str) -> Supposition:
    return Supposition(Change.JOB, Month.parse(month))


def pay(months: int) -> Supposition:
    return Supposition(Change.PAY, months)


def ahead(
    row: dict[str, str], supposition: Supposition, on: date = TODAY
) -> tuple[MonthAhead, ...]:
    return look_ahead(person_of(row), on, PARAMETERS, supposition)


def strip(months: tuple[MonthAhead, ...]) -> str:
    return "".join(_LETTERS[month.status] for month in months)


NOBODY: dict[str, str] = {}
EMPLOYEE = {"contributions": "2024-01=" + "E" * 34, "spells": "job:2024-01.."}
LAID_OFF = {"contributions": "2023-08=" + "E" * 37, "spells": "job:2023-08..2026-08"}
MONTHLY = {"contributions": "2024-01=" + "S" * 34}
ONE_HOLE = {"contributions": "2024-01=" + "E" * 26 + "." + "E" * 7, "spells": "job:2024-01.."}
PREPAID_FROM_DECEMBER = {"contributions": "2026-12=" + "S" * 12}
LIVES = [
    ("employee goes on", EMPLOYEE, AS_NOW, "IIIIIIIIIIII"),
    ("employee resigns now", EMPLOYEE, stop("2026-11"), "ICCCUUUUUUUU"),
    ("employee resigns in March", EMPLOYEE, stop("2027-03"), "IIIIICCCUUUU"),
    (
        "59 months paid when payments stop",
        {"contributions": "2022-01=" + "E" * 58, "spells": "job:2022-01.."},
        stop("2026-11"),
        "ICCCUUUUUUUU",
    ),
    (
        "60 months paid when payments stop",
        {"contributions": "2021-12=" + "E" * 59, "spells": "job:2021-12.."},
        stop("2026-11"),
        "ICCCCCCUUUUU",
    ),
    (
        "contract that ends in January",
        {"contributions": "2024-01=" + "G" * 34, "spells": "contract:2024-01..2027-01"},
        AS_NOW,
        "IIICCCUUUUUU",
    ),
    ("turns 18 in March", {"spells": "child:2009-03..2027-03"}, AS_NOW, "IIIIIUUUUUUU"),
    ("turns 18, then pays", {"spells": "child:2009-03..2027-03"}, pay(2), "IIIIIIICCCUU"),
    ("turns 18, then works", {"spells": "child:2009-03..2027-03"}, job("2027-04"), "I" * 12),
    ("turns 18, then registers", {"spells": "child:2009-03..2027-03"}, UNEMPLOYED, "I" * 12),
    ("graduates in June", {"spells": "student:2023-09..2027-06"}, AS_NOW, "IIIIIIIIUUUU"),
    (
        "leave ends, the job goes on",
        {
            "contributions": "2023-01=" + "E" * 30,
            "spells": "job:2023-01.. maternity_leave:2025-07..2027-01",
        },
        AS_NOW,
        "IIIIIIIIIIII",
    ),
    ("registration ends", {"spells": "unemployed:2026-01..2027-02"}, AS_NOW, "IIIIUUUUUUUU"),
    ("level D", {"level": "D"}, AS_NOW, "IIUUUUUUUUUU"),
    ("prepaid year ends", {"contributions": "2026-04=" + "S" * 12}, AS_NOW, "IIIIICCCUUUU"),
    (
        "prepaid year ends, two more",
        {"contributions": "2026-04=" + "S" * 12},
        pay(2),
        "IIIIIIICCCUU",
    ),
    ("year prepaid now", {"contributions": "2026-11=" + "S" * 12}, AS_NOW, "IIIIIIIIIIII"),
    ("prepaid from next month", PREPAID_FROM_DECEMBER, AS_NOW, "UIIIIIIIIIII"),
    ("prepaid from next month, and this one", PREPAID_FROM_DECEMBER, pay(1), "IIIIIIIIIIII"),
    ("independent payer goes on", MONTHLY, AS_NOW, "IIIIIIIIIIII"),
    ("independent payer stops", MONTHLY, stop("2026-12"), "IICCCUUUUUUU"),
    ("nobody pays", NOBODY, AS_NOW, "UUUUUUUUUUUU"),
    ("two months paid", NOBODY, pay(2), "UUUUUUUUUUUU"),
    ("twelve months paid ahead", NOBODY, pay(12), "IIIIIIIIIIII"),
    ("missing year paid, then nothing", NOBODY, GAPS, "ICCCUUUUUUUU"),
    ("registers as unemployed", NOBODY, UNEMPLOYED, "IIIIIIIIIIII"),
    ("starts a job now", NOBODY, job("2026-11"), "UUUUUUUUUUUI"),
    ("starts a job later", NOBODY, job("2027-02"), "UUUUUUUUUUUU"),
    ("hole of the employer grows old", ONE_HOLE, AS_NOW, "UUUUIIIIIIII"),
    ("hole of the employer is paid", ONE_HOLE, GAPS, "IIIIIIIIIIII"),
    ("proprietor pays what is owed", {"spells": "ip:2024-03.."}, GAPS, "IIIIIIIIIIII"),
    ("laid off in August", LAID_OFF, AS_NOW, "CUUUUUUUUUUU"),
    ("laid off in August, pays the debt", LAID_OFF, GAPS, "ICCCUUUUUUUU"),
    ("laid off in August, pays two months from now", LAID_OFF, pay(2), "CUUUUUUUUUUU"),
    ("second month that he pays himself", {"contributions": "2026-10=SS"}, AS_NOW, "UUUUUUUUUUII"),
    (
        "contract ends a month earlier than agreed",
        {"contributions": "2024-01=" + "G" * 34, "spells": "contract:2024-01..2026-12"},
        stop("2026-11"),
        "ICCCUUUUUUUU",
    ),
    (
        "employer in arrears does not begin to pay by itself",
        {"contributions": "2024-01=" + "E" * 24, "spells": "job:2024-01.."},
        AS_NOW,
        "UUUUUUUUUUUU",
    ),
    (
        "left a job after eleven months",
        {"contributions": "2025-12=" + "E" * 11, "spells": "job:2025-12..2026-10"},
        AS_NOW,
        "UUUUUUUUUUUU",
    ),
    ("laid off in August, registers", LAID_OFF, UNEMPLOYED, "IIIIIIIIIIII"),
    (
        "employee resigns, leave to have a child begins",
        EMPLOYEE | {"spells": "job:2024-01.. maternity_leave:2027-01.."},
        stop("2026-12"),
        "IIIIIIIIIIII",
    ),
    (
        "new job left in its first month",
        EMPLOYEE | {"spells": "job:2024-01..2026-10 job:2026-11.."},
        stop("2026-11"),
        "ICCCUUUUUUUU",
    ),
    (
        "nine months prepaid, three more fill what is missing",
        {"contributions": "2026-12=" + "S" * 9},
        pay(3),
        "IIIIIIIIIIII",
    ),
    (
        "nine months paid monthly, the next two at once",
        {"contributions": "2026-01=" + "S" * 9},
        pay(2),
        "IICCCUUUUUUU",
    ),
    (
        "the last employer still pays, two more months after that",
        {"contributions": "2026-02=SSSSSSEE", "spells": "job:2026-08..2026-11"},
        pay(2),
        "IIICCCUUUUUU",
    ),
    ("laid off in August, new job", LAID_OFF, job("2026-11"), "CUUUUUUUUUUI"),
]


@pytest.mark.parametrize(
    ("row", "supposition", "expected"),
    [pytest.param(*life, id=name) for name, *life in LIVES],
)
def test_next_twelve_months(row: dict[str, str], supposition: Supposition, expected: str) -> None:
    assert strip(ahead(row, supposition)) == expected


def test_official_example_last_paid_june_lost_in_october() -> None:
    row = {"contributions": "2024-01=" + "E" * 29, "spells": "job:2024-01.."}

    months = ahead(row, stop("2026-06"), date(2026, 6, 15))

    assert strip(months) == "ICCCUUUUUUUU"
    assert [months[k].until for k in (1, 2, 3)] == [Month.parse("2026-09")] * 3


def test_crisis_level_comes_three_months_after_the_job_and_ends_with_the_year() -> None:
    row = {"contributions": "2024-01=" + "E" * 26, "spells": "job:2024-01..", "level": "D"}

    months = ahead(row, stop("2026-03"), date(2026, 3, 10))

    assert strip(months) == "ICCCIIIIIIUU"
    assert months[4].basis is Basis.CRISIS_LEVEL


@pytest.mark.parametrize("day", [1, 25, 26, 30], ids=lambda day: f"november {day}")
def test_month_that_is_not_due_yet_is_no_hole(day: int) -> None:
    row = {"contributions": "2024-01=" + "E" * 34, "spells": "job:2024-01.."}

    assert strip(ahead(row, AS_NOW, date(2026, 11, day))) == "I" * 12


def test_end_is_known_for_months_paid_ahead_and_open_while_somebody_pays() -> None:
    prepaid = ahead({"contributions": "2026-11=" + "S" * 12}, AS_NOW)
    monthly = ahead(MONTHLY, AS_NOW)
    employee = ahead(EMPLOYEE, AS_NOW)

    assert {month.until for month in prepaid} == {Month.parse("2027-10")}
    assert {month.until for month in (*monthly, *employee)} == {None}


def test_last_month_before_own_payments_stop_is_the_end() -> None:
    months = ahead(MONTHLY, stop("2026-12"))

    assert [month.until for month in months[:2]] == [None, Month.parse("2026-12")]


def test_past_and_prepaid_months_together_are_marked() -> None:
    assert not any(month.is_mixed for month in ahead(EMPLOYEE, AS_NOW))
    assert any(month.is_mixed for month in ahead({"contributions": "2026-05=SSSSSSSSSSSS"}, AS_NOW))


def test_registration_begins_where_the_cover_of_today_ends() -> None:
    months = ahead({"contributions": "2026-04=" + "S" * 12}, UNEMPLOYED)

    assert [month.basis for month in months[:5]] == [Basis.CONTRIBUTIONS] * 5
    assert [month.basis for month in months[5:]] == [Basis.UNEMPLOYED] * 7


def test_missing_months_paid_are_the_twelve_the_law_asks_for() -> None:
    person, today = Person(), assess(Person(), TODAY, PARAMETERS)
    coverage = Coverage(person, TODAY, int(PARAMETERS.due_day.at(TODAY)), ASSUMED)

    paid = apply_change(GAPS, coverage, today, needed=12).contributions

    assert paid == Contributions(Month.parse("2025-12"), "S" * 12)


def changes_of(row: dict[str, str], status: Status | None = None) -> str:
    person = person_of(row)
    today = assess(person, TODAY, PARAMETERS)
    coverage = Coverage(person, TODAY, int(PARAMETERS.due_day.at(TODAY)), ASSUMED)
    changes = possible_changes(replace(today, status=status or today.status), coverage)
    return " ".join(change or "as now" for change in changes)


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        pytest.param({"residence": "temporary_foreigner"}, "", id="outside"),
        pytest.param(EMPLOYEE, "as now stop", id="employee"),
        pytest.param(MONTHLY, "as now stop", id="independent-payer"),
        pytest.param(
            {"contributions": "2024-01=" + "S" * 35}, "as now stop", id="this-month-paid-too"
        ),
        pytest.param(
            {"contributions": "2024-01=" + "S" * 36},
            "as now pay unemployed job",
            id="next-month-paid-too",
        ),
        pytest.param(NOBODY, "as now gaps pay unemployed job", id="nobody-pays"),
        pytest.param(LAID_OFF, "as now gaps pay unemployed job", id="laid-off"),
        pytest.param(ONE_HOLE, "as now gaps", id="employer-s-hole"),
        pytest.param({"spells": "student:2023-09.."}, "as now", id="no-end-known"),
        pytest.param(
            {"spells": "student:2023-09..2027-09"},
            "as now pay unemployed job",
            id="ends-before-the-last-month-of-the-strip",
        ),
        pytest.param(
            {"spells": "student:2023-09..2027-10"}, "as now", id="ends-with-the-last-month"
        ),
        pytest.param(
            EMPLOYEE | {"spells": "student:2023-09..2027-06 job:2024-01.."},
            "as now pay unemployed job",
            id="student-who-works",
        ),
        pytest.param(
            {"contributions": "2026-04=" + "S" * 12},
            "as now pay unemployed job",
            id="prepaid-to-march",
        ),
        pytest.param(
            {"contributions": "2026-04=" + "S" * 12, "residence": "eaeu_worker"},
            "as now pay job",
            id="eaeu-worker-insured",
        ),
        pytest.param(
            {"contributions": "2020-01=E", "residence": "eaeu_worker"},
            "as now gaps pay job",
            id="eaeu-worker-not-insured",
        ),
    ],
)
def test_changes_that_make_sense(row: dict[str, str], changes: str) -> None:
    assert changes_of(row) == changes


def test_nothing_is_supposed_of_the_unknown() -> None:
    assert changes_of(NOBODY, Status.UNKNOWN) == ""


@pytest.mark.parametrize(
    ("change", "first", "last"),
    [
        pytest.param(Change.STOP, "2026-11", "2027-09", id="stop-before-the-strip-ends"),
        pytest.param(Change.JOB, "2026-11", "2027-10", id="job-within-the-strip"),
    ],
)
def test_every_month_of_the_strip_may_be_chosen(change: Change, first: str, last: str) -> None:
    numbers = numbers_of(change, Month.of(TODAY))

    assert list(numbers) == list(range(Month.parse(first), Month.parse(last) + 1))


def test_counts_of_months_may_be_chosen_for_payments_and_nothing_for_the_rest() -> None:
    chosen = {change: numbers_of(change, Month.of(TODAY)) for change in Change}

    assert chosen[Change.PAY] == (1, 2, 3, 6, 12)
    assert chosen[Change.AS_NOW] == chosen[Change.PAY_GAPS] == chosen[Change.UNEMPLOYED] == ()


@given(people, verified_days)
def test_strip_begins_with_the_answer_and_has_twelve_months_in_a_row(
    person: Person, on: date
) -> None:
    months = look_ahead(person, on, PARAMETERS, AS_NOW)

    today = assess(person, on, PARAMETERS)
    assert (months[0].status, months[0].basis) == (today.status, today.basis)
    assert [month.month - Month.of(on) for month in months] == list(range(12))


@st.composite
def paid_for(draw: st.DrawFn) -> tuple[Person, date]:
    """Give somebody for whom a payer has paid for a year or more, among other facts."""
    person, on = draw(people), draw(verified_days)
    now, length = Month.of(on), draw(st.integers(12, 70))
    letter, code = draw(st.sampled_from([("E", SpellCode.JOB), ("I", SpellCode.PROPRIETOR)]))
    relation = Spell(code, now.shift(-length))
    paid = Contributions(now.shift(-length), letter * length)
    return replace(person, contributions=paid, spells=(*person.spells, relation), level=None), on


@given(paid_for(), st.integers(0, 10))
def test_stop_never_makes_a_month_better(case: tuple[Person, date], later: int) -> None:
    person, on = case
    today = assess(person, on, PARAMETERS)
    coverage = Coverage(person, on, int(PARAMETERS.due_day.at(on)), ASSUMED)
    if Change.STOP not in possible_changes(today, coverage):
        return

    stopped = Supposition(Change.STOP, Month.of(on) + later)
    with_stop = look_ahead(person, on, PARAMETERS, stopped)
    without = look_ahead(person, on, PARAMETERS, AS_NOW)

    for worse, better in zip(with_stop, without, strict=True):
        assert _RANK[worse.status] <= _RANK[better.status]
