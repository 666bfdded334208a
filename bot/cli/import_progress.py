"""The bar of an import: phase, rows, rows a second and the time left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from bot.cli.console import err
from bot.registry.report import OnProgress
from bot.registry.report import Progress as ImportProgress


@contextmanager
def import_progress(first_phase: str = "read") -> Iterator[OnProgress]:
    """Show a bar on the terminal while the block runs, and give what it is told by."""
    columns = (
        TextColumn("{task.description:<5}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:>10,} rows"),
        TextColumn("{task.fields[rate]:>9,.0f} a second,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        bar: TaskID | None = None
        phase, began = "", 0.0

        def show(state: ImportProgress) -> None:
            nonlocal bar, phase, began
            if bar is None or state.phase != phase:
                if bar is not None:
                    bars.remove_task(bar)
                phase, began = state.phase, time.monotonic()
                bar = bars.add_task(phase, total=1.0, rows=0, rate=0.0)
            rate = state.rows / max(time.monotonic() - began, 0.001)
            bars.update(bar, completed=state.share, rows=state.rows, rate=rate)

        show(ImportProgress(first_phase, 0, 0.0))
        yield show
