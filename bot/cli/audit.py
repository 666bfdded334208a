"""``saqbol audit``: the log of what operators did."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.console import clear_errors, fail, out, read_settings
from bot.config import Settings
from bot.domain.audit import AuditBrokenError, AuditRow
from bot.registry.keys import RegistryKey, registry_key
from bot.services.audit import AuditLog, Verified
from bot.storage.audit import AuditRepository
from bot.storage.engine import open_engine, sqlite_path
from bot.storage.schema import prepare

app = typer.Typer(help="The log of what operators did.", no_args_is_help=True)


@app.command()
def show(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows.")] = 20,
) -> None:
    """Show the last rows of the audit log, the newest at the end.

    Example: saqbol audit show --last 100
    """
    settings = read_settings()
    with clear_errors():
        _require_database(settings)
        for row in asyncio.run(_newest(settings.database, last))[::-1]:
            at = row.event.at.isoformat(timespec="seconds")
            line = f"{row.id} {at} {row.event.actor}: {row.event.action} {row.event.details}"
            out.print(line, markup=False)


@app.command()
def verify() -> None:
    """Follow the chain of the audit log from its first row to the last.

    Ends with 1 and the number of the row where somebody changed, removed or put in one. A log
    whose end was cut off is whole by itself: compare the last number and hash with `audit_verified`
    in the bot's own log.

    Example: saqbol audit verify
    """
    settings = read_settings()
    with clear_errors():
        _require_database(settings)
        try:
            found = asyncio.run(_verify(settings.database, registry_key(settings)))
        except AuditBrokenError as error:
            fail(str(error))
    if not found.last:
        out.print("The audit log is empty.")
        return
    out.print(f"Rows {found.first}–{found.last} are as they were written. Last hash: {found.tip}")


def _require_database(settings: Settings) -> None:
    path = sqlite_path(settings.database)
    if path is not None and not path.exists():
        fail(f"there is no people database {path}")


async def _newest(database_url: str, rows: int) -> Sequence[AuditRow]:
    engine = open_engine(database_url)
    try:
        await prepare(engine)
        return await AuditRepository(engine).page(None, rows)
    finally:
        await engine.dispose()


async def _verify(database_url: str, key: RegistryKey) -> Verified:
    engine = open_engine(database_url)
    try:
        await prepare(engine)
        return await AuditLog(AuditRepository(engine), key.of_subscriber).verify()
    finally:
        await engine.dispose()
