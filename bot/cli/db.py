"""``saqbol db``: the people database."""

import asyncio

import typer
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.console import clear_errors, fail, out, read_settings
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade as upgrade_schema

app = typer.Typer(help="The people database.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `upgrade` a named command while it is the only one."""


@app.command()
def upgrade() -> None:
    """Bring the schema up to date; `saqbol run` does it by itself.

    Example: saqbol db upgrade
    """
    settings = read_settings()
    with clear_errors():
        try:
            asyncio.run(_upgrade(settings.database))
        except SQLAlchemyError as error:
            fail(f"the database cannot be upgraded ({type(error).__name__}): check DATABASE_URL")
    out.print("The database is up to date.")


async def _upgrade(database_url: str) -> None:
    engine = open_engine(database_url)
    try:
        await upgrade_schema(engine)
    finally:
        await engine.dispose()
