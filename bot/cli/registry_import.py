"""``saqbol registry import`` and ``rekey``."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import comparing
from bot.cli.console import (
    AsOf,
    clear_errors,
    err,
    existing_file,
    out,
    print_reasons,
    read_settings,
)
from bot.cli.import_progress import import_progress
from bot.cli.register_log import reason, short_name, write_down
from bot.config import SHARE, Settings
from bot.content.parameters import load_parameters
from bot.registry.importing import MAX_ERROR_SHARE, import_csv
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.peppers import load_or_create_pepper
from bot.registry.rekeying import refuse_rekey
from bot.registry.report import ImportReport
from bot.services.clock import clock
from bot.services.judging import count_uninsured

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
_SHOWN_REJECTS = 20


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
    comparing.summarise_import(settings, report.generation)


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
    if as_of > clock(settings)():
        raise typer.BadParameter(f"{as_of} has not come: --as-of is the day of the extract")
    if rejects is not None and rejects.exists() and rejects.samefile(path):
        raise typer.BadParameter("--rejects is the extract itself, and would be written over")
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
            generation=short_name(report.generation),
            **({"overridden": " ".join(report.overridden)} if report.overridden else {}),
            **why,
        )

    parameters = load_parameters(SHARE / "data" / "parameters")
    with import_progress() as on_progress:
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


def _print_report(report: ImportReport) -> None:
    out.print(
        f"{report.accepted:,} people of {report.read:,} rows are in {report.generation}, "
        f"as of {report.as_of}; {report.duplicates:,} equal rows left out, "
        f"{report.rejected:,} rejected."
    )
    if report.may_be_cut:
        err.print("saqbol: the last line has no line end: was the file copied to its end?")
    if report.overridden:
        err.print(f"saqbol: forced although: {', '.join(report.overridden)}")
    if not report.rejected:
        return
    print_reasons(out, report.reasons)
    for reject in report.rejects[:_SHOWN_REJECTS]:
        out.print(f"  line {reject.line}: {reject.problem}")
    if report.rejected > _SHOWN_REJECTS:
        out.print("  … the rest: run with --rejects FILE")


def add_to(app: typer.Typer) -> None:
    app.command("import")(import_)
    app.command()(rekey)
