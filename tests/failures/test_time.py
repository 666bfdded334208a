"""F21, F22, F23: the clock jumps, the zones are old, a month ends; wherever the server stands."""

import ast
import json
import subprocess
import sys
import time
import zoneinfo
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import time_machine
from cachetools import TTLCache
from sqlalchemy.exc import OperationalError

from bot.config import SHARE, Settings
from bot.domain.locales import Locale
from bot.emulator import Emulator
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.registry.rows import COLUMNS
from bot.services.clock import ZoneDataError, check_zones
from bot.services.counters import Counters
from bot.services.limits import Limit, LimitReachedError, Limits
from bot.services.subscribers import Subscribers
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.erasures import ErasureFile
from bot.storage.schema import upgrade
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from bot.storage.watch import DatabaseWatch
from tests.cli.conftest import clean_environment
from tests.failures import texts
from tests.services.test_clock import old_zones
from tests.telegram.client import Events, data_of
from tests.telegram.conftest import Newcomer, bot_settings, bringer, running_bot
from tests.telegram.texts import say

ZONES = ["Almaty", "Qostanay", "Qyzylorda", "Aqtobe", "Aqtau", "Atyrau", "Oral"]
EAST = {"Almaty", "Qostanay"}
SERVERS = ["America/New_York", "UTC", "Pacific/Kiritimati"]
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
# Twelve months from employers, the last of which is named in the official example, and one that
# lets the grace end with a leap day.
PAID_TO_JUNE, PAID_TO_NOVEMBER = "950101500019", "991231500707"
LEAP_YEAR = 2028
DAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


def import_people(home: Path, as_of: date) -> None:
    """Import a register with the two people of the month edges."""
    paid = {PAID_TO_JUNE: "2025-07=", PAID_TO_NOVEMBER: "2026-12="}
    rows = [
        {"iin": iin, "residence": "citizen", "contributions": first + "E" * 12}
        for iin, first in paid.items()
    ]
    register = home.parent / f"register-{as_of}.csv"
    lines = [",".join(row.get(column, "") for column in COLUMNS) for row in rows]
    register.write_text("\n".join((",".join(COLUMNS), *lines)) + "\n", encoding="utf-8")
    key = registry_key(Settings(home_dir=home, _env_file=None))
    import_csv(register, as_of=as_of, home=home, key=key)


# F22: zones.


@pytest.mark.parametrize("zone", ZONES)
def test_f22_zone_has_its_old_time_until_the_leap_day_and_the_one_time_after_it(zone: str) -> None:
    known = zoneinfo.ZoneInfo(f"Asia/{zone}")

    last_old, first_new = datetime(2024, 2, 29, 12), datetime(2024, 3, 1, 12)  # noqa: DTZ001

    assert last_old.replace(tzinfo=known).utcoffset() == timedelta(hours=6 if zone in EAST else 5)
    assert first_new.replace(tzinfo=known).utcoffset() == timedelta(hours=5)


@contextmanager
def zone_files(folder: Path) -> Iterator[None]:
    """Let this process read its zones from a folder."""
    zoneinfo.reset_tzpath([folder])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath()
        zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.parametrize("zone", ZONES)
def test_f22_an_old_file_of_any_zone_is_noticed_and_named(tmp_path: Path, zone: str) -> None:
    old = old_zones(tmp_path, of=f"Asia/{zone}")

    with zone_files(old), pytest.raises(ZoneDataError, match=f"Asia/{zone} is at UTC"):
        check_zones()


def test_f22_zones_installed_with_the_bot_are_used_where_the_system_has_none(
    tmp_path: Path,
) -> None:
    with zone_files(tmp_path):
        check_zones()


# F23: the ends of months.

_EDGES = """
import json, sys, time_machine
from typer.testing import CliRunner
from bot.cli import app
for iin, instant in json.loads(sys.argv[1]):
    with time_machine.travel(instant, tick=False):
        told = CliRunner().invoke(app, ["status", iin, "--json"], catch_exceptions=False)
    print(json.loads(told.stdout)["status"])
"""


@pytest.mark.parametrize("server", SERVERS)
def test_f23_last_payment_in_june_is_lost_with_the_first_second_of_october(
    tmp_path: Path, server: str
) -> None:
    edges = {
        (PAID_TO_JUNE, "2026-06-30T18:59:59Z"): "insured",
        (PAID_TO_JUNE, "2026-06-30T19:00:00Z"): "conditional",
        (PAID_TO_JUNE, "2026-09-30T23:59:59+05:00"): "conditional",
        (PAID_TO_JUNE, "2026-10-01T00:00:00+05:00"): "uninsured",
        (PAID_TO_JUNE, "2026-09-30T19:00:00Z"): "uninsured",
        (PAID_TO_NOVEMBER, "2028-02-29T18:59:59Z"): "conditional",
        (PAID_TO_NOVEMBER, "2028-02-29T19:00:00Z"): "uninsured",
    }
    home = tmp_path / "home"
    home.mkdir()
    import_people(home, date(2026, 9, 30))

    told = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _EDGES, json.dumps(list(edges))],
        env=clean_environment(home, TZ=server, REGISTRY_MAX_AGE_DAYS="1000"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.stdout.split() == list(edges.values()), told.stderr


# F21: a clock that jumps. The emulator has one of its own that does not.


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(DAY) as traveller:
        yield traveller


def steady_clock() -> Callable[[], float]:
    began, since = time.time(), time.monotonic()
    return lambda: began + time.monotonic() - since


@pytest.fixture
async def place(
    own_home: Path, traveller: time_machine.Traveller
) -> AsyncIterator[tuple[Newcomer, aiohttp.ClientSession]]:
    """Give people, and a bot that goes by the time of day."""
    async with Emulator(clock=steady_clock()) as emulator:
        settings = bot_settings(
            own_home, emulator.url, today=None, lookups_per_day=2, registry_max_age_days=1000
        )
        async with (
            aiohttp.ClientSession(emulator.url) as api,
            Events(api) as events,
            running_bot(settings),
        ):
            yield bringer(api, events), api


async def polls(api: aiohttp.ClientSession) -> int:
    async with api.get("/client/journal") as response:
        return sum(call["method"] == "getUpdates" for call in await response.json())


async def test_f21_jumps_of_the_clock_neither_stop_the_bot_nor_open_its_limits(
    place: tuple[Newcomer, aiohttp.ClientSession], traveller: time_machine.Traveller
) -> None:
    newcomer, api = place
    asker, limited = await newcomer("ru"), await newcomer("ru")
    for iin in (texts.IIN_UNINSURED, texts.IIN_INSURED):
        await limited.send(iin)
    refusal = say(
        "ru",
        "You have asked about many people today. Those you asked about can be asked about again; "
        "for others come back tomorrow or call 1414.",
    )
    export = await limited.send("/export")
    yes = data_of(export, say("ru", "Yes, send the file"))
    await limited.press_data(export, yes)
    await limited.next_message()

    for jump in JUMPS:
        traveller.shift(jump)
        before, began = await polls(api), time.monotonic()
        answer = await asker.send(texts.IIN_UNINSURED)
        refused = await limited.send(texts.IIN_NOBODY)
        again = await limited.press_for_alert(export, yes)
        taken_s = time.monotonic() - began

        assert answer["text"].startswith(texts.UNINSURED)
        assert refused["text"] == refusal
        assert again.startswith(
            say(
                "ru",
                "You have just got your data. You can ask for it again in {number} minute.",
                10,
            ).partition("10")[0]
        )
        assert taken_s < 5
        # One to confirm each update at the most, and one that waits.
        assert await polls(api) - before <= 8


async def test_f23_running_bot_goes_over_the_end_of_a_month_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    import_people(home, date(2026, 9, 30))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        with time_machine.travel(datetime(2026, 9, 30, 18, 50, tzinfo=UTC)) as traveller:
            async with Emulator(clock=steady_clock()) as emulator:
                settings = bot_settings(home, emulator.url, today=None)
                async with (
                    aiohttp.ClientSession(emulator.url) as api,
                    Events(api) as events,
                    running_bot(settings),
                ):
                    person = await bringer(api, events)("ru")
                    before = await person.send(PAID_TO_JUNE)
                    traveller.move_to(datetime(2026, 9, 30, 19, tzinfo=UTC))
                    after = await person.send(PAID_TO_JUNE)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert before["text"].startswith("⚠️")
    assert after["text"].startswith(texts.UNINSURED)


@pytest.mark.parametrize("jump", JUMPS)
async def test_f21_breaker_of_the_database_waits_its_ten_seconds_through_a_jump(
    tmp_path: Path, traveller: time_machine.Traveller, jump: timedelta
) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}")
    await upgrade(engine)
    watch = DatabaseWatch(engine)
    async with engine.connect() as connection:
        with pytest.raises(OperationalError):
            await connection.exec_driver_sql("INSERT INTO nothing VALUES (1)")
    await watch.check()

    traveller.shift(jump)

    assert watch.reads
    assert not watch.writes
    await engine.dispose()


@pytest.mark.parametrize("jump", JUMPS)
def test_f21_guard_against_guessing_is_not_ended_by_a_jump(
    traveller: time_machine.Traveller, jump: timedelta
) -> None:
    limits = Limits(100, 100, lambda *_: None)
    for number in range(60):
        guesser = Subscriber(SubscriberId(number), Locale.RU)
        key = number.to_bytes(16)
        limits.count(guesser, key, is_found=False)

    traveller.shift(jump)

    with pytest.raises(LimitReachedError) as refused:
        limits.admit(Subscriber(SubscriberId(1000), Locale.RU), b"k" * 16)
    assert refused.value.limit is Limit.GUESSING


async def test_f21_purge_goes_by_age_and_a_jump_of_a_day_costs_a_day_at_the_most(
    tmp_path: Path, traveller: time_machine.Traveller
) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}")
    await upgrade(engine)
    anna = Subscriber(SubscriberId(1), Locale.RU, 2)
    await SubscriberRepository(engine).add(anna)
    repository = AnswerRepository(engine)
    stored = repository.add(anna.id, b"k" * 16, "0019")
    await repository.flush()

    removed = []
    for jump in (*JUMPS, timedelta(days=28), timedelta(days=-28), timedelta(days=30)):
        traveller.shift(jump)
        removed.append(await repository.purge())

    assert removed == [0, 0, 0, 0, 0, 0, 1]
    assert await repository.get(stored.id, anna.id) is None
    await repository.close()
    await engine.dispose()


async def test_f21_somebody_erased_after_the_clock_was_set_back_stays_erased(
    tmp_path: Path, traveller: time_machine.Traveller
) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}")
    await upgrade(engine)
    erasures = ErasureFile(tmp_path / "erasures", lambda number: number.to_bytes(16), "0" * 8)
    repository = SubscriberRepository(engine)
    subscribers = Subscribers(
        repository,
        AnswerRepository(engine),
        Counters(CounterRepository(engine), lambda: date(2026, 11, 21)),
        erasures,
    )
    anna = await subscribers.give_consent(Subscriber(SubscriberId(1), Locale.RU))
    consented_at = await repository.changed_at(anna.id)

    traveller.shift(timedelta(hours=-1))
    await subscribers.forget(anna)

    # A restored backup erases again whoever changed nothing after the erasure.
    (erasure,) = erasures.read()
    assert consented_at is not None
    assert consented_at <= erasure.at
    await engine.dispose()


def calls(tree: ast.AST) -> Iterator[tuple[int, str, list[Any]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node.args


def test_f21_no_duration_is_measured_by_the_time_of_day() -> None:
    """The time of day is read only where an instant is kept or shown, and as UTC.

    The storage keeps instants, and leases between processes, which share no other clock.
    """
    may_read = {
        "registry/importing.py",
        "services/audit.py",
        "services/broadcasts.py",
        "services/clock.py",
        "services/control.py",
        "services/drafts.py",
        "services/exports.py",
        "services/inbox.py",
        "services/reminding.py",
        "telegram/approvals.py",
        "telegram/broadcast_news.py",
        "telegram/handlers/operators/approvals.py",
        "worker/reminding.py",
        "worker/sending.py",
        "worker/withdrawing.py",
    }
    forbidden = {"time.time", "time.time_ns", "date.today", "datetime.today", "datetime.utcnow"}
    readers = set()
    for path in sorted((SHARE / "bot").rglob("*.py")):
        name = path.relative_to(SHARE / "bot").as_posix()
        if name.startswith("emulator/"):
            continue
        for line, called, arguments in calls(ast.parse(path.read_text(encoding="utf-8"))):
            assert called not in forbidden, f"{name}:{line}"
            if called == "datetime.now":
                assert [ast.unparse(each) for each in arguments] == ["UTC"], f"{name}:{line}"
                if not name.startswith("storage/"):
                    readers.add(name)

    assert readers == may_read
    assert TTLCache[int, int](1, 1).timer() == pytest.approx(time.monotonic(), abs=1)
