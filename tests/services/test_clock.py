"""The day in Kazakhstan."""

from datetime import UTC, date, datetime, timedelta

from bot.config import Settings
from bot.services.clock import clock


def test_the_day_set_for_tests_stays() -> None:
    today = clock(Settings(today=date(2027, 2, 1), _env_file=None))

    assert today() == date(2027, 2, 1)


def test_the_day_is_that_of_kazakhstan_five_hours_ahead_of_utc() -> None:
    today = clock(Settings(_env_file=None))

    before, told, after = datetime.now(UTC), today(), datetime.now(UTC)

    ahead = timedelta(hours=5)
    assert (before + ahead).date() <= told <= (after + ahead).date()
