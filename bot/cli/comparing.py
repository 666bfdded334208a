"""``saqbol registry diff``, and what an import says of its changes."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.console import clear_errors, err, fail, out, read_settings
from bot.cli.import_progress import import_progress
from bot.config import SHARE, Settings
from bot.content.errors import ContentError
from bot.content.parameters import load_parameters
from bot.domain.diff import Diff, Move
from bot.domain.parameters import ParameterNotInForceError
from bot.registry.diff import choose_generation, compare, newest_two
from bot.registry.errors import RegistryError
from bot.registry.generations import Generations
from bot.registry.summary import as_facts, summarise
from bot.services.register_judge import RegisterJudge

_KINDS: dict[str, Callable[[Move], bool]] = {
    "appeared": lambda move: move.has_appeared,
    "gone": lambda move: move.is_gone,
    "lost cover": lambda move: move.has_lost_cover,
    "got cover": lambda move: move.has_got_cover,
}
Name = Annotated[
    str | None, typer.Argument(metavar="GENERATION", help="File name, or the day of its data.")
]


def diff(
    before: Name = None,
    after: Name = None,
    as_json: Annotated[bool, typer.Option("--json", help="All counts as JSON.")] = False,
) -> None:
    """Count who appeared, who is gone and whose status changed between two generations.

    Without names the current generation is compared with the one before it.

    Example: saqbol registry diff 2026-11-20 2026-11-21 --json
    """
    if before is not None and after is None:
        fail("name two generations, or none for the newest two", code=2)
    generations = Generations(read_settings().home_dir)
    with clear_errors():
        if before is None or after is None:
            pair = newest_two(generations)
        else:
            pair = choose_generation(generations, before), choose_generation(generations, after)
        with import_progress("compare") as on_progress:
            found = compare(generations, *pair, _judge(), on_progress)
    if as_json:
        sys.stdout.write(json.dumps(as_facts(found), indent=2) + "\n")
    else:
        _print(found)


def summarise_import(settings: Settings, generation: str) -> None:
    """Store for the bot what an import changed, and say it; without it the import is as good."""
    try:
        with import_progress("compare") as on_progress:
            found = summarise(Generations(settings.home_dir), generation, _judge(), on_progress)
    except (RegistryError, ContentError, ParameterNotInForceError, OSError) as error:
        err.print(
            "saqbol: the new register is in use, but was not compared with the one before:"
            f" {error}",
            markup=False,
        )
        return
    if found is not None:
        out.print(f"{_totals(found)}. More: saqbol registry diff")


def _judge() -> RegisterJudge:
    return RegisterJudge(load_parameters(SHARE / "data" / "parameters"))


def _totals(found: Diff) -> str:
    return (
        f"Since {found.before.as_of}: {found.appeared:,} appeared, {found.gone:,} gone, "
        f"{found.changed:,} records changed, {found.lost_cover:,} lost cover, "
        f"{found.got_cover:,} got cover"
    )


def _print(found: Diff) -> None:
    for title, side in (("before", found.before), ("after", found.after)):
        out.print(f"{title}: {side.generation}, data as of {side.as_of}, {side.people:,} people")
    out.print(f"{_totals(found)}, {found.same:,} records are the same.")
    statuses = found.by(lambda move: f"{move.before or '–'} → {move.after or '–'}", _is_any)
    table = Table("status", "people")
    for name, people in statuses.items():
        table.add_row(name, f"{people:,}")
    out.print(table)
    _print_by("region", lambda move: move.region, found)
    _print_by("main reason", lambda move: move.reason, found)


def _print_by(title: str, label: Callable[[Move], str | None], found: Diff) -> None:
    columns = {kind: found.by(label, which) for kind, which in _KINDS.items()}
    table = Table(title, *_KINDS)
    for each in sorted({*found.by(label, _is_any)}, key=lambda each: (each is None, each)):
        table.add_row(each or "–", *(f"{counts[each]:,}" for counts in columns.values()))
    out.print(table)


def _is_any(_: Move) -> bool:
    return True


def add_to(app: typer.Typer) -> None:
    app.command()(diff)
