"""``saqbol stats``: the figures of ``/stats`` for other programs."""

import asyncio
import csv
import json
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.cli.console import clear_errors, fail, read_settings
from bot.config import Settings
from bot.domain.stats import Kind, Series
from bot.services.clock import clock
from bot.services.stats import CLOSED_AFTER, Stats
from bot.storage.counters import KEPT_FOR, CounterRepository
from bot.storage.engine import open_engine, sqlite_path
from bot.storage.schema import prepare


def stats(
    days: Annotated[
        int, typer.Option(min=1, max=KEPT_FOR.days, help="So many days that are over.")
    ] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
) -> None:
    """Print what was counted on the days that are over; groups under ten are never told apart.

    A day with fewer than ten in all has the group `few` without a number.

    Example: saqbol stats --days 90 --csv > stats.csv
    """
    if as_json == as_csv:
        fail("choose one of --json and --csv", code=2)
    settings = read_settings()
    with clear_errors():
        path = sqlite_path(settings.database)
        if path is not None and not path.exists():
            fail(f"there is no people database {path}")
        figures = asyncio.run(_read(settings, days))
    rows = [
        {"day": day.isoformat(), "kind": kind.value, "group": group, "number": number}
        for kind, series in figures.items()
        for day, group, number in series.rows()
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    table = csv.DictWriter(sys.stdout, ("day", "kind", "group", "number"), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)


async def _read(settings: Settings, days: int) -> Mapping[Kind, Series]:
    engine = open_engine(settings.database)
    try:
        await prepare(engine)
        today = clock(settings, behind=CLOSED_AFTER)
        return await Stats(CounterRepository(engine), today).read(days)
    finally:
        await engine.dispose()


def add_to(app: typer.Typer) -> None:
    app.command()(stats)
