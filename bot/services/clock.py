"""What day it is in Kazakhstan."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.config import Settings

_KAZAKHSTAN = "Asia/Almaty"
# One time for the whole country since 1 March 2024 (government resolution 38 of 24 January 2024).
_ZONES = (
    _KAZAKHSTAN,
    *("Asia/Qostanay", "Asia/Qyzylorda", "Asia/Aqtobe", "Asia/Aqtau", "Asia/Atyrau", "Asia/Oral"),
)
_ONE_TIME = timedelta(hours=5)
# Days of the past: a law to come may change the time again, and then the files are right.
_CHECKED = (datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2025, 7, 1, 12, tzinfo=UTC))


class ZoneDataError(Exception):
    """The time zones of this machine are older than Kazakhstan's one time: days would be wrong."""


def clock(settings: Settings, *, behind: timedelta = timedelta()) -> Callable[[], date]:
    """Give what tells the day in Kazakhstan: the wall clock, or the day set for tests.

    Args:
        behind: the day begins so much later.

    Raises:
        ZoneDataError: the machine does not know the time of Kazakhstan.
    """
    fixed = settings.today
    if fixed is not None:
        return lambda: fixed
    check_zones()
    return lambda: day_in_kazakhstan(datetime.now(UTC) - behind)


def day_in_kazakhstan(instant: datetime) -> date:
    """Give the calendar day of an aware instant."""
    return time_in_kazakhstan(instant).date()


def time_in_kazakhstan(instant: datetime) -> datetime:
    """Give an aware instant by the clocks of Kazakhstan."""
    return instant.astimezone(ZoneInfo(_KAZAKHSTAN))


def check_zones() -> None:
    """Make sure that the whole country is at UTC+5 since 1 March 2024.

    Raises:
        ZoneDataError: it is not, or the zones are missing.
    """
    for name in _ZONES:
        try:
            zone = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise _error(f"{name} is missing") from None
        for instant in _CHECKED:
            ahead = instant.astimezone(zone).utcoffset()
            if ahead != _ONE_TIME:
                raise _error(f"{name} is at UTC+{ahead} on {instant:%Y-%m-%d} instead of UTC+5")


def _error(what: str) -> ZoneDataError:
    return ZoneDataError(
        f"the time zone files are too old or damaged: {what}. Renew the operating system's"
        " tzdata, or set PYTHONTZPATH= (to nothing): then those installed with Saqbol are used"
    )
