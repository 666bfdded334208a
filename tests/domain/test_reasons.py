"""Why somebody is not insured: every reason with its months, what is asked, and the free ways."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.assess import assess
from bot.domain.assessment import Basis, Reason, Ways
from tests.domain.test_cases import PARAMETERS, person_of

TODAY = date(2026, 11, 21)
YEAR = "2025-12..2026-11 (12)"


def spelt(reason: Reason) -> str:
    """Write a reason as its code, its months, since when, and what it speaks of."""
    months = reason.months
    stretch = f" {months[0]}..{months[-1]} ({len(months)})" if months else ""
    since = f" since {reason.since}" if reason.since else ""
    return f"{reason.code}{stretch}{since}" + (f" {reason.spell}" if reason.spell else "")


def ended(code: str, spell: str, since: str, gap: str) -> list[str]:
    return [f"{code} since {since} {spell}", f"GAP {gap}", "DE_NOT_CONFIRMED"]


SINCE_JUNE, SINCE_JULY = "2026-06..2026-11 (6)", "2026-07..2026-11 (5)"
SINCE_MARCH = "2026-03..2026-11 (9)"
BEFORE_MAY, PAYS = "2025-12..2026-04 (5)", "2024-01="
REASONS = {
    "lost the job, in grace": (
        {"contributions": "2023-08=" + "E" * 37, "spells": "job:2023-08..2026-08"},
        ["JOB_LOST since 2026-08 job", "GAP 2026-09..2026-11 (3)"],
    ),
    "lost the job, grace over": (
        {"contributions": "2023-08=" + "E" * 34, "spells": "job:2023-08..2026-05"},
        [
            "JOB_LOST since 2026-05 job",
            f"GRACE_OVER {SINCE_JUNE} since 2026-05",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "business closed more than a year ago": (
        {"contributions": PAYS + "I" * 20, "spells": "ip:2024-01..2025-08"},
        [f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "business closed": (
        {"contributions": PAYS + "I" * 26, "spells": "ip:2024-01..2026-02"},
        [
            "IP_CLOSED_GAP since 2026-02 ip",
            f"GRACE_OVER {SINCE_MARCH} since 2026-02",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "farm closed": (
        {"contributions": PAYS + "F" * 26, "spells": "farm:2024-01..2026-02"},
        [
            "IP_CLOSED_GAP since 2026-02 farm",
            f"GRACE_OVER {SINCE_MARCH} since 2026-02",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "business that never paid": (
        {"spells": "ip:2024-03.."},
        ["IP_ACTIVE_DEBT 2025-12..2026-09 (10) since 2024-03 ip"],
    ),
    "farm that stopped paying": (
        {"contributions": PAYS + "F" * 30, "spells": "farm:2024-01.."},
        [
            "IP_ACTIVE_DEBT 2026-07..2026-09 (3) since 2024-01 farm",
            "GRACE_OVER 2026-07..2026-09 (3) since 2026-06",
        ],
    ),
    "customer that stopped paying": (
        {"contributions": PAYS + "G" * 30, "spells": "contract:2024-01.."},
        [
            "GPH_NOT_PAID 2026-07..2026-09 (3) since 2024-01 contract",
            "GRACE_OVER 2026-07..2026-09 (3) since 2026-06",
        ],
    ),
    "platform that stopped paying": (
        {"contributions": PAYS + "P" * 30, "spells": "platform:2024-01.."},
        [
            "SELF_EMPLOYED_PLATFORM 2026-07..2026-09 (3) since 2024-01 platform",
            "GRACE_OVER 2026-07..2026-09 (3) since 2026-06",
        ],
    ),
    "employer late by two months": (
        {"contributions": PAYS + "E" * 31, "spells": "job:2024-01.."},
        [
            "EMPLOYER_DELAY 2026-08..2026-09 (2) since 2024-01 job",
            "GRACE_OVER 2026-08..2026-09 (2) since 2026-07",
        ],
    ),
    "employer that missed two months of four": (
        {"contributions": PAYS + "E" * 30 + "..EEE", "spells": "job:2024-01.."},
        ["EMPLOYER_DEBT 2026-07..2026-08 (2) since 2024-01 job"],
    ),
    "former employer that missed two months": (
        {"contributions": PAYS + "E" * 31, "spells": "job:2024-01..2026-09"},
        [
            "EMPLOYER_DEBT 2026-08..2026-09 (2) since 2024-01 job",
            "JOB_LOST since 2026-09 job",
            "GRACE_OVER 2026-08..2026-11 (4) since 2026-07",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "a month between two jobs": (
        {
            "contributions": PAYS + "E" * 28 + "..EEEE",
            "spells": "job:2024-01..2026-04 job:2026-06..",
        },
        ["EMPLOYER_DEBT 2026-06..2026-06 (1) since 2026-06 job", "GAP 2026-05..2026-06 (2)"],
    ),
    "just hired": (
        {"contributions": "2026-08=EEE", "spells": "job:2026-08.."},
        ["JUST_HIRED_DEBT 2025-12..2026-07 (8) since 2026-08 job"],
    ),
    "hired this month": (
        {"spells": "job:2026-11.."},
        ["JUST_HIRED_DEBT 2025-12..2026-10 (11) since 2026-11 job"],
    ),
    "short job in its last month": (
        {"contributions": "2026-08=EE", "spells": "job:2026-08..2026-11"},
        ["GAP 2025-12..2026-07 (8)"],
    ),
    "works since a disability ended": (
        {
            "contributions": "2026-08=EE",
            "spells": "job:2026-08.. disability:2020-05..2026-05",
        },
        [
            "JUST_HIRED_DEBT 2026-06..2026-07 (2) since 2026-08 job",
            "CATEGORY_DATA_MISSING since 2026-05 disability",
        ],
    ),
    "works, with an earlier job and a disability that ended": (
        {
            "contributions": "2024-01=" + "E" * 27 + "....EEE",
            "spells": "job:2024-01..2026-03 disability:2026-05..2026-06 job:2026-08..",
        },
        [
            "JUST_HIRED_DEBT 2026-04..2026-07 (2) since 2026-08 job",
            "CATEGORY_DATA_MISSING since 2026-06 disability",
        ],
    ),
    "just hired, employer late": (
        {"contributions": "2026-08=E", "spells": "job:2026-08.."},
        ["EMPLOYER_DELAY 2026-09..2026-09 (1) since 2026-08 job", "GAP 2025-12..2026-09 (9)"],
    ),
    "turned 18": (
        {"spells": "child:2008-06..2026-05"},
        ended("TURNED_18", "child", "2026-05", SINCE_JUNE),
    ),
    "graduated": (
        {"spells": "student:2022-09..2026-06"},
        ended("GRADUATED", "student", "2026-06", SINCE_JULY),
    ),
    "child turned three": (
        {"spells": "parent_under_3:2023-05..2026-05"},
        ended("CHILD_3", "parent_under_3", "2026-05", SINCE_JUNE),
    ),
    "leave ended": (
        {"spells": "maternity_leave:2025-05..2026-05"},
        ended("LEAVE_ENDED", "maternity_leave", "2026-05", SINCE_JUNE),
    ),
    "taken off the register of the unemployed": (
        {"spells": "unemployed:2025-05..2026-05"},
        ended("UNEMPLOYED_REMOVED", "unemployed", "2026-05", SINCE_JUNE),
    ),
    "disability that ended": (
        {"spells": "disability:2020-05..2026-05"},
        ended("CATEGORY_DATA_MISSING", "disability", "2026-05", SINCE_JUNE),
    ),
    "service that ended": (
        {"spells": "service:2025-04..2026-05"},
        ended("CATEGORY_DATA_MISSING", "service", "2026-05", SINCE_JUNE),
    ),
    "prepaid a year from next month": (
        {"contributions": "2026-12=" + "S" * 12},
        ["PREPAID_NEXT_MONTH since 2026-12", f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "paid by the state from next month": (
        {"spells": "student:2026-12..2028-06"},
        [f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "prepaid less than a year from next month": (
        {"contributions": "2026-12=" + "S" * 11},
        [f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "prepaid to december": (
        {"contributions": "2026-05=" + "S" * 8},
        ["WRONG_YEAR since 2026-12", f"GAP {BEFORE_MAY}", "DE_NOT_CONFIRMED"],
    ),
    "prepaid to january": (
        {"contributions": "2026-05=" + "S" * 9},
        [f"GAP {BEFORE_MAY}", "DE_NOT_CONFIRMED"],
    ),
    "prepaid to december, the last month by an employer": (
        {"contributions": "2026-05=" + "S" * 7 + "E"},
        [f"GAP {BEFORE_MAY}", "DE_NOT_CONFIRMED"],
    ),
    "one sum for several months": (
        {"contributions": "2026-03=S", "returned": "2026-03:one_sum"},
        [
            "ONE_SUM 2026-03..2026-03 (1) since 2026-03",
            "GAP 2025-12..2026-11 (11)",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "returned in the first of the twelve months": (
        {"returned": "2025-12:wrong_details"},
        [
            "WRONG_DETAILS 2025-12..2025-12 (1) since 2025-12",
            f"NO_PAY_12M {YEAR}",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "returned a month before them": (
        {"returned": "2025-11:wrong_details"},
        [f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "returned for a wrong year": (
        {"returned": "2026-03:wrong_year"},
        [
            "WRONG_YEAR 2026-03..2026-03 (1) since 2026-03",
            f"NO_PAY_12M {YEAR}",
            "DE_NOT_CONFIRMED",
        ],
    ),
    "kandas who has just arrived": (
        {"residence": "kandas"},
        ["ARRIVED", f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "refugee who has just arrived": (
        {"residence": "refugee"},
        ["ARRIVED", f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "resident who has paid before": (
        {"residence": "permanent_resident", "contributions": "2025-06=S"},
        [f"NO_PAY_12M {YEAR}", "DE_NOT_CONFIRMED"],
    ),
    "paid for himself and stopped": (
        {"contributions": PAYS + "S" * 28},
        ["GRACE_OVER 2026-05..2026-11 (7) since 2026-04", "DE_NOT_CONFIRMED"],
    ),
    "level that is no crisis": ({"level": "C"}, [f"NO_PAY_12M {YEAR}"]),
    "pension money not long ago": ({"pension_paid": "2026-09"}, [f"NO_PAY_12M {YEAR}"]),
    "eaeu worker": (
        {"residence": "eaeu_worker", "contributions": "2026-01=E"},
        ["GAP 2025-12..2026-11 (11)"],
    ),
    "asylum seeker": ({"residence": "asylum_seeker"}, ["FOREIGN_TEMP"]),
    "insured": ({"spells": "student:2024-09..2028-06"}, []),
}


@pytest.mark.parametrize(("row", "reasons"), REASONS.values(), ids=REASONS.keys())
def test_reasons_most_useful_first(row: dict[str, str], reasons: list[str]) -> None:
    assessment = assess(person_of(row), TODAY, PARAMETERS)

    assert [spelt(reason) for reason in assessment.reasons] == reasons


def test_of_several_things_that_ended_the_latest_comes_first() -> None:
    row = {"spells": "disability:2020-05..2026-01 kandas:2026-03..2026-05"}

    reasons = assess(person_of(row), TODAY, PARAMETERS).reasons

    assert [str(reason.since) for reason in reasons if reason.since] == ["2026-05", "2026-01"]


ANYBODY = ["CATEGORY_DATA_MISSING", "NAME_CHANGED"]
WITHOUT_WORK = ["STUDENT_NOT_IN_DB", "PREGNANT_NOT_REGISTERED"]


@pytest.mark.parametrize(
    ("row", "claims"),
    [
        pytest.param({}, [*WITHOUT_WORK, *ANYBODY, "ARRIVED"], id="never-paid"),
        pytest.param({"contributions": "2026-03=S"}, [*WITHOUT_WORK, *ANYBODY], id="paid-a-month"),
        pytest.param({"residence": "kandas"}, [*WITHOUT_WORK, *ANYBODY], id="arrival-is-stated"),
        pytest.param(
            {"spells": "disability:2020-05..2026-05"},
            [*WITHOUT_WORK, "NAME_CHANGED"],
            id="category-is-stated",
        ),
        pytest.param({"spells": "job:2026-08.."}, ANYBODY, id="works"),
        pytest.param(
            {"residence": "eaeu_worker", "contributions": "2026-01=E"},
            ["NAME_CHANGED"],
            id="eaeu-worker",
        ),
        pytest.param({"contributions": "2023-08=" + "E" * 37}, [], id="conditional"),
        pytest.param({"level": "D"}, [], id="insured"),
    ],
)
def test_only_what_the_register_cannot_show_is_asked(
    row: dict[str, str], claims: list[str]
) -> None:
    assert list(assess(person_of(row), TODAY, PARAMETERS).claims) == claims


@pytest.mark.parametrize(
    ("row", "ways"),
    [
        pytest.param(
            {}, "unemployed crisis_level category disability data_wrong", id="without-work"
        ),
        pytest.param(
            {"level": "C"}, "unemployed category disability data_wrong", id="level-that-is-none"
        ),
        pytest.param(
            {"pension_paid": "2026-09"},
            "unemployed crisis_level:2027-01 category disability data_wrong",
            id="pension-money-not-long-ago",
        ),
        pytest.param({"spells": "job:2026-08.."}, "category disability data_wrong", id="works"),
        pytest.param(
            {"spells": "job:2025-08..2026-11"},
            "unemployed category disability data_wrong",
            id="last-month-of-work",
        ),
        pytest.param(
            {"residence": "eaeu_worker", "contributions": "2026-01=E"},
            "foreigner data_wrong",
            id="eaeu-worker",
        ),
        pytest.param({"residence": "asylum_seeker"}, "foreigner", id="outside"),
        pytest.param({"level": "D"}, "", id="paid-by-the-akimat"),
        pytest.param({"spells": "student:2024-09..2028-06"}, "", id="insured"),
    ],
)
def test_free_ways_in_their_order(row: dict[str, str], ways: str) -> None:
    free = assess(person_of(row), TODAY, PARAMETERS).ways.free

    assert " ".join(w.code + (f":{w.since}" if w.since else "") for w in free) == ways


@pytest.mark.parametrize(
    ("row", "amount"),
    [
        pytest.param({"contributions": PAYS + "I" * 33, "spells": "ip:2024-01.."}, 5950, id="ip"),
        pytest.param(
            {"contributions": PAYS + "F" * 33, "spells": "farm:2024-01.."}, 5950, id="farm"
        ),
        pytest.param({"spells": "ip:2024-03.."}, 5950, id="ip-not-insured"),
        pytest.param({"contributions": PAYS + "S" * 33}, 4250, id="independent"),
        pytest.param(
            {"contributions": PAYS + "I" * 33, "spells": "ip:2024-01.. job:2026-01.."},
            5950,
            id="business-besides-a-job",
        ),
        pytest.param({"contributions": PAYS + "E" * 33, "spells": "job:2024-01.."}, None, id="job"),
        pytest.param(
            {"contributions": PAYS + "P" * 33, "spells": "platform:2024-01.."}, None, id="platform"
        ),
    ],
)
def test_month_the_person_has_yet_to_pay_is_named_with_its_last_day(
    row: dict[str, str], amount: int | None
) -> None:
    due = assess(person_of(row), TODAY, PARAMETERS).ways.due

    last_days = {"2026-10": date(2026, 11, 25), "2026-11": date(2026, 12, 25)}
    assert {str(payment.month): payment.by for payment in due} == (last_days if amount else {})
    assert {payment.amount for payment in due} == ({Decimal(amount)} if amount else set())


def test_nobody_is_asked_for_a_month_that_the_akimat_pays() -> None:
    person = person_of({"level": "D", "contributions": "2026-09=S"})

    assessment = assess(person, TODAY, PARAMETERS)

    assert assessment.basis is Basis.CRISIS_LEVEL
    assert assessment.ways == Ways()


def test_answer_without_amounts_keeps_months_and_last_days() -> None:
    never, monthly = (
        assess(person_of(row), TODAY, PARAMETERS)
        for row in ({}, {"contributions": PAYS + "S" * 33})
    )

    bare = never.without_amounts().ways.paid
    due = monthly.without_amounts().ways.due

    assert bare.keys() == never.ways.paid.keys()
    for code, way in bare.items():
        assert way.total is None
        assert way == replace(never.ways.paid[code], payments=way.payments)
        assert way.months == never.ways.paid[code].months
    assert [payment.amount for payment in due] == [None, None]
    assert [payment.by for payment in due] == [payment.by for payment in monthly.ways.due]
    assert never.without_amounts() == replace(never, ways=replace(never.ways, paid=bare))
