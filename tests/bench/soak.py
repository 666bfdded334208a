"""``python -m tests.bench.soak [--minutes M] [--rate R]``: does a week leave anything behind?

The bot runs as a process of its own; in another one a Bot API server and people of whom everybody
is new. Every five seconds the memory, descriptors, threads and tasks of the bot are written down.
The first third is for warming up, and begins with many more people at once than come later; what
grows after it is put as a line through the samples by least squares. Linux only.
"""

import argparse
import asyncio
import csv
import multiprocessing
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import linear_regression, median

from sqlalchemy import insert

from bot.config import SHARE, Settings
from bot.registry.generate import generate
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import answers, subscribers
from tests.bench import soak_bot, soak_crowd
from tests.bench.soak_picture import draw_soak
from tests.telegram.conftest import TOKEN, home_with

_DAY = date(2026, 11, 21)
_PEOPLE = 1000
_EARLIER = 100_000
# Of a hundred numbers so many are not in the register.
_UNKNOWN = 5
_SAMPLE_S = 5.0
_START_S = 120.0
_WARM_UP = 1 / 3
# As in deploy/; the C library reads them before Python starts.
_ALLOCATOR = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
_PICTURE = SHARE / "docs" / "images" / "soak.png"


@dataclass(frozen=True, slots=True)
class Sample:
    """The bot at one moment.

    Attributes:
        rss_mb: memory with the pages of files and libraries.
        uss_mb: memory that is its alone.
        sqlite_mb: what of it SQLite uses: 2 MB for each open connection at the most, and little
            else.
        malloc_mb: what the C library has given out, Python's own arenas apart.
        blocks: pieces of memory that Python's objects hold, in thousands: they grow only when
            something is kept, while memory also grows by gaps between pieces.
    """

    seconds: float
    people: int
    rss_mb: float
    uss_mb: float
    sqlite_mb: float
    malloc_mb: float
    blocks: float
    descriptors: int
    sockets: int
    threads: int
    tasks: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=4.0, help="new people a second")
    parser.add_argument("--csv", type=Path, help="where to write the samples")
    parser.add_argument("--picture", type=Path, default=_PICTURE)
    parser.add_argument("--keep-pages", action="store_true", help="give no free memory back")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        samples, counts, cpu_s = soak(
            Path(folder), arguments.minutes * 60, arguments.rate, keeps_pages=arguments.keep_pages
        )
    if arguments.csv is not None:
        with arguments.csv.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(asdict(samples[0])))
            writer.writeheader()
            writer.writerows(asdict(sample) for sample in samples)
    warm = warmed_up(samples)
    arguments.picture.write_bytes(
        draw_soak(
            [(each.seconds, each.rss_mb, each.uss_mb) for each in samples],
            [(each.seconds, each.descriptors, each.tasks) for each in samples],
            warm[0].seconds,
        )
    )
    sys.stdout.write(report(samples, counts, cpu_s))


def soak(
    folder: Path, seconds: float, rate: float, *, keeps_pages: bool
) -> tuple[list[Sample], dict[str, int], float]:
    """Run both processes for so long; give the samples, what people saw, and the bot's CPU time."""
    os.environ.update(_ALLOCATOR)
    home, iins = _register(folder)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    crowd = context.Process(target=soak_crowd.serve_people, args=(theirs, iins, rate), daemon=True)
    crowd.start()
    tasks = folder / "tasks"
    bot = context.Process(
        target=soak_bot.run,
        args=(_environment(home, ours.recv()), folder / "log", tasks, seconds),
        kwargs={"keeps_pages": keeps_pages},
        daemon=True,
    )
    bot.start()
    try:
        _wait_started(folder / "log")
        ours.send("come")
        samples = _watch(bot.pid or 0, tasks, ours, seconds)
        cpu_s = _cpu_s(bot.pid or 0)
        ours.send("stop")
        counts = ours.recv()
        os.kill(bot.pid or 0, signal.SIGTERM)
        bot.join(15)
        if bot.exitcode != 0:
            raise RuntimeError(f"the bot ended with {bot.exitcode}")
    finally:
        for process in (bot, crowd):
            process.kill()
    return samples, counts, cpu_s


def warmed_up(samples: Sequence[Sample]) -> Sequence[Sample]:
    return samples[int(len(samples) * _WARM_UP) :]


def slope_mb_per_hour(samples: Sequence[Sample], column: str) -> float:
    """Put a line through the samples after the warm-up."""
    warm = warmed_up(samples)
    hours = [sample.seconds / 3600 for sample in warm]
    return linear_regression(hours, [getattr(sample, column) for sample in warm]).slope


def report(samples: Sequence[Sample], counts: dict[str, int], cpu_s: float) -> str:
    warm = warmed_up(samples)
    first, last = warm[: len(warm) // 10 or 1], warm[-(len(warm) // 10 or 1) :]
    seconds = samples[-1].seconds
    lines = [
        f"{counts.pop('people')} people, {counts.pop('updates')} updates in {seconds:.0f} s",
        f"CPU of the bot's process with its start: {cpu_s:.0f} s",
        f"what went wrong: {counts or 'nothing'}",
        "",
        "after the warm-up       begin     end  slope an hour",
    ]
    for column in (
        "rss_mb",
        "uss_mb",
        "sqlite_mb",
        "malloc_mb",
        "blocks",
        "descriptors",
        "sockets",
        "threads",
        "tasks",
    ):
        begin, end = (median(getattr(each, column) for each in part) for part in (first, last))
        slope = slope_mb_per_hour(samples, column)
        lines.append(f"{column:20} {begin:8.1f} {end:8.1f} {slope:+10.2f}")
    return "\n".join(lines) + "\n"


def _register(folder: Path) -> tuple[Path, list[str]]:
    """Make a register and the numbers to ask about, of which some are not in it."""
    header, *lines = generate(_PEOPLE * (100 + _UNKNOWN) // 100, 1, _DAY)
    register = folder / "register.csv"
    register.write_text("\n".join((header, *lines[:_PEOPLE])) + "\n", encoding="utf-8")
    known, unknown = lines[:_PEOPLE], iter(lines[_PEOPLE:])
    each = 100 // _UNKNOWN
    iins = []
    for start in range(0, _PEOPLE, each):
        iins += [*known[start : start + each], *islice(unknown, 1)]
    home = home_with(register, folder / "home")
    asyncio.run(_fill(home))
    return home, [line[:12] for line in iins]


async def _fill(home: Path) -> None:
    """Put earlier people into the database: in an empty one the caches of pages fill for hours."""
    settings = Settings(home_dir=home, _env_file=None)
    engine = open_engine(settings.database)
    await upgrade(engine)
    now = datetime.now(UTC)
    ids = range(1, _EARLIER + 1)
    people = [
        {"id": number, "locale": "ru", "consent_version": CONSENT_VERSION, "changed_at": now}
        for number in ids
    ]
    given = [
        {
            "id": secrets.token_urlsafe(16),
            "subscriber_id": number,
            "record_key": secrets.token_bytes(16),
            "last4": "0000",
            "created_at": now,
        }
        for number in ids
    ]
    async with engine.begin() as connection:
        await connection.execute(insert(subscribers), people)
        await connection.execute(insert(answers), given)
    await engine.dispose()


def _environment(home: Path, url: str) -> dict[str, str]:
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in names}
    return kept | {
        "HOME_DIR": str(home),
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": url,
        "TODAY": _DAY.isoformat(),
        "LOG_FORMAT": "json",
    }


def _wait_started(log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if log.exists() and '"bot_started"' in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.2)
    raise TimeoutError("the bot has not started")


def _watch(pid: int, tasks: Path, crowd: Connection, seconds: float) -> list[Sample]:
    samples: list[Sample] = []
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        crowd.send("count")
        people: int = crowd.recv()["people"]
        samples.append(_sample(pid, tasks, passed, people))
        if len(samples) % 12 == 0:
            sys.stderr.write(f"{samples[-1]}\n")
        time.sleep(_SAMPLE_S)
    return samples


def _sample(pid: int, tasks: Path, seconds: float, people: int) -> Sample:
    process = Path(f"/proc/{pid}")
    pages = dict(
        line.split(":", 1)
        for line in (process / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    )
    kib = {name: int(value.split()[0]) for name, value in pages.items()}
    open_files = _open_files(process)
    number, sqlite_bytes, malloc_bytes, blocks = tasks.read_text(encoding="ascii").split()
    return Sample(
        seconds=round(seconds, 1),
        people=people,
        rss_mb=round(kib["Rss"] / 1024, 2),
        uss_mb=round((kib["Private_Clean"] + kib["Private_Dirty"]) / 1024, 2),
        sqlite_mb=round(int(sqlite_bytes) / 1024**2, 2),
        malloc_mb=round(int(malloc_bytes) / 1024**2, 2),
        blocks=int(blocks) / 1000,
        descriptors=len(open_files),
        sockets=sum(name.startswith("socket:") for name in open_files),
        threads=len(list((process / "task").iterdir())),
        tasks=int(number),
    )


def _open_files(process: Path) -> list[str]:
    """List what is open; a file may be closed before it is looked at."""
    names = []
    for link in (process / "fd").iterdir():
        with suppress(FileNotFoundError):
            names.append(str(link.readlink()))
    return names


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
