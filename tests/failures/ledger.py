"""The ledger of broadcasts as the oracles read it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import BroadcastState, DeliveryState
from bot.domain.locales import Locale
from bot.storage.broadcasts import WORDINGS
from bot.storage.engine import reading
from bot.storage.tables import broadcasts, deliveries


@dataclass(frozen=True)
class Recipient:
    """One row of the ledger.

    Attributes:
        broadcast: its number.
        text: what this person is to get.
        has_ended: the broadcast is done: nobody is left to be written to.
        may_repeat: the operator would rather have it twice than never.
        message_id: of the message that was sent.
    """

    broadcast: int
    person: int
    text: str
    state: DeliveryState
    has_ended: bool = False
    may_repeat: bool = False
    message_id: int | None = None


async def read_ledger(engine: AsyncEngine) -> tuple[Recipient, ...]:
    """Give every recipient of every broadcast."""
    query = select(
        broadcasts.c.id,
        broadcasts.c.state.label("of_broadcast"),
        broadcasts.c.wordings,
        broadcasts.c.rather_twice,
        deliveries.c.subscriber_id,
        deliveries.c.locale,
        deliveries.c.state,
        deliveries.c.message_id,
    ).join(deliveries, deliveries.c.broadcast_id == broadcasts.c.id)
    async with reading(engine) as connection:
        rows = (await connection.execute(query)).all()
    found = []
    for row in rows:
        wording = WORDINGS.validate_json(row.wordings).of(Locale(row.locale))
        found.append(
            Recipient(
                broadcast=row.id,
                person=row.subscriber_id,
                text=wording.html if wording else "",
                state=DeliveryState(row.state),
                has_ended=row.of_broadcast == BroadcastState.DONE,
                may_repeat=row.rather_twice,
                message_id=row.message_id,
            )
        )
    return tuple(found)
