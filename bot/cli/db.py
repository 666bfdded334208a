"""``saqbol db``: the people database."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import clear_errors, existing_file, fail, out, read_settings
from bot.config import Settings
from bot.registry.keys import registry_key
from bot.storage.backup import back_up, check
from bot.storage.backup import restore as restore_backup
from bot.storage.engine import open_engine, sqlite_path
from bot.storage.erasures import ErasureFile
from bot.storage.schema import prepare

app = typer.Typer(help="The people database.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the schema up to date; `saqbol run` does it by itself.

    Example: saqbol db upgrade
    """
    settings = read_settings()
    with clear_errors():
        asyncio.run(_upgrade(settings.database))
    out.print("The database is up to date.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option(help="Replace the file if it exists.")] = False,
) -> None:
    """Copy the people database into one checked file, also while the bot runs.

    Keep HOME_DIR/erasures and the pepper too, apart from the backups.

    Example: saqbol db backup saqbol-2026-11-21.sqlite
    """
    with clear_errors():
        people = back_up(_sqlite(read_settings(), "pg_dump"), file, overwrite=force)
    out.print(f"{people:,} people are in {file}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file of `saqbol db backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the people database; stop the bot before.

    People who erased themselves after the backup stay erased. The replaced database is kept
    beside the new one: remove it when it is of no use any more.

    Example: saqbol db restore saqbol-2026-11-21.sqlite
    """
    settings = read_settings()
    with clear_errors():
        database = _sqlite(settings, "pg_restore")
        people = check(existing_file(file))
        if not yes:
            typer.confirm(f"Replace {database} with {people:,} people of {file}?", abort=True)
        key = registry_key(settings)
        erasures = ErasureFile(settings.erasures_file, key.of_subscriber, key.key_id)
        restored = restore_backup(file, database, erasures)
    out.print(f"{restored.people:,} people are in {database}.")
    if restored.erased_again:
        out.print(f"{restored.erased_again:,} who erased themselves since were left out.")
    if restored.kept is not None:
        out.print(f"The replaced database is {restored.kept}.")


def _sqlite(settings: Settings, instead: str) -> Path:
    path = sqlite_path(settings.database)
    if path is None:
        fail(f"DATABASE_URL is a server: use {instead}, this command is for SQLite alone", code=2)
    return path


async def _upgrade(database_url: str) -> None:
    engine = open_engine(database_url)
    try:
        await prepare(engine)
    finally:
        await engine.dispose()
