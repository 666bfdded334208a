"""The day in Kazakhstan, wherever the server stands (failures F21, F22, F23)."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from bot.config import SHARE, Settings
from bot.domain.assessment import Status
from bot.domain.iin import Iin
from bot.services.clock import check_zones, clock, day_in_kazakhstan

from .conftest import ANNA, AskOn

_SERVERS = ["America/New_York", "Pacific/Kiritimati", "UTC", "Asia/Almaty", "<+14>-14"]
# Insured conditionally until the last day of November 2026.
_GRACE_ENDS = Iin("970822501010")


def test_the_day_set_for_tests_stays() -> None:
    today = clock(Settings(today=date(2027, 2, 1), _env_file=None))

    assert today() == date(2027, 2, 1)


def test_the_day_is_that_of_kazakhstan_five_hours_ahead_of_utc() -> None:
    today = clock(Settings(_env_file=None))

    before, told, after = datetime.now(UTC), today(), datetime.now(UTC)

    ahead = timedelta(hours=5)
    assert (before + ahead).date() <= told <= (after + ahead).date()


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2026-09-30T18:59:59Z", date(2026, 9, 30), id="F23-last-second-of-september"),
        pytest.param("2026-09-30T19:00:00Z", date(2026, 10, 1), id="F23-first-second-of-october"),
        pytest.param("2026-09-30T23:59:59+05:00", date(2026, 9, 30), id="F23-same-told-locally"),
        pytest.param("2026-10-01T00:00:00+14:00", date(2026, 9, 30), id="F23-server-ahead"),
        pytest.param("2026-09-30T15:00:00-04:00", date(2026, 10, 1), id="F23-server-behind"),
        pytest.param("2028-02-28T19:00:00Z", date(2028, 2, 29), id="F23-leap-day-begins"),
        pytest.param("2028-02-29T18:59:59Z", date(2028, 2, 29), id="F23-leap-day-ends"),
        pytest.param("2028-02-29T19:00:00Z", date(2028, 3, 1), id="F23-after-the-leap-day"),
        pytest.param("2026-12-31T19:00:00Z", date(2027, 1, 1), id="F23-new-year"),
        pytest.param("2024-02-29T18:30:00Z", date(2024, 2, 29), id="F22-twenty-fifth-hour"),
        pytest.param("2024-02-29T19:00:00Z", date(2024, 3, 1), id="F22-first-hour-at-utc+5"),
        pytest.param("2024-03-01T18:59:59Z", date(2024, 3, 1), id="F22-first-day-at-utc+5"),
    ],
)
def test_instant_has_its_day_in_kazakhstan(instant: str, expected: date) -> None:
    assert day_in_kazakhstan(datetime.fromisoformat(instant)) == expected


@pytest.mark.parametrize(
    ("instant", "status"),
    [
        pytest.param("2026-11-30T23:59:59+05:00", Status.CONDITIONAL, id="F23-last-second"),
        pytest.param("2026-12-01T00:00:00+05:00", Status.UNINSURED, id="F23-first-second"),
    ],
)
async def test_grace_ends_at_midnight_of_kazakhstan(
    answers_on: AskOn, instant: str, status: Status
) -> None:
    today = day_in_kazakhstan(datetime.fromisoformat(instant).astimezone(UTC))

    answer = answers_on(today, max_age_days=30).ask(_GRACE_ENDS, ANNA)

    assert answer.assessment.status is status


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code],
        cwd=SHARE,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("zone", _SERVERS)
def test_f22_day_does_not_depend_on_the_zone_of_the_server(zone: str) -> None:
    code = (
        "from bot.config import Settings; from bot.services.clock import clock;"
        " print(clock(Settings(_env_file=None))())"
    )
    ahead = timedelta(hours=5)

    before = (datetime.now(UTC) + ahead).date()
    told = run(code, TZ=zone)
    after = (datetime.now(UTC) + ahead).date()

    assert told.stdout.strip() in {str(before), str(after)}, told.stderr


def test_f22_zones_of_this_machine_are_good_enough() -> None:
    check_zones()


def old_zones(folder: Path, *, of: str) -> Path:
    """Make zone files in which one zone is still at UTC+6, as before March 2024."""
    with as_file(files("tzdata") / "zoneinfo" / "Asia") as installed:
        shutil.copytree(installed, folder / "Asia")
    # Six hours ahead all the year.
    shutil.copy(folder / "Asia" / "Dhaka", folder / of)
    return folder


@pytest.mark.parametrize("zone", ["Asia/Almaty", "Asia/Qostanay"])
def test_f22_bot_refuses_to_start_with_old_zones_and_says_what_to_do(
    tmp_path: Path, zone: str
) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=SHARE,
        env={
            **os.environ,
            "PYTHONTZPATH": str(old_zones(tmp_path / "zones", of=zone)),
            "HOME_DIR": str(tmp_path / "home"),
            "BOT_TOKEN": "7000000000:test-token-that-opens-nothing-anywhere",
            "BOT_API_URL": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert started.returncode == 1
    assert zone in started.stderr
    assert "tzdata" in started.stderr
    assert "PYTHONTZPATH=" in started.stderr
    assert "Traceback" not in started.stderr


def test_f22_zones_installed_with_saqbol_are_good_enough_alone() -> None:
    told = run("from bot.services.clock import check_zones; check_zones()", PYTHONTZPATH="")

    assert told.returncode == 0, told.stderr
