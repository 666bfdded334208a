"""Whether the register has become too old, or no longer is: told once, also after a restart."""

from bot.domain.audit import SYSTEM
from bot.log import get_logger
from bot.services.audit import event_of
from bot.services.health import Health
from bot.storage.audit import AuditRepository
from bot.storage.engine import DATABASE_FAILURES

log = get_logger(__name__)

_STALE, _FRESH = "register_stale", "register_fresh"


class Freshness:
    """Remembers in the audit log what was told; it is looked at when something changes."""

    def __init__(self, audit: AuditRepository) -> None:
        self._audit = audit
        self._was_stale: bool | None = None

    async def has_turned(self, health: Health) -> bool:
        """Tell whether administrators are to hear of it now, from this process.

        Where the database cannot be written it is looked at again at the next check.
        """
        if health.is_stale is self._was_stale:
            return False
        action = _STALE if health.is_stale else _FRESH
        opposite = _FRESH if health.is_stale else _STALE
        event = event_of(SYSTEM, action, as_of=health.as_of.isoformat(), age_days=health.age_days)
        try:
            has_turned = await self._audit.add_turn(event, opposite, at_first=health.is_stale)
        except DATABASE_FAILURES as error:
            log.error("freshness_not_noted", error=type(error).__name__)
            return False
        self._was_stale = health.is_stale
        if has_turned:
            log.warning(action, as_of=health.as_of.isoformat(), age_days=health.age_days)
        return has_turned
