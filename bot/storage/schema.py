"""Brings the schema of the people database up to date."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import DATABASE_FAILURES, reading
from bot.storage.errors import StorageError

_MIGRATIONS = Path(__file__).parent / "migrations"
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WHAT_NOW = "Restore a backup with `saqbol db restore FILE`, or move the file away to begin anew"


async def prepare(engine: AsyncEngine) -> None:
    """Check the database and bring its schema up to date; one that is, is not written to.

    So a bot starts while another process writes.

    Raises:
        StorageError: the database is damaged, made by a newer version, or does not answer.
    """
    try:
        if engine.dialect.name == "sqlite":
            await _check_file(engine)
        async with reading(engine) as connection:
            revision = await connection.run_sync(_revision)
        if revision not in {None, *revisions()}:
            raise StorageError(
                f"the people database has schema {revision}, which a newer saqbol made: install"
                " that version again, or restore an older backup"
            )
        if revision != revisions()[0]:
            await upgrade(engine)
    except DATABASE_FAILURES as error:
        reason = reason_of(error, engine)
        raise StorageError(f"the people database cannot be used ({reason})") from None


def revisions() -> list[str]:
    """List the steps that this version knows, the newest first."""
    return [script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()]


def reason_of(error: BaseException, engine: AsyncEngine) -> str:
    """Say in SQLite's words what is wrong; a server's words may quote what is in the database."""
    if isinstance(error, DBAPIError) and engine.dialect.name == "sqlite":
        return str(error.orig)
    return type(error).__name__


async def _check_file(engine: AsyncEngine) -> None:
    """Let SQLite check its structure: about a second for a million people."""
    path = Path(engine.url.database or "")
    if _is_empty(path):
        # For SQLite that is a new database, in which nobody is known any more.
        raise StorageError(f"the people database {path} is an empty file. {_WHAT_NOW}")
    try:
        async with reading(engine) as connection:
            check = await connection.exec_driver_sql("PRAGMA quick_check(1)")
            # The first line only names the database.
            found = check.scalar_one().splitlines()[-1]
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            raise
        found = str(error.orig)
    if found != "ok":
        raise StorageError(f"the people database {path} is damaged ({found}). {_WHAT_NOW}")


def _is_empty(path: Path) -> bool:
    return path.exists() and not path.stat().st_size


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def upgrade(engine: AsyncEngine, revision: str = "head") -> None:
    """Run the missing steps up to *revision*."""
    async with engine.begin() as connection:
        await connection.run_sync(_run, command.upgrade, revision)


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take back the steps after *revision*; "base" takes back all."""
    async with engine.begin() as connection:
        await connection.run_sync(_run, command.downgrade, revision)


def _run(connection: Connection, step: object, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    step(config, revision)  # type: ignore[operator]  # alembic.command is untyped
