"""Conversations are opened once, whoever presses how often."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.inbox import ConversationState
from bot.storage.inbox import InboxRepository
from bot.storage.tables import conversations
from tests.databases import on_both

from .conftest import ANNA

pytestmark = on_both


async def test_presses_at_once_open_one_conversation(engine: AsyncEngine) -> None:
    inbox = InboxRepository(engine)
    earlier = await inbox.begin(ANNA.id)
    assert earlier is not None
    await inbox.close(earlier.id, ConversationState.ENDED)

    opened = await asyncio.gather(*(inbox.begin(ANNA.id) for _ in range(8)))

    assert len({each.id for each in opened if each is not None}) == 1
    query = select(func.count()).where(conversations.c.state == ConversationState.OPEN)
    async with engine.connect() as connection:
        assert (await connection.execute(query)).scalar_one() == 1
