"""``python -m tests.bench.register_diff FILE --as-of DAY``: a comparison beside its import."""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

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


@dataclass(frozen=True)
class DiffRow:
    """What a comparison cost beside the import of its newer side, in seconds of the clock."""

    import_s: float
    diff_s: float
    diff: Diff

    @property
    def ratio(self) -> float:
        return self.diff_s / self.import_s


def measure_diff(csv: Path, as_of: date, folder: Path) -> Iterator[DiffRow]:
    """Import *csv* and a day later a changed copy, and compare; then again over the due day.

    Two in a hundred rows have other facts, five in a thousand are gone and as many are new. In the
    second comparison nothing changed but the day: everybody is judged anew.
    """
    changed = folder / "changed.csv"
    _change(csv, changed)
    next_day = as_of + timedelta(days=1)
    _timed_import(csv, as_of, folder)
    import_s = _timed_import(changed, next_day, folder)
    yield _timed_diff(folder, import_s)
    changed.unlink()
    past_due = date(next_day.year, next_day.month, 26)
    import_s = _timed_import(csv, past_due, folder / "due")
    import_s = _timed_import(csv, past_due + timedelta(days=7), folder / "due")
    yield _timed_diff(folder / "due", import_s)


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


def _timed_import(csv: Path, as_of: date, home: Path) -> float:
    start = perf_counter()
    import_csv(csv, as_of=as_of, home=home, key=_KEY)
    return perf_counter() - start


def _timed_diff(home: Path, import_s: float) -> DiffRow:
    judge = RegisterJudge(load_parameters(SHARE / "data" / "parameters"))
    generations = Generations(home)
    start = perf_counter()
    diff = compare(generations, *newest_two(generations), judge, lambda _: None)
    return DiffRow(import_s, perf_counter() - start, diff)


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
                f"{diff.other_status:,} with another status; import {row.import_s:.1f} s, "
                f"diff {row.diff_s:.1f} s, ratio {row.ratio:.2f}"
            )


if __name__ == "__main__":
    main()
