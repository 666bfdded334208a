"""Refusals go into the audit log a moment later, and whoever floods is written down once a minute.

So nobody can tell from the time an answer takes that something was written, and a crowd of
strangers cannot fill the disk.
"""

import asyncio

from cachetools import TTLCache

from bot.domain.audit import Detail, canonical
from bot.log import get_logger
from bot.services.audit import AuditLog, by_operator
from bot.services.operators import Operators
from bot.storage.engine import DATABASE_FAILURES

log = get_logger(__name__)

_ONCE_IN_S = 60.0
_MOST_IN_THAT_TIME = 1_000


class Refusals:
    """Writes refusals down; the log has a keyed hash of whoever is no operator."""

    def __init__(self, operators: Operators, audit: AuditLog) -> None:
        self._operators = operators
        self._audit = audit
        self._noted: TTLCache[tuple[int, str, str], None]
        self._noted = TTLCache(_MOST_IN_THAT_TIME, _ONCE_IN_S)
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, telegram_id: int, action: str, **details: Detail) -> None:
        """Remember a refusal; the same one of the same person counts once a minute."""
        key = (telegram_id, action, canonical(details))
        if key in self._noted:
            return
        if len(self._noted) >= _MOST_IN_THAT_TIME:
            log.warning("refusal_not_written", reason="too many at once")
            return
        self._noted[key] = None
        task = asyncio.create_task(self._write(telegram_id, action, details))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Write what waits."""
        await asyncio.gather(*self._writing)

    async def _write(self, telegram_id: int, action: str, details: dict[str, Detail]) -> None:
        try:
            is_operator = await self._operators.find(telegram_id) is not None
            actor = by_operator(telegram_id) if is_operator else self._audit.somebody(telegram_id)
            await self._audit.record(actor, action, **details)
        except DATABASE_FAILURES as error:
            log.error("audit_not_written", action=action, error=type(error).__name__)
