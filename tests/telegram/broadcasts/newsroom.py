"""A bot with an author, a sender and some hundred people to whom broadcasts go."""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices, DeliveryState
from bot.domain.locales import Locale
from bot.domain.wording import Wordings
from bot.emulator import Emulator
from bot.services.broadcasts import Broadcasts
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.tables import operators, subscribers
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import Client, Message, labels, until
from tests.telegram.conftest import (
    TOKEN,
    Newcomer,
    bot_settings,
    home_with,
    own_emulator,
)
from tests.telegram.texts import say
from tests.worker.field import NEWS

_nonces = itertools.count()


def at_once() -> Choices:
    """Send as fast as it is paid for, where a test does not look at the way."""
    return Choices(datetime.now(UTC), is_paid=True)


def slowly() -> Choices:
    """Send 25 a second."""
    return Choices(datetime.now(UTC))


CARD = "bc:{}"


def heading(state: str, language: str = "ru", sent: int = 0, of: int = 0) -> str:
    """Give the first line of a card, by the English word for its state."""
    return say(language, state + ": {sent} of {all} got it", sent=sent, all=of)


def begins(state: str) -> str:
    """Give the part of the first line that stands before the numbers."""
    return heading(state).split(":")[0]


@dataclass
class Newsroom:
    """Attributes: *ids* are the people, one third of each language; *chiefs* may do everything."""

    emulator: Emulator
    newcomer: Newcomer
    home: Path
    engine: AsyncEngine
    ids: list[int] = field(default_factory=list)
    chiefs: list[Client] = field(default_factory=list)

    @property
    def broadcasts(self) -> Broadcasts:
        return Broadcasts(BroadcastRepository(self.engine))

    async def operator(self, *roles: str, language: str = "ru", consent: bool = True) -> Client:
        """Bring somebody with these roles; who has none is nobody in particular."""
        person = await self.newcomer(language, consent=consent)
        rows = [{"id": person.id, "role": role, "granted_at": datetime.now(UTC)} for role in roles]
        if rows:
            async with self.engine.begin() as connection:
                await connection.execute(insert(operators), rows)
        return person

    async def retire(self, person: Client) -> None:
        """Take all roles, so that later broadcasts are not told to them."""
        async with self.engine.begin() as connection:
            await connection.execute(operators.delete().where(operators.c.id == person.id))

    async def confirm(
        self,
        author: Client,
        people: int | None = None,
        wordings: Wordings = NEWS,
        choices: Choices | None = None,
        *,
        needs_approval: bool = False,
    ) -> BroadcastId:
        """Do what the author's last step does: fix the recipients and let it go."""
        audience = Audience(only=frozenset(self.ids[:people]))
        broadcast_id = await self.broadcasts.draft(
            f"newsroom-{next(_nonces)}", author.id, wordings, audience, choices or at_once()
        )
        assert await self.broadcasts.confirm(broadcast_id, needs_approval=needs_approval)
        return broadcast_id

    async def wait_for(
        self, broadcast_id: BroadcastId, state: BroadcastState, seconds: float = 25
    ) -> None:
        async def reached() -> bool:
            found = await self.broadcasts.get(broadcast_id)
            return found is not None and found.state is state

        await until(reached, seconds)

    async def counts(self, broadcast_id: BroadcastId) -> dict[DeliveryState, int]:
        progress = await self.broadcasts.progress(broadcast_id)
        assert progress is not None
        return {state: number for state, number in progress.by_state.items() if number}

    async def has_begun(self, broadcast_id: BroadcastId) -> bool:
        return DeliveryState.SENT in await self.counts(broadcast_id)

    async def open_card(self, operator: Client, broadcast_id: BroadcastId) -> Message:
        """Open the card from the list, as an operator does."""
        listed = await operator.send("/broadcasts")
        await operator.press_data(listed, CARD.format(broadcast_id))
        return await self.edited(operator, listed)

    async def press(self, operator: Client, message: Message, label: str) -> Message:
        """Press a button by its English text; give the message as it is then."""
        language = operator.person["language_code"]
        return await operator.press(message, say(language, label))

    async def edited(
        self,
        operator: Client,
        message: Message,
        shows: Callable[[Message], bool] = lambda _: True,
        seconds: float = 25,
    ) -> Message:
        """Wait for the message to show something, whoever edits it."""
        async with asyncio.timeout(seconds):
            while True:
                changed: Message = (await operator.next_event("edited"))["message"]
                if changed["message_id"] == message["message_id"] and shows(changed):
                    return changed

    async def journal(self, method: str) -> list[dict[str, Any]]:
        async with (
            aiohttp.ClientSession(self.emulator.url) as api,
            api.get("/client/journal") as response,
        ):
            return [call for call in await response.json() if call["method"] == method]

    async def sent(self, since: float = 0.0) -> list[float]:
        """List when the bot sent something to the people, in seconds since 1970."""
        people = {*self.ids}
        calls = await self.journal("sendMessage")
        return [
            call["at"]
            for call in calls
            if call["params"].get("chat_id") in people and call["at"] > since
        ]

    async def fail(self, method: str, fault: dict[str, Any], people: list[int]) -> None:
        """Spoil the next call to each of these people."""
        async with aiohttp.ClientSession(self.emulator.url) as api:
            for person in people:
                body = {"method": method, "chat_id": person, "times": 1, "fault": fault}
                async with api.post("/client/faults", json=body) as response:
                    assert response.ok

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as connection, connection:
            return connection.execute(query, values).fetchall()

    def decisions(self, action: str, broadcast_id: BroadcastId) -> list[str]:
        """Give who decided so, by the audit log."""
        query = "SELECT actor FROM audit WHERE action = ? AND details = ?"
        details = f'{{"broadcast":{broadcast_id}}}'
        return [actor for (actor,) in self.rows(query, action, details)]

    def has(self, message: Message, label: str, language: str = "ru") -> bool:
        return say(language, label) in labels(message)


@asynccontextmanager
async def prepared(
    folder: Path, people: int, chiefs: Sequence[str] = ()
) -> AsyncIterator[Newsroom]:
    """Bring so many people before any bot runs, and first of all chiefs of these languages."""
    home = home_with(SAMPLE_REGISTER, folder / "home")
    engine = open_engine(f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}")
    await upgrade(engine)
    async with own_emulator() as (emulator, newcomer):
        room = Newsroom(emulator, newcomer, home, engine)
        for language in chiefs:
            chief = await room.operator("author", "sender", language=language, consent=False)
            room.chiefs.append(chief)
        locales = itertools.cycle(Locale)
        async with aiohttp.ClientSession(emulator.url) as api:
            for _ in range(people):
                room.ids.append(await _person(api))
            # What they wrote needs no answer here.
            dropped = {"drop_pending_updates": True}
            async with api.post(f"/bot{TOKEN}/deleteWebhook", json=dropped) as response:
                assert response.ok
        rows = [
            {
                "id": person,
                "locale": next(locales).value,
                "consent_version": CONSENT_VERSION,
                "changed_at": datetime.now(UTC),
            }
            for person in room.ids
        ]
        rows += [
            {
                "id": chief.id,
                "locale": chief.person["language_code"],
                "consent_version": CONSENT_VERSION,
                "changed_at": datetime.now(UTC),
            }
            for chief in room.chiefs
        ]
        async with engine.begin() as connection:
            await connection.execute(insert(subscribers), rows)
        yield room
    await engine.dispose()


async def _person(api: aiohttp.ClientSession) -> int:
    body = {"first_name": "Тест", "language_code": "ru"}
    async with api.post("/client/people", json=body) as response:
        chat = int((await response.json())["id"])
    # A bot cannot write to somebody who has not.
    message = {"from_id": chat, "text": "/start"}
    async with api.post(f"/client/chats/{chat}/messages", json=message) as response:
        assert response.ok
    return chat


def settings_of(room: Newsroom) -> Any:
    return bot_settings(room.home, room.emulator.url)
