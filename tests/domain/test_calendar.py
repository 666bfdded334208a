"""Each month around an answer: covered, missing, not due yet, or in grace."""

from datetime import date

import pytest

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assumptions import ASSUMED
from bot.domain.calendar import Calendar, CalendarMonth, MonthKind, find_calendar
from bot.domain.coverage import Coverage
from bot.domain.months import Month
from bot.domain.person import Contributions, Level, Payer, Person, Spell, SpellCode

PARAMETERS = load_parameters(SHARE / "data" / "parameters")
ON = date(2026, 11, 21)
SIGNS = {
    MonthKind.COVERED: "+",
    MonthKind.HOLE: "x",
    MonthKind.AWAITED: "?",
    MonthKind.GRACE: "!",
}


def paid(first: str, letters: str) -> Contributions:
    return Contributions(Month.parse(first), letters)


def spell(code: SpellCode, first: str, last: str | None = None) -> Spell:
    return Spell(code, Month.parse(first), Month.parse(last) if last else None)


def calendar_of(person: Person, on: date = ON) -> Calendar:
    assessment = assess(person, on, PARAMETERS)
    due_day = int(PARAMETERS.due_day.at(on))
    return find_calendar(Coverage(person, on, due_day, ASSUMED), assessment)


def signs(months: tuple[CalendarMonth, ...]) -> str:
    return "".join(SIGNS[month.kind] for month in months)


def letters(months: tuple[CalendarMonth, ...]) -> str:
    return "".join(month.payer.value if month.payer else "." for month in months)


@pytest.mark.parametrize(
    ("person", "past", "ahead"),
    [
        pytest.param(Person(), "xxxxxxxxxxxx", "", id="nobody pays"),
        pytest.param(
            Person(
                contributions=paid("2024-01", "E" * 34), spells=(spell(SpellCode.JOB, "2024-01"),)
            ),
            "+++++++++++?",
            "",
            id="this month of a job is not due yet",
        ),
        pytest.param(
            Person(spells=(spell(SpellCode.JOB, "2026-10"),)),
            "xxxxxxxxxx??",
            "",
            id="new job, both its months not due yet",
        ),
        pytest.param(
            Person(contributions=paid("2024-01", "S" * 31)),
            "++++++++xxxx",
            "",
            id="grace is over",
        ),
        pytest.param(
            Person(contributions=paid("2024-09", "S" * 24)),
            "+++++++++!!!",
            "",
            id="grace of three months ends this month",
        ),
        pytest.param(
            Person(contributions=paid("2024-09", "E" * 25)),
            "++++++++++!!",
            "!",
            id="grace goes on after this month",
        ),
        pytest.param(
            Person(
                contributions=paid("2024-01", "E" * 33),
                spells=(spell(SpellCode.JOB, "2024-01", "2026-10"),),
            ),
            "++++++++++?!",
            "!",
            id="dismissed, the last month of the job not due yet",
        ),
        pytest.param(
            Person(contributions=paid("2020-01", "E" * 79)),
            "++++++++!!!!",
            "!!",
            id="grace of six months",
        ),
        pytest.param(
            Person(contributions=paid("2026-11", "S" * 12)),
            "xxxxxxxxxxx+",
            "+++++++++++",
            id="twelve months paid ahead",
        ),
        pytest.param(
            Person(contributions=paid("2026-11", "S" * 30)),
            "xxxxxxxxxxx+",
            "++++++++++++",
            id="no more than twelve months ahead",
        ),
        pytest.param(
            Person(contributions=paid("2027-01", "SS")),
            "xxxxxxxxxxxx",
            "x++",
            id="unpaid month before the prepaid ones",
        ),
        pytest.param(
            Person(spells=(spell(SpellCode.CHILD, "2009-01", "2027-01"),)),
            "++++++++++++",
            "++",
            id="child up to the month of the birthday",
        ),
        pytest.param(
            Person(spells=(spell(SpellCode.PENSIONER, "2026-09"),)),
            "xxxxxxxxx+++",
            "++++++++++++",
            id="pensioner without an end",
        ),
        pytest.param(
            Person(level=Level.D),
            "xxxxxxxxxxx+",
            "+",
            id="crisis level until the end of the year",
        ),
    ],
)
def test_kinds_of_the_months(person: Person, past: str, ahead: str) -> None:
    calendar = calendar_of(person)

    assert (signs(calendar.past), signs(calendar.ahead)) == (past, ahead)


@pytest.mark.parametrize(
    ("on", "first", "last", "kinds"),
    [
        pytest.param(date(2025, 12, 31), "2025-01", "2025-12", "++++++++++++", id="december"),
        pytest.param(date(2026, 1, 1), "2025-02", "2026-01", "+++++++++++?", id="january"),
        pytest.param(date(2026, 1, 26), "2025-02", "2026-01", "+++++++++++?", id="after the 25th"),
        pytest.param(date(2026, 2, 25), "2025-03", "2026-02", "++++++++++??", id="on the 25th"),
        pytest.param(date(2026, 2, 26), "2025-03", "2026-02", "++++++++++!!", id="a day too late"),
    ],
)
def test_months_shown_end_with_the_one_asked_about(
    on: date, first: str, last: str, kinds: str
) -> None:
    person = Person(contributions=paid("2024-01", "S" * 24))

    calendar = calendar_of(person, on)

    assert [str(calendar.past[0].month), str(calendar.past[-1].month)] == [first, last]
    assert signs(calendar.past) == kinds


def test_owner_sees_who_paid_and_a_stranger_does_not() -> None:
    person = Person(
        contributions=paid("2026-04", "EEEEEEE"),
        spells=(
            spell(SpellCode.MATERNITY_LEAVE, "2025-01", "2026-03"),
            spell(SpellCode.JOB, "2024-01"),
        ),
    )

    calendar = calendar_of(person)

    assert letters(calendar.past) == "....EEEEEEE."
    assert letters(calendar.for_strangers().past) == "." * 12
    assert signs(calendar.for_strangers().past) == signs(calendar.past) == "+++++++++++?"


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(Person(level=Level.E), id="level"),
        pytest.param(
            Person(spells=(spell(SpellCode.PREGNANT, "2026-10", "2026-12"),)), id="new category"
        ),
        pytest.param(
            Person(spells=(spell(SpellCode.UNEMPLOYED, "2026-02", "2026-12"),)), id="unemployed"
        ),
        pytest.param(
            Person(spells=(spell(SpellCode.CHILD, "2008-12", "2026-12"),)), id="old category"
        ),
    ],
)
def test_strangers_cannot_tell_a_level_from_a_category(person: Person) -> None:
    calendar = calendar_of(person).for_strangers()

    assert [str(month.month) for month in calendar.months] == ["2026-11", "2026-12"]
    assert signs(calendar.months) == "++"


def test_strangers_do_not_see_who_paid_ahead() -> None:
    calendar = calendar_of(Person(contributions=paid("2026-11", "SSS"))).for_strangers()

    assert letters(calendar.ahead) == ".."
    assert signs(calendar.ahead) == "++"


def test_payer_of_a_prepaid_month_is_known() -> None:
    calendar = calendar_of(Person(contributions=paid("2026-11", "SS")))

    assert calendar.ahead == (
        CalendarMonth(Month.parse("2026-12"), MonthKind.COVERED, Payer.INDEPENDENT),
    )
