"""``make bench-register``: the register against the least that a database could do.

The floor is ``sqlite3 .import`` of the same rows, sorted before, into one table by IIN, without a
journal and without waiting for the disk. The import is the real command on the rows as they come.
Each is measured once, one after the other, on the same disk.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.config import SHARE, Settings
from bot.registry.keys import registry_key
from bot.registry.rows import COLUMNS
from tests.bench.look_ups import LookUps, draw_iins
from tests.bench.memory import PeakMemory
from tests.bench.register_diff import measure_diff

_AS_OF = date(2026, 11, 21)
_ASKED = 20_000
_ASKED_COLD = 2_000
_ALONE_S = 10.0
_FLOOR = f"""
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -1000000;
CREATE TABLE people (iin INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in COLUMNS[1:])});
.mode csv
.import {{file}} people
"""


class Line(NamedTuple):
    """One line of the printed table."""

    what: str
    measured: str
    ratio: str = ""


def main() -> None:
    arguments = _arguments()
    os.environ["REGISTRY_PEPPER"] = "a pepper for the bench, not for you"
    console = Console()
    console.print(
        f"Python {platform.python_version()}, {len(os.sched_getaffinity(0))} processors,"
        f" {sys.platform}; load {os.getloadavg()[0]:.1f} at the start"
    )
    table = Table("what", "measured", "ratio")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for line in _Bench(Path(folder), arguments.people, arguments.csv).lines():
            table.add_row(*line)
            console.print("  ".join(line), soft_wrap=True)
    console.print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000, help="how many to make up")
    parser.add_argument("--csv", type=Path, help="an extract instead of made-up people")
    parser.add_argument("--folder", type=Path, help="where to write up to four times the extract")
    return parser.parse_args()


@dataclass
class _Cost:
    """Of processes that ended: seconds, and those of all processors together."""

    seconds: float = 0.0
    cpu_s: float = 0.0


@contextmanager
def _measured() -> Iterator[_Cost]:
    cost, before = _Cost(), os.times()
    yield cost
    after = os.times()
    cost.seconds = after.elapsed - before.elapsed
    cost.cpu_s = sum(after[2:4]) - sum(before[2:4])


class _Bench:
    def __init__(self, folder: Path, people: int, extract: Path | None) -> None:
        self._folder = folder
        self._people = people
        self._given = extract
        self._home = folder / "home"
        self._rows = 0

    def lines(self) -> Iterator[Line]:
        extract = self._given or self._folder / "people.csv"
        if self._given is None:
            options = ["--people", str(self._people), "--seed", "1", "-o", str(extract)]
            with _measured() as made:
                self._run("generate", *options, "--as-of", str(_AS_OF)).wait()
            yield Line("people made up", f"{made.seconds:.1f} s, {made.cpu_s:.1f} s of CPU")
        with extract.open("rb") as file:
            self._rows = sum(1 for _ in file) - 1
        size_bytes = extract.stat().st_size
        yield Line("the extract", f"{self._rows:,} rows, {size_bytes / 1e6:,.0f} MB")

        floor = self._import_by_sqlite(extract)
        if floor is None:
            yield Line("sqlite3 .import", "skipped: there is no sqlite3")
        else:
            yield Line("sqlite3 .import, sorted before", *self._told(floor, None))
        with _measured() as imported:
            process = self._import(extract, self._home)
            with PeakMemory(process.pid) as memory:
                process.wait()
        yield Line("registry import, as it comes", *self._told(imported, floor))
        yield Line("memory of all its processes", f"{memory.peak_mb:,.0f} MB")
        (snapshot,) = (self._home / "registry").glob("*.sqlite")
        snapshot_bytes = snapshot.stat().st_size
        yield Line(
            "the snapshot",
            f"{snapshot_bytes / 1e6:,.0f} MB",
            f"{snapshot_bytes / size_bytes:.2f} of the extract",
        )
        with _measured() as verified:
            self._run("verify", home=self._home).wait()
        yield Line("registry verify", *self._told(verified, floor))
        yield from self._look_ups(extract)
        yield from self._diffs(extract)

    def _look_ups(self, extract: Path) -> Iterator[Line]:
        key = registry_key(Settings(_env_file=None, home_dir=self._home))
        look_ups = LookUps(self._home, key, draw_iins(extract, _ASKED), _AS_OF)
        yield Line("find, median / p99", str(look_ups.find()))
        yield Line("find and judge", str(look_ups.find_and_judge()))
        yield Line("find, file not in memory", str(look_ups.find_cold(_ASKED_COLD)))
        end = time.monotonic() + _ALONE_S
        alone = look_ups.find_while(lambda: time.monotonic() > end)
        yield Line("find, 200 a second", str(alone))
        other_home = self._folder / "other"
        with self._import(extract, other_home) as process:
            beside = look_ups.find_while(lambda: process.poll() is not None)
        yield Line(
            "the same while an import runs",
            str(beside),
            f"{beside.p99 / alone.p99:.2f} of p99 alone",
        )

    def _diffs(self, extract: Path) -> Iterator[Line]:
        home = self._folder / "compared"
        home.mkdir()
        for row in measure_diff(extract, _AS_OF, home):
            yield Line(
                f"registry diff, {row.diff.before.as_of} to {row.diff.after.as_of}",
                f"{row.compared}, after an import of {row.imported}",
                f"{row.ratio:.2f} of the import, {row.cpu_ratio:.2f} of its CPU",
            )

    def _told(self, cost: _Cost, floor: _Cost | None) -> tuple[str, str]:
        measured = (
            f"{cost.seconds:.1f} s, {cost.seconds / self._rows * 1e6:.2f} us a row;"
            f" {cost.cpu_s:.1f} s of CPU"
        )
        if floor is None:
            return measured, ""
        return measured, (
            f"{cost.seconds / floor.seconds:.2f} of the floor,"
            f" {cost.cpu_s / floor.cpu_s:.2f} of its CPU"
        )

    def _import(self, extract: Path, home: Path) -> "subprocess.Popen[bytes]":
        return self._run("import", str(extract), "--as-of", str(_AS_OF), home=home)

    def _run(
        self, command: str, *arguments: str, home: Path | None = None
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own interpreter and paths
            [sys.executable, "-m", "bot", "registry", command, *arguments],
            env={**os.environ, "HOME_DIR": str(home or self._folder)},
            cwd=SHARE,
            stdout=subprocess.DEVNULL,
        )

    def _import_by_sqlite(self, extract: Path) -> _Cost | None:
        program = shutil.which("sqlite3")
        if program is None:
            return None
        rows, database = self._folder / "sorted.csv", self._folder / "floor.sqlite"
        self._sort(extract, rows)
        with _measured() as cost:
            subprocess.run(  # noqa: S603 - as above
                [program, database],
                input=_FLOOR.format(file=rows).encode(),
                stdout=subprocess.DEVNULL,
                check=True,
            )
        rows.unlink()
        database.unlink()
        return cost

    def _sort(self, extract: Path, target: Path) -> None:
        with extract.open("rb") as source, target.open("wb") as sorted_rows:
            source.readline()
            # The program begins where the descriptor is, and not where what is read ends.
            os.lseek(source.fileno(), source.tell(), os.SEEK_SET)
            subprocess.run(  # noqa: S603 - as above
                ["sort", "--buffer-size=512M", f"--temporary-directory={self._folder}"],  # noqa: S607 - of the system
                stdin=source,
                stdout=sorted_rows,
                env={**os.environ, "LC_ALL": "C"},
                check=True,
            )


if __name__ == "__main__":
    main()
