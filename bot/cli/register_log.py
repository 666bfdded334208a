"""What the command line does with the register, in the audit log of the people database."""

import asyncio
import re
from pathlib import Path
from typing import Any

import typer

from bot.cli.console import err
from bot.config import Settings
from bot.domain.audit import COMMAND_LINE, Event
from bot.log import redact
from bot.registry.errors import ImportStoppedError
from bot.services.audit import LONGEST_DETAIL, event_of
from bot.services.personal_numbers import has_personal_number
from bot.storage.audit import AuditRepository
from bot.storage.engine import DATABASE_FAILURES, open_engine, sqlite_path
from bot.storage.errors import StorageError
from bot.storage.schema import reason_of

_SHORTEST_REASON = 10
_LONG_NUMBER = re.compile(r"[0-9]{9,}")


def reason(text: str | None) -> str | None:
    """Check why something is forced; what is wrong with it is not repeated."""
    if text is None:
        return None
    text = " ".join(text.split())
    if not _SHORTEST_REASON <= len(text) <= LONGEST_DETAIL:
        raise typer.BadParameter(
            f"say in {_SHORTEST_REASON} to {LONGEST_DETAIL} letters why, for the audit log"
        )
    if _LONG_NUMBER.search(text) or has_personal_number(text) or redact(text) != text:
        raise typer.BadParameter("the reason must not have an IIN, a phone or another long number")
    return text


def write_down(settings: Settings, action: str, *, is_forced: bool, **details: Any) -> None:
    """Write what is about to be done, so that it stands there before it is.

    The database is not made nor brought up to date here: the bot may run as somebody else. Where
    the row cannot be written, what is forced is not done; a day's register is worth more than its
    row, so that one comes with a warning.

    Raises:
        ImportStoppedError: it is forced, and could not be written down.
    """
    why = asyncio.run(_why_not_written(settings, event_of(COMMAND_LINE, action, **details)))
    if why is None:
        return
    if is_forced:
        raise ImportStoppedError(
            f"the audit log cannot be written ({why}), so nothing is forced and nothing was"
            " changed. Run: saqbol db upgrade"
        )
    err.print(f"saqbol: this is not in the audit log ({why})", markup=False)


def short_name(generation: str) -> str:
    """Give what names a generation beside its day; with the day it might pass for an IIN."""
    return Path(generation).stem[-8:]


async def _why_not_written(settings: Settings, event: Event) -> str | None:
    try:
        path = sqlite_path(settings.database)
        if path is not None and not path.exists():
            return "there is no people database yet"
        engine = open_engine(settings.database)
    except StorageError as error:
        return str(error)
    try:
        await AuditRepository(engine).add(event)
    except DATABASE_FAILURES as error:
        return reason_of(error, engine)
    finally:
        await engine.dispose()
    return None
