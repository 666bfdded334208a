"""``make bench``: prints the cost of an answer beside a bare aiogram handler, and of guidance."""

import asyncio
import os
import platform
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.answer import Row, measure
from tests.bench.guidance import measure_guidance
from tests.bench.server import emulator_process


def main() -> None:
    console = Console()
    console.print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {sys.platform}. "
        "CPU time of the bot's process, medians; the server runs in another process."
    )
    with emulator_process() as url, tempfile.TemporaryDirectory() as home:
        rows = asyncio.run(measure(url, Path(home)))
    rows += measure_guidance()
    table = Table("what", "CPU, us", "ratio")
    for row in rows:
        table.add_row(*_cells(row))
    console.print(table)


def _cells(row: Row) -> tuple[str, str, str]:
    return row.name, f"{row.microseconds:,.0f}", f"{row.ratio:.2f}" if row.ratio else ""


if __name__ == "__main__":
    main()
