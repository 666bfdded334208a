"""A server, a bot on one side of it and people on the other."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientResponse, ClientSession

from bot.emulator import Emulator

TOKEN = "42:TEST"
JSON = dict[str, Any]


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


async def until(is_true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that happens on the other side of HTTP."""
    async with asyncio.timeout(5):
        while not await is_true():  # noqa: ASYNC110 - nobody sets an event here
            await asyncio.sleep(0.01)


class People:
    """The people's side of a server."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url = url
        self.session = session

    async def get(self, path: str) -> Any:
        async with self.session.get(f"{self.url}/client/{path}") as response:
            return await self._read(response)

    async def post(self, path: str, **body: Any) -> Any:
        async with self.session.post(f"{self.url}/client/{path}", json=body) as response:
            return await self._read(response)

    async def patch(self, path: str, **body: Any) -> Any:
        async with self.session.patch(f"{self.url}/client/{path}", json=body) as response:
            return await self._read(response)

    async def refusal(self, path: str, **body: Any) -> tuple[int, str]:
        async with self.session.post(f"{self.url}/client/{path}", json=body) as response:
            return response.status, (await response.json())["error"]

    async def call(self, method: str, **params: Any) -> tuple[int, JSON]:
        """Call the Bot API with a JSON body, without aiogram."""
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", json=params) as response:
            return response.status, await response.json()

    async def add(self, first_name: str = "Aigul", **details: Any) -> int:
        person = await self.post(
            "people", **{"first_name": first_name, "language_code": "kk"} | details
        )
        return int(person["id"])

    async def write(self, person: int, text: str = "/start", chat: int | None = None) -> JSON:
        message: JSON = await self.post(
            f"chats/{chat or person}/messages", from_id=person, text=text
        )
        return message

    async def press(self, person: int, message_id: int, data: str = "x") -> str:
        answer = await self.post(
            "press", from_id=person, chat_id=person, message_id=message_id, data=data
        )
        return str(answer["callback_query_id"])

    async def events(self, kind: str, after: int = 0) -> list[JSON]:
        """Return the events of a kind that are there already."""
        return [event for event in await self.all_events(after) if event["kind"] == kind]

    async def all_events(self, after: int = 0) -> list[JSON]:
        last = (await self.get("state"))["last_event"]
        found: list[JSON] = []
        if last <= after:
            return found
        async with self.session.get(f"{self.url}/client/events?after={after}") as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    found.append(json.loads(line.removeprefix(b"data: ")))
                    if found[-1]["id"] == last:
                        break
        return found

    @staticmethod
    async def _read(response: ClientResponse) -> Any:
        body = await response.json()
        assert response.status == 200, body
        return body


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def emulator(clock: Clock) -> AsyncIterator[Emulator]:
    async with Emulator(clock=clock, webhook_retry_s=0.02) as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as client:
        yield client


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(emulator.url)
    bot = Bot(TOKEN, session=AiohttpSession(api=api, timeout=5))
    await bot.get_me()
    yield bot
    client = await bot.session.create_session()  # type: ignore[attr-defined]
    await client.close()  # Bot.close would sleep a quarter of a second for TLS


@pytest.fixture
async def people(emulator: Emulator, bot: Bot, session: ClientSession) -> People:
    return People(emulator.url, session)


@pytest.fixture
async def person(people: People) -> int:
    """Somebody who has started the bot; the update is confirmed."""
    person = await people.add()
    await people.write(person)
    await people.call("deleteWebhook", drop_pending_updates=True)
    return person
