"""When operators are at work."""

from datetime import date, datetime, time, timedelta, timezone

import pytest

from bot.domain.hours import OpeningHours
from bot.domain.inbox import share_of

ZONE = timezone(timedelta(hours=5))
WORKDAY = (time(9), time(18))
HOURS = OpeningHours(
    week=dict.fromkeys(range(5), WORKDAY),
    every_year=frozenset({(12, 16)}),
    once=frozenset({date(2026, 12, 17)}),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        pytest.param("2026-11-24T08:59", False, "2026-11-24T09:00", id="before work"),
        pytest.param("2026-11-24T09:00", True, "2026-11-25T09:00", id="first minute"),
        pytest.param("2026-11-24T17:59", True, "2026-11-25T09:00", id="last minute"),
        pytest.param("2026-11-24T18:00", False, "2026-11-25T09:00", id="after work"),
        pytest.param("2026-11-27T18:00", False, "2026-11-30T09:00", id="Friday evening"),
        pytest.param("2026-11-22T12:00", False, "2026-11-23T09:00", id="Sunday"),
        pytest.param("2026-12-16T12:00", False, "2026-12-18T09:00", id="two holidays"),
    ],
)
def test_hours_and_the_next_opening(moment: str, is_open: bool, opens: str) -> None:
    assert HOURS.is_open(at(moment)) is is_open
    assert HOURS.next_opening(at(moment)) == at(opens)


def test_office_without_hours_never_opens() -> None:
    assert OpeningHours(week={}).next_opening(at("2026-11-24T12:00")) is None


@pytest.mark.parametrize(
    ("percent", "minutes"), [(50, 5), (90, 9), (100, 10)], ids=["half", "most", "all"]
)
def test_share_of_waits_is_one_of_them(percent: int, minutes: int) -> None:
    waits = [timedelta(minutes=number) for number in range(10, 0, -1)]

    assert share_of(waits, percent) == timedelta(minutes=minutes)
