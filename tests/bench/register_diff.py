"""``python -m tests.bench.register_diff FILE --as-of DAY``: a comparison beside its import."""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from rich.console import Console

from bot.config import SHARE
from bot.content.parameters import load_parameters
from bot.domain.diff import Diff
from bot.domain.iin import control_digit
from bot.registry.diff import compare, newest_two
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.services.register_judge import RegisterJudge

_CHANGED, _APPEARED_AND_GONE = 0.02, 0.005
_KEY = RegistryKey(b"a pepper for the bench, not for you")
_CONTRIBUTIONS = 5


class Cost(NamedTuple):
    """Seconds of the clock, and of all processors together."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s ({self.cpu_s:.1f} s of CPU)"


class DiffRow(NamedTuple):
    """What a comparison cost beside the import of its newer side."""

    imported: Cost
    compared: Cost
    diff: Diff

    @property
    def ratio(self) -> float:
        return self.compared.wall_s / self.imported.wall_s

    @property
    def cpu_ratio(self) -> float:
        """Say the same where other work takes the processors now and then."""
        return self.compared.cpu_s / self.imported.cpu_s


def measure_diff(csv: Path, as_of: date, folder: Path) -> Iterator[DiffRow]:
    """Import *csv* and a day later a changed copy, and compare; then again over the due day.

    Two in a hundred rows have other facts, five in a thousand are gone and as many are new. The
    second comparison finds the same changes backwards, and everybody is judged anew.
    """
    changed = folder / "changed.csv"
    _change(csv, changed)
    next_day = as_of + timedelta(days=1)
    _timed_import(csv, as_of, folder)
    imported = _timed_import(changed, next_day, folder)
    yield _timed_diff(folder, imported)
    changed.unlink()
    past_due = date(next_day.year, next_day.month, 26)
    imported = _timed_import(csv, past_due, folder)
    yield _timed_diff(folder, imported)


def _change(csv: Path, changed: Path) -> None:
    random = Random(1)
    with csv.open(encoding="utf-8") as source, changed.open("w", encoding="utf-8") as target:
        target.write(next(source))
        for line in source:
            chance = random.random()
            if chance < _APPEARED_AND_GONE and (other := _born_earlier(line)):
                target.write(other)
            elif _APPEARED_AND_GONE <= chance < _APPEARED_AND_GONE + _CHANGED:
                target.write(_with_other_facts(line))
            else:
                target.write(line)


def _born_earlier(line: str) -> str | None:
    """Give the row to somebody born five years before: a number that no generated row has."""
    prefix = f"{int(line[:2]) - 5}{line[2:11]}"
    control = control_digit(prefix)
    return None if control is None else f"{prefix}{control}{line[12:]}"


def _with_other_facts(line: str) -> str:
    columns = line.split(",")
    paid = columns[_CONTRIBUTIONS]
    if paid.endswith("."):
        columns[_CONTRIBUTIONS] = f"{paid[:-1]}E"
    elif paid:
        columns[_CONTRIBUTIONS] = f"{paid[:-1]}."
    else:
        columns[_CONTRIBUTIONS] = "2026-10=S"
    return ",".join(columns)


def _timed_import(csv: Path, as_of: date, home: Path) -> Cost:
    with _timed() as cost:
        import_csv(csv, as_of=as_of, home=home, key=_KEY)
    return cost()


def _timed_diff(home: Path, imported: Cost) -> DiffRow:
    judge = RegisterJudge(load_parameters(SHARE / "data" / "parameters"))
    generations = Generations(home)
    with _timed() as cost:
        diff = compare(generations, *newest_two(generations), judge, lambda _: None)
    return DiffRow(imported, cost(), diff)


@contextmanager
def _timed() -> Iterator[Callable[[], Cost]]:
    """Time the block and the processes that it started and that have ended."""
    start, cpu = perf_counter(), sum(os.times()[:4])
    yield lambda: Cost(end - start, end_cpu - cpu)
    end, end_cpu = perf_counter(), sum(os.times()[:4])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("csv", type=Path)
    arguments.add_argument("--as-of", type=date.fromisoformat, required=True)
    options = arguments.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        for row in measure_diff(options.csv, options.as_of, Path(folder)):
            diff = row.diff
            console.print(
                f"{diff.before.as_of} → {diff.after.as_of}: {diff.after.people:,} people, "
                f"{diff.changed:,} changed, {diff.appeared:,} appeared, {diff.gone:,} gone, "
                f"{diff.other_status:,} with another status; import {row.imported}, diff "
                f"{row.compared}, ratio {row.ratio:.2f} ({row.cpu_ratio:.2f} of CPU)"
            )


if __name__ == "__main__":
    main()
