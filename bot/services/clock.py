"""What day it is in Kazakhstan."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.config import Settings

_KAZAKHSTAN = ZoneInfo("Asia/Almaty")


def clock(settings: Settings) -> Callable[[], date]:
    """Give what tells the day in Kazakhstan: the wall clock, or the day set for tests."""
    fixed = settings.today
    if fixed is not None:
        return lambda: fixed
    return lambda: datetime.now(_KAZAKHSTAN).date()
