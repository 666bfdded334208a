"""What goes on beside the answers: looking after, tidying up, telling operators."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from bot.domain.audit import AuditBrokenError
from bot.log import get_logger
from bot.registry.registry import Registry
from bot.services.audit import AuditLog
from bot.services.counters import Counters
from bot.services.freshness import Freshness
from bot.services.health import Health
from bot.services.inbox import Inbox
from bot.storage.engine import DATABASE_FAILURES
from bot.telegram.alerts import OperatorAlerts
from bot.telegram.desk import Desk
from bot.telegram.operator_chats import OperatorChats

log = get_logger(__name__)

_DAY_S = 24 * 60 * 60
_CHECK_HEALTH_EVERY_S = 5.0
_NOTE_AGE_EVERY_S = 60 * 60
_CHECK_FORUM_EVERY_S = 60.0
Purge = Callable[[], Awaitable[int]]


@asynccontextmanager
async def doing(**chores: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let chores go on during the block."""
    tasks = [asyncio.create_task(_told(name, chore)) for name, chore in chores.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told(name: str, chore: Coroutine[Any, Any, None]) -> None:
    """Do a chore; one that ends by an error nobody foresaw is told of."""
    try:
        await chore
    except Exception as error:
        log.exception("chore_failed", chore=name, error=type(error).__name__)


async def show_commands(chats: OperatorChats) -> None:
    """Put the commands of operators into their menus; nobody waits for that."""
    try:
        await chats.show_all()
    except DATABASE_FAILURES as error:
        log.warning("operator_commands_not_set", error=type(error).__name__)


async def verify_audit(audit: AuditLog, alerts: OperatorAlerts) -> None:
    """Look for a break once; the hash in the log is the proof that the end was not cut off."""
    try:
        found = await audit.verify()
    except AuditBrokenError as error:
        log.error("audit_broken", row=error.row)
        alerts.audit_broken(error)
    except DATABASE_FAILURES as error:
        log.error("audit_not_verified", error=type(error).__name__)
    else:
        log.info("audit_verified", first=found.first, last=found.last, tip=found.tip)


async def purge_daily(**purges: Purge) -> None:
    """Remove what is too old; each purge is named by what it removes."""
    while True:
        for what, purge in purges.items():
            if removed := await purge():
                log.info("old_rows_removed", what=what, number=removed)
        await asyncio.sleep(_DAY_S)


async def tidy_inbox(desk: Desk, inbox: Inbox) -> None:
    """Close conversations in which nobody writes, and remove old ones."""
    while True:
        await desk.tidy(inbox)
        await asyncio.sleep(_DAY_S)


async def note_age_of_register(
    registry: Registry, today: Callable[[], date], counters: Counters
) -> None:
    while True:
        counters.register_is((today() - registry.info.as_of).days)
        await asyncio.sleep(_NOTE_AGE_EVERY_S)


async def watch_health(
    check: Callable[[], Awaitable[Health]], freshness: Freshness, alerts: OperatorAlerts
) -> None:
    while True:
        health = await check()
        alerts.health_checked(health)
        if await freshness.has_turned(health):
            alerts.freshness_turned(health)
        await asyncio.sleep(_CHECK_HEALTH_EVERY_S)


async def watch_forum(desk: Desk) -> None:
    while True:
        await asyncio.sleep(_CHECK_FORUM_EVERY_S)
        await desk.check()
