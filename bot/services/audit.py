"""The audit log: who did what, when, and what was refused; never whom it was about.

    await audit.record(by_operator(operator_id), "broadcast_sent", broadcast=12, recipients=3400)

Refusals are written by refusals.py, a moment later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.audit import Actor, AuditRow, ChainCheck, Detail, Event, canonical
from bot.log import get_logger, redact
from bot.storage.audit import AuditRepository
from bot.storage.engine import DATABASE_FAILURES

log = get_logger(__name__)

PAGE_SIZE = 10
LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Verified:
    """A log without a break.

    Attributes:
        first: number of the first row that is kept; 0 for an empty log.
        last: number of the last one.
        tip: its hash; a log of which the end was cut off has another.
    """

    first: int
    last: int
    tip: str


class AuditLog:
    """Writes and reads the log.

    Args:
        mark_of: keyed hash of the Telegram id of somebody who is no operator.
    """

    def __init__(self, repository: AuditRepository, mark_of: Callable[[int], bytes]) -> None:
        self._repository = repository
        self._mark_of = mark_of

    def somebody(self, telegram_id: int) -> Actor:
        """Give the actor for somebody who is no operator."""
        return Actor(f"~{self._mark_of(telegram_id).hex()}")

    async def record(self, actor: Actor, action: str, **details: Detail) -> None:
        """Write down what is done; where that fails it must not be done.

        Raises:
            ValueError: the details are long or look like a number of a person.
        """
        await self._repository.add(event_of(actor, action, **details))

    async def page(self, before: int | None) -> Sequence[AuditRow]:
        """Give ten rows before one, or the last ten, newest first."""
        return await self._repository.page(before, PAGE_SIZE)

    async def verify(self) -> Verified:
        """Follow the chain from the first row to the last.

        Raises:
            AuditBrokenError: a row was changed, removed or put in.
        """
        check = ChainCheck()
        async for row in self._repository.rows():
            check.follow(row)
        check.end()
        if check.first is None or check.last is None:
            return Verified(0, 0, "")
        return Verified(check.first.id, check.last.id, check.last.hash.hex())

    async def cut(self) -> int:
        """Remove rows of more than a year; give the number."""
        try:
            return await self._repository.cut()
        except DATABASE_FAILURES as error:
            log.error("audit_not_cut", error=type(error).__name__)
            return 0


def by_operator(operator_id: int) -> Actor:
    """Give the actor for an operator."""
    return Actor(str(operator_id))


def event_of(actor: Actor, action: str, **details: Detail) -> Event:
    """Make an event of now.

    Raises:
        ValueError: the details are long or look like a number of a person.
    """
    for name, value in details.items():
        text = str(value)
        if len(text) > LONGEST_DETAIL or (isinstance(value, str) and redact(text) != text):
            raise ValueError(f"{action}: {name} is nothing for the audit log")
    return Event(datetime.now(UTC), actor, action, canonical(details))
