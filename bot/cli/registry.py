"""``saqbol registry``: import, generate, verify, info, diff, rollback."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli import comparing
from bot.cli.console import clear_errors, err, existing_file, fail, out, read_settings
from bot.cli.import_progress import import_progress
from bot.registry.generate import generate as generate_lines
from bot.registry.generations import rollback as roll_back
from bot.registry.importing import MAX_ERROR_SHARE, import_csv
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.registry.report import ImportReport
from bot.registry.verify import verify as find_damage

app = typer.Typer(help="The insurance register.", no_args_is_help=True)
comparing.add_to(app)

AsOf = Annotated[
    datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day of the extract.")
]
_SHOWN_REJECTS = 20


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV v1, see docs/register.md.")],
    as_of: AsOf,
    force: Annotated[bool, typer.Option(help="Import although it looks suspicious.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write line and reason of rejected rows here.")
    ] = None,
    max_errors: Annotated[
        float, typer.Option(min=0, max=100, help="Stop above this percentage of wrong rows.")
    ] = MAX_ERROR_SHARE * 100,
) -> None:
    """Build a snapshot from a CSV and switch to it at once.

    Example: saqbol registry import extract.csv --as-of 2026-11-21 --rejects rejects.csv
    """
    settings = read_settings()
    with clear_errors(), import_progress() as on_progress:
        report = import_csv(
            existing_file(file),
            as_of=as_of.date(),
            home=settings.home_dir,
            key=registry_key(settings),
            on_progress=on_progress,
            max_error_share=max_errors / 100,
            force=force,
            rejects_path=rejects,
        )
    _print_report(report)
    comparing.summarise_import(settings, report.generation)


@app.command()
def generate(
    people: Annotated[int, typer.Option(min=1, help="How many.")],
    as_of: AsOf,
    output: Annotated[Path, typer.Option("-o", "--output", help="The CSV to write.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
) -> None:
    """Write a register of made-up people, born 2095-2099, with real shares.

    Example: saqbol registry generate --people 10000 --seed 1 --as-of 2026-11-21 -o people.csv
    """
    with clear_errors(), _progress() as progress, output.open("w", encoding="utf-8") as target:
        task = progress.add_task("write", total=people)
        for number, line in enumerate(generate_lines(people, seed, as_of.date())):
            target.write(line + "\n")
            if number % 10_000 == 0:
                progress.update(task, completed=number)
    out.print(f"{people:,} people written to {output}")


@app.command()
def verify() -> None:
    """Read every byte and every person of the current snapshot.

    Example: saqbol registry verify
    """
    settings = read_settings()
    with clear_errors(), import_progress() as on_progress:
        findings = find_damage(settings.home_dir, registry_key(settings), on_progress)
    for finding in findings:
        err.print(f"{finding.code}: {finding.text}", markup=False)
    if findings:
        fail(f"the register has {len(findings)} problems: import it again, or roll back")
    out.print("The register is whole.")


@app.command()
def info() -> None:
    """Show the current snapshot.

    Example: saqbol registry info
    """
    settings = read_settings()
    with clear_errors(), Registry(settings.home_dir, registry_key(settings)) as registry:
        snapshot = registry.info
    table = Table(show_header=False, box=None)
    for name, value in (
        ("generation", snapshot.generation),
        ("data as of", snapshot.as_of.isoformat()),
        ("people", f"{snapshot.rows:,}"),
        ("imported at", snapshot.imported_at.isoformat(timespec="seconds")),
        ("from file", snapshot.source),
        ("pepper id", snapshot.key_id),
        ("checksum", snapshot.checksum),
    ):
        table.add_row(name, value)
    out.print(table)


@app.command()
def rollback() -> None:
    """Make the snapshot before the current one current again.

    Example: saqbol registry rollback
    """
    settings = read_settings()
    with clear_errors():
        generation = roll_back(settings.home_dir)
    out.print(f"{generation.file} is current again.")


def _print_report(report: ImportReport) -> None:
    out.print(
        f"{report.accepted:,} people of {report.read:,} rows are in {report.generation}, "
        f"as of {report.as_of}; {report.duplicates:,} equal rows left out, "
        f"{report.rejected:,} rejected."
    )
    if not report.rejected:
        return
    for problem, count in report.reasons.items():
        out.print(f"  {count:,} × {problem.replace('_', ' ')}")
    for reject in report.rejects[:_SHOWN_REJECTS]:
        out.print(f"  line {reject.line}: {reject.problem.replace('_', ' ')}")
    if report.rejected > _SHOWN_REJECTS:
        out.print("  … the rest: run with --rejects FILE")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
