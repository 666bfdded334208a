"""A database, an emulator with people, and workers between them."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientTimeout
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices, DeliveryState
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.services.broadcasts import Broadcasts
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.engine import open_engine, reading
from bot.storage.schema import upgrade
from bot.storage.tables import deliveries, subscribers
from bot.storage.turns import TurnRepository
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.departures import Departures
from bot.telegram.gate import Gate
from bot.telegram.session import JsonSession
from bot.telegram.shared_turns import SharedTurns
from bot.worker.loop import LEASE_S, Worker
from tests.telegram.client import until
from tests.telegram.conftest import TOKEN

NEWS = Wordings(
    {
        Locale.KK: Wording("<b>Жаңалық</b>"),
        Locale.RU: Wording("<b>Новость</b>"),
        Locale.KY: Wording("<b>Жаңылык</b>"),
    }
)
AUTHOR = 42
_PATIENCE = ClientTimeout(total=1, sock_connect=0.3)
_DAY = datetime(2026, 11, 21, tzinfo=UTC)
_nonces = itertools.count()


def now() -> Choices:
    return Choices(datetime.now(UTC))


@dataclass
class Field:
    """Attributes: *ids* are the people, one third of each language."""

    url: str
    api: aiohttp.ClientSession
    database: str
    engine: AsyncEngine
    broadcasts: Broadcasts
    ids: Sequence[int]

    @property
    def is_on_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    async def begin(
        self,
        wordings: Wordings = NEWS,
        audience: Audience | None = None,
        choices: Choices | None = None,
    ) -> BroadcastId:
        """Write a broadcast and send it off."""
        broadcast_id = await self.broadcasts.draft(
            f"nonce-{next(_nonces)}", AUTHOR, wordings, audience or Audience(), choices or now()
        )
        assert await self.broadcasts.confirm(broadcast_id, needs_approval=False)
        return broadcast_id

    async def state(self, broadcast_id: BroadcastId) -> BroadcastState:
        broadcast = await self.broadcasts.get(broadcast_id)
        assert broadcast is not None
        return broadcast.state

    async def wait_for(
        self, broadcast_id: BroadcastId, state: BroadcastState, seconds: float = 20
    ) -> None:
        async def reached() -> bool:
            return await self.state(broadcast_id) is state

        await until(reached, seconds)

    async def counts(self, broadcast_id: BroadcastId) -> Counter[DeliveryState]:
        """Count the rows by state; states without a row are left out."""
        progress = await self.broadcasts.progress(broadcast_id)
        assert progress is not None
        return Counter({state: n for state, n in progress.by_state.items() if n})

    async def ledger(self, broadcast_id: BroadcastId) -> dict[int, DeliveryState]:
        columns = (deliveries.c.subscriber_id, deliveries.c.state)
        query = select(*columns).where(deliveries.c.broadcast_id == broadcast_id)
        async with reading(self.engine) as connection:
            rows = (await connection.execute(query)).all()
        return {person: DeliveryState(state) for person, state in rows}

    async def calls(self, method: str = "sendMessage") -> list[dict[str, Any]]:
        async with self.api.get("/client/journal") as response:
            return [call for call in await response.json() if call["method"] == method]

    async def arrived(self) -> Counter[int]:
        """Count the messages that were carried out, by person."""
        async with self.api.get("/client/state") as response:
            assert response.ok
        shown = await asyncio.gather(*(self.messages(person) for person in self.ids))
        return Counter(
            {
                person: sum(message["from"]["is_bot"] for message in messages)
                for person, messages in zip(self.ids, shown, strict=True)
            }
        )

    async def messages(self, person: int) -> list[dict[str, Any]]:
        async with self.api.get(f"/client/chats/{person}/messages") as response:
            shown: list[dict[str, Any]] = await response.json()
            return shown

    async def fail(
        self, fault: dict[str, Any], person: int | None = None, times: int = 1, **extra: Any
    ) -> None:
        body = {"method": "sendMessage", "times": times, "fault": fault, **extra}
        await self.post("/client/faults", **body, **({"chat_id": person} if person else {}))

    async def heal(self) -> None:
        async with self.api.delete("/client/faults") as response:
            assert response.ok

    async def post(self, path: str, **body: Any) -> Any:
        async with self.api.post(path, json=body) as response:
            assert response.ok, await response.text()
            return await response.json()

    @asynccontextmanager
    async def worker(
        self,
        *,
        url: str | None = None,
        bulk_per_s: float = 200.0,
        look_every_s: float = 0.05,
    ) -> AsyncIterator[None]:
        """Run a worker of this process, with connections of its own, for the block."""
        session = JsonSession(_PATIENCE)
        session.api = TelegramAPIServer.from_base(url or self.url)
        engine = open_engine(self.database)
        turns = None if self.is_on_sqlite else SharedTurns(TurnRepository(engine))
        session.middleware(Gate(bulk_per_s, turns=turns))
        session.middleware(Departures())
        stop = asyncio.Event()
        async with Bot(TOKEN, session=session) as bot:
            worker = Worker(
                Broadcasts(BroadcastRepository(engine)),
                DeliveryRepository(engine, LEASE_S),
                BroadcastMessenger(bot),
                look_every_s=look_every_s,
            )
            working = asyncio.create_task(worker.run(stop))
            try:
                yield
            finally:
                stop.set()
                await working
                await engine.dispose()


@asynccontextmanager
async def field_with(url: str, database: str, number: int) -> AsyncIterator[Field]:
    """Bring so many people to the emulator and into an empty database."""
    async with AsyncExitStack() as stack:
        api = await stack.enter_async_context(aiohttp.ClientSession(url))
        engine = open_engine(database)
        stack.push_async_callback(engine.dispose)
        await upgrade(engine)
        field = Field(url, api, database, engine, Broadcasts(BroadcastRepository(engine)), [])
        # The bot must have called before anybody can block it.
        await field.post(f"/bot{TOKEN}/getMe")
        locales = list(itertools.islice(itertools.cycle(Locale), number))
        field.ids = [await _person(field) for _ in range(number)]
        rows = [
            {
                "id": person,
                "locale": locale.value,
                "consent_version": CONSENT_VERSION,
                "changed_at": _DAY,
            }
            for person, locale in zip(field.ids, locales, strict=True)
        ]
        async with engine.begin() as connection:
            await connection.execute(insert(subscribers), rows)
        yield field


async def _person(field: Field) -> int:
    person = await field.post("/client/people", first_name="Тест", language_code="ru")
    chat = int(person["id"])
    await field.post(f"/client/chats/{chat}/messages", from_id=chat, text="/start")
    return chat
