"""The ledger: who is to get a broadcast, who is being sent it, and what became of it.

A row is ``sending`` in the database before its message leaves, so a crash leaves a row that says
so, never a message of which nobody knows. Every claim has a token of its own: who comes back after
its lease cannot write over what was found out since, save that a message was sent.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import (
    MAX_ATTEMPTS,
    BroadcastId,
    BroadcastState,
    DeliveryState,
    Withdrawal,
)
from bot.domain.locales import Locale
from bot.storage.engine import reading, writing
from bot.storage.subscribers import SubscriberId
from bot.storage.tables import broadcasts, deliveries, subscribers

_MAX_ERROR = 64


@dataclass(frozen=True, slots=True)
class Claim:
    """A recipient who is ours until the lease ends.

    Attributes:
        attempt: 1 for the first.
        reply_to: the message that this one corrects.
    """

    broadcast_id: BroadcastId
    subscriber_id: SubscriberId
    locale: Locale
    token: str
    attempt: int
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a claimed recipient now.

    Attributes:
        state: pending gives the recipient back.
        is_untried: nothing left for Telegram, so the attempt does not count.
        message_id: of the message that was sent.
        error: why not, in Telegram's words.
        at: when it was found out, an aware UTC instant.
    """

    claim: Claim
    state: DeliveryState
    at: datetime
    message_id: int | None = None
    error: str | None = None
    is_untried: bool = False


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that may be deleted."""

    subscriber_id: SubscriberId
    message_id: int


class DeliveryRepository:
    """Claims, records and gives up rows; every step is one statement or one transaction.

    Args:
        lease_s: after so many seconds a claim whose owner was not heard of is given up.
    """

    def __init__(self, engine: AsyncEngine, lease_s: float) -> None:
        self._engine = engine
        self._lease = timedelta(seconds=lease_s)

    async def claim(self, broadcast_id: BroadcastId, number: int) -> list[Claim]:
        """Take up to so many recipients of a running broadcast, nobody else has them then."""
        token, now = secrets.token_urlsafe(16), datetime.now(UTC)
        what = {
            "of_broadcast": broadcast_id,
            "most": number,
            "new_token": token,
            "until": now + self._lease,
            "at": now,
        }
        async with writing(self._engine) as connection:
            rows = (await connection.execute(_CLAIM, what)).all()
        return [
            Claim(
                broadcast_id,
                SubscriberId(row.subscriber_id),
                Locale(row.locale),
                token,
                row.attempt,
                row.reply_to,
            )
            for row in rows
        ]

    async def record(self, findings: Sequence[Finding]) -> None:
        """Write what was found out, all or nothing."""
        # Always in the same order, so that two broadcasts cannot wait for each other's people.
        findings = sorted(findings, key=lambda finding: finding.claim.subscriber_id)
        sent = [finding for finding in findings if finding.state is DeliveryState.SENT]
        others = [finding for finding in findings if finding.state is not DeliveryState.SENT]
        unreachable = [f for f in others if f.state is DeliveryState.UNREACHABLE]
        async with writing(self._engine) as connection:
            if sent:
                await connection.execute(_WRITE_SENT, [_row(finding) for finding in sent])
            if others:
                await connection.execute(_WRITE_OTHER, [_row(finding) for finding in others])
            if unreachable:
                await connection.execute(
                    _WRITE_INACTIVE,
                    [{"of": f.claim.subscriber_id, "since": f.at} for f in unreachable],
                )

    async def give_up_expired(self) -> int:
        """Give up the claims whose lease has passed; give their number.

        The message was sent or not: the recipient is uncertain, or gets it again where the operator
        would rather have it twice than never.
        """
        now = datetime.now(UTC)
        live = select(broadcasts.c.id).where(broadcasts.c.state.in_(_WITH_CLAIMS))
        is_expired = and_(
            deliveries.c.broadcast_id.in_(live),
            deliveries.c.state == DeliveryState.SENDING,
            deliveries.c.lease_until < now,
        )
        async with reading(self._engine) as connection:
            # To look does not keep writers waiting.
            if (await connection.execute(select(exists().where(is_expired)))).scalar_one() is False:
                return 0
        once_more = select(broadcasts.c.id).where(broadcasts.c.rather_twice.is_(True))
        is_repeated = and_(
            deliveries.c.broadcast_id.in_(once_more), deliveries.c.attempt < MAX_ATTEMPTS
        )
        statement = (
            update(deliveries)
            .where(is_expired)
            .values(
                state=case(
                    (is_repeated, DeliveryState.PENDING.value),
                    else_=DeliveryState.UNCERTAIN.value,
                ),
                lease_until=None,
                changed_at=now,
                error="the sender was not heard of again",
            )
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(statement)).rowcount

    async def claim_to_withdraw(
        self,
        broadcast_id: BroadcastId,
        sent_after: datetime,
        number: int,
        beyond: SubscriberId | None = None,
    ) -> list[SentMessage]:
        """Take up to so many messages to delete; others leave them alone until the lease ends.

        Args:
            beyond: the last recipient of the batch before, or every batch would walk past all that
                is deleted already.

        Returns:
            The messages in the order of their recipients.
        """
        now = datetime.now(UTC)
        is_free = is_to_withdraw(broadcast_id, sent_after) & (
            deliveries.c.lease_until.is_(None) | (deliveries.c.lease_until < now)
        )
        if beyond is not None:
            is_free &= deliveries.c.subscriber_id > beyond
        some = (
            select(deliveries.c.subscriber_id)
            .where(is_free)
            .order_by(deliveries.c.subscriber_id)
            .limit(number)
            .with_for_update(skip_locked=True)
            .cte("some")
        )
        statement = (
            update(deliveries)
            .where(deliveries.c.subscriber_id.in_(select(some.c.subscriber_id)), is_free)
            .values(lease_until=now + self._lease)
            .returning(deliveries.c.subscriber_id, deliveries.c.message_id)
        )
        async with reading(self._engine) as connection:
            if (await connection.execute(select(exists().where(is_free)))).scalar_one() is False:
                return []
        async with writing(self._engine) as connection:
            rows = (await connection.execute(statement)).all()
        messages = [SentMessage(SubscriberId(row.subscriber_id), row.message_id) for row in rows]
        return sorted(messages, key=lambda message: message.subscriber_id)

    async def record_withdrawn(
        self,
        broadcast_id: BroadcastId,
        findings: Collection[tuple[SentMessage, Withdrawal | None]],
    ) -> None:
        """Write which messages are gone; None gives one back."""
        rows = [
            {
                "of_broadcast": broadcast_id,
                "of": message.subscriber_id,
                "new_withdrawal": outcome.value if outcome else None,
            }
            for message, outcome in findings
        ]
        async with writing(self._engine) as connection:
            await connection.execute(_WRITE_WITHDRAWN, rows)


# Built once: that takes as long as to claim a hundred.
_WAITING = (
    select(deliveries.c.subscriber_id)
    .where(
        deliveries.c.broadcast_id == bindparam("of_broadcast"),
        deliveries.c.state == DeliveryState.PENDING.value,
    )
    .order_by(deliveries.c.subscriber_id)
    .limit(bindparam("most"))
    # SQLite has one writer at a time, and leaves this out.
    .with_for_update(skip_locked=True)
    # A mere subquery may be run again for each row by PostgreSQL, past the limit.
    .cte("waiting")
)
_CLAIM = (
    update(deliveries)
    .where(
        deliveries.c.broadcast_id == bindparam("of_broadcast"),
        deliveries.c.subscriber_id.in_(select(_WAITING.c.subscriber_id)),
        deliveries.c.state == DeliveryState.PENDING.value,
        exists().where(
            broadcasts.c.id == bindparam("of_broadcast"),
            broadcasts.c.state == BroadcastState.RUNNING.value,
        ),
    )
    .values(
        state=DeliveryState.SENDING.value,
        token=bindparam("new_token"),
        lease_until=bindparam("until"),
        attempt=deliveries.c.attempt + 1,
        changed_at=bindparam("at"),
    )
    .returning(
        deliveries.c.subscriber_id,
        deliveries.c.locale,
        deliveries.c.attempt,
        deliveries.c.reply_to,
    )
)
_WITH_CLAIMS = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.STOPPED)
_IS_ROW = and_(
    deliveries.c.broadcast_id == bindparam("of_broadcast"),
    deliveries.c.subscriber_id == bindparam("of"),
)
_NEW: dict[str, object] = {
    "state": bindparam("new_state"),
    "message_id": bindparam("new_message_id"),
    "error": bindparam("new_error"),
    "changed_at": bindparam("at"),
    "lease_until": None,
}
# A message that was sent stays sent, whoever finds out what.
_WRITE_SENT = (
    update(deliveries).where(_IS_ROW, deliveries.c.state != DeliveryState.SENT).values(_NEW)
)
_WRITE_OTHER = (
    update(deliveries)
    .where(
        _IS_ROW,
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.token == bindparam("of_token"),
    )
    .values({**_NEW, "attempt": deliveries.c.attempt - bindparam("untried")})
)
_WRITE_INACTIVE = (
    update(subscribers)
    .where(subscribers.c.id == bindparam("of"), subscribers.c.inactive_since.is_(None))
    .values(inactive_since=bindparam("since"))
)
_WRITE_WITHDRAWN = (
    update(deliveries)
    .where(_IS_ROW)
    .values(withdrawal=bindparam("new_withdrawal"), lease_until=None)
)


def _row(finding: Finding) -> dict[str, object]:
    claim = finding.claim
    row: dict[str, object] = {
        "of_broadcast": claim.broadcast_id,
        "of": claim.subscriber_id,
        "new_state": finding.state.value,
        "new_message_id": finding.message_id,
        "new_error": finding.error[:_MAX_ERROR] if finding.error else None,
        "at": finding.at,
    }
    if finding.state is not DeliveryState.SENT:
        row |= {"of_token": claim.token, "untried": int(finding.is_untried)}
    return row


def is_to_withdraw(broadcast_id: BroadcastId, sent_after: datetime) -> ColumnElement[bool]:
    """Tell of messages that can be deleted and are not yet."""
    return and_(
        deliveries.c.broadcast_id == broadcast_id,
        deliveries.c.state == DeliveryState.SENT,
        deliveries.c.withdrawal.is_(None),
        deliveries.c.message_id.is_not(None),
        deliveries.c.changed_at > sent_after,
    )
