"""``saqbol registry``: import, rekey, generate, verify, info, rollback."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli.console import clear_errors, err, existing_file, fail, out, read_settings
from bot.cli.register_log import reason, write_down
from bot.config import SHARE, Settings
from bot.content.parameters import load_parameters
from bot.registry.generate import generate as generate_lines
from bot.registry.importing import MAX_ERROR_SHARE, import_csv
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.peppers import load_or_create_pepper
from bot.registry.registry import Registry
from bot.registry.rekeying import refuse_rekey
from bot.registry.report import ImportReport
from bot.registry.report import Progress as ImportProgress
from bot.registry.rollback import roll_back
from bot.registry.snapshot import SnapshotInfo
from bot.registry.verify import verify as find_damage
from bot.services.judging import count_uninsured

app = typer.Typer(help="The insurance register.", no_args_is_help=True)

AsOf = Annotated[
    datetime, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day of the extract.")
]
_SHOWN_REJECTS = 20


Csv = Annotated[Path, typer.Argument(help="CSV v1, see docs/register.md.")]
Force = Annotated[
    str | None,
    typer.Option(
        metavar="WHY",
        callback=reason,
        help="Import although it looks suspicious; the reason goes to the audit log.",
    ),
]
Rejects = Annotated[Path | None, typer.Option(help="Write line and reason of rejected rows here.")]
MaxErrors = Annotated[
    float, typer.Option(min=0, max=100, help="Stop above this percentage of wrong rows.")
]


@app.command("import")
def import_(
    file: Csv,
    as_of: AsOf,
    force: Force = None,
    rejects: Rejects = None,
    max_errors: MaxErrors = MAX_ERROR_SHARE * 100,
) -> None:
    """Build a snapshot from a CSV and switch to it at once.

    Example: saqbol registry import extract.csv --as-of 2026-11-21 --rejects rejects.csv
    """
    settings, path = read_settings(), existing_file(file)
    with clear_errors():
        key = registry_key(settings)
        report = _import(settings, path, as_of.date(), key, force, rejects, max_errors)
    _print_report(report)


@app.command()
def rekey(
    file: Csv,
    as_of: AsOf,
    new_file: Annotated[
        Path, typer.Option("--new-pepper-file", help="The new pepper; made if it is missing.")
    ],
    force: Force = None,
    rejects: Rejects = None,
    max_errors: MaxErrors = MAX_ERROR_SHARE * 100,
) -> None:
    """Import the extract of the register in use under a new pepper.

    Bots that run go on with the old one until they are started with REGISTRY_PEPPER_FILE set to the
    new file. What becomes of answers, reminders and proved phones: docs/security.md.

    Example: saqbol registry rekey extract.csv --as-of 2026-11-21 --new-pepper-file /etc/saqbol/new
    """
    settings, path, day = read_settings(), existing_file(file), as_of.date()
    with clear_errors():
        new = RegistryKey(load_or_create_pepper(new_file, settings.home_dir))
        if force is None:
            refuse_rekey(
                path,
                as_of=day,
                home=settings.home_dir,
                read_old_key=lambda: registry_key(settings),
                new=new,
            )
        report = _import(settings, path, day, new, force, rejects, max_errors, is_rekey=True)
    _print_report(report)
    out.print(
        f"Now set REGISTRY_PEPPER_FILE={new_file.absolute()}, unset REGISTRY_PEPPER, and restart"
        " the bot: until then it answers from the register before.",
        markup=False,
    )


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
    with clear_errors():
        findings = find_damage(settings.home_dir, registry_key(settings))
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

    Snapshots of another pepper than the one in use are passed over.

    Example: saqbol registry rollback
    """
    settings = read_settings()

    def write(info: SnapshotInfo) -> None:
        write_down(
            settings,
            "register_rolled_back",
            is_forced=False,
            as_of=info.as_of.isoformat(),
            generation=_code(info.generation),
        )

    with clear_errors():
        info = roll_back(settings.home_dir, registry_key(settings), write)
    out.print(f"{info.generation} is current again.")


def _import(  # noqa: PLR0913 - what the two commands share
    settings: Settings,
    path: Path,
    as_of: date,
    key: RegistryKey,
    force: str | None,
    rejects: Path | None,
    max_errors: float,
    *,
    is_rekey: bool = False,
) -> ImportReport:
    action = "register_rekeyed" if is_rekey else "register_imported"
    why = {}
    if force is not None:
        action = "register_rekey_forced" if is_rekey else "register_forced"
        why = {"reason": force}

    def write(report: ImportReport) -> None:
        write_down(
            settings,
            action,
            is_forced=force is not None,
            as_of=report.as_of.isoformat(),
            people=report.accepted,
            generation=_code(report.generation),
            **why,
        )

    parameters = load_parameters(SHARE / "data" / "parameters")
    with _progress() as progress:
        task = progress.add_task("read", total=1.0)

        def on_progress(state: ImportProgress) -> None:
            progress.update(
                task, description=f"{state.phase} {state.rows:,}", completed=state.share
            )

        return import_csv(
            path,
            as_of=as_of,
            home=settings.home_dir,
            key=key,
            on_progress=on_progress,
            max_error_share=max_errors / 100,
            force=force is not None,
            is_rekey=is_rekey,
            kept=settings.registry_kept,
            count_uninsured=lambda people, on: count_uninsured(people, on, parameters),
            before_switch=write,
            rejects_path=rejects,
        )


def _code(generation: str) -> str:
    """Give what names a generation beside its day; with the day it might pass for an IIN."""
    return Path(generation).stem[-8:]


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
