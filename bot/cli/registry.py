"""``saqbol registry``: verify, info, rollback, and what the modules beside it add."""

import typer
from rich.table import Table

from bot.cli import comparing, registry_import
from bot.cli.console import clear_errors, err, fail, out, read_settings
from bot.cli.generating import generate
from bot.cli.import_progress import import_progress
from bot.cli.register_log import short_name, write_down
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.registry.rollback import roll_back
from bot.registry.snapshot import SnapshotInfo
from bot.registry.verify import verify as find_damage

app = typer.Typer(help="The insurance register.", no_args_is_help=True)
registry_import.add_to(app)
app.command()(generate)
comparing.add_to(app)


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
            generation=short_name(info.generation),
        )

    with clear_errors():
        info = roll_back(settings.home_dir, registry_key(settings), write)
    out.print(f"{info.generation} is current again.")
