"""A bot with a forum group of operators, and what happens in its topics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.config import Settings
from bot.domain.roles import Role
from bot.emulator import Emulator
from bot.services.audit import by_operator, event_of
from bot.storage.engine import open_engine
from bot.storage.operators import OperatorId, OperatorRepository
from bot.storage.schema import prepare
from bot.telegram import gate
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import Client, Events, Message, data_of, until
from tests.telegram.conftest import (
    TOKEN,
    Newcomer,
    bot_settings,
    bringer,
    home_with,
    running_bot,
)
from tests.telegram.texts import say


@dataclass
class Desk:
    """The group, an operator in it, and the way to new residents."""

    emulator: Emulator
    api: aiohttp.ClientSession
    events: Events
    newcomer: Newcomer
    settings: Settings
    operator: Client
    chief: Client
    group: int
    outsider: Client = field(repr=False)

    async def resident(self, language: str = "ru", **about: Any) -> Client:
        return await self.newcomer(language, **about)

    async def conversation(
        self, language: str = "ru", text: str = "Здравствуйте, вопрос"
    ) -> "Talk":
        """Bring a resident who has asked a person something."""
        resident = await self.newcomer(language)
        return await self.begin(resident, text)

    async def begin(self, resident: Client, text: str = "Здравствуйте, вопрос") -> "Talk":
        await open_conversation(resident)
        before = set(await self.topics())
        first = await resident.write(text)
        passed = await resident.next_message()
        topic = (set(await self.topics()) - before or {await self.topic_of(text)}).pop()
        return Talk(self, resident, topic, first, passed)

    async def topics(self) -> dict[int, dict[str, Any]]:
        async with self.api.get("/client/state") as response:
            chats = (await response.json())["chats"]
        (chat,) = [each for each in chats if each["id"] == self.group]
        return {topic["message_thread_id"]: topic for topic in chat["topics"]}

    async def messages(self) -> list[Message]:
        async with self.api.get(f"/client/chats/{self.group}/messages") as response:
            shown: list[Message] = await response.json()
            return shown

    async def topic_of(self, text: str) -> int:
        found = [m for m in await self.messages() if text in m.get("text", "")]
        return int(found[-1]["message_thread_id"])

    async def calls(self, method: str) -> list[dict[str, Any]]:
        async with self.api.get("/client/journal") as response:
            return [call for call in await response.json() if call["method"] == method]

    async def fail(self, method: str, chat_id: int, fault: dict[str, Any], times: int = 1) -> None:
        body = {"method": method, "chat_id": chat_id, "times": times, "fault": fault}
        await self.api.post("/client/faults", json=body)

    async def settled(self) -> None:
        """Wait until the bot has taken every update."""

        async def is_idle() -> bool:
            async with self.api.get("/client/updates") as response:
                return all(each["end"] for each in await response.json())

        await until(is_idle)


@dataclass
class Talk:
    """A resident, and the topic of the conversation."""

    desk: Desk
    resident: Client
    topic: int
    first: Message
    passed: Message

    async def say(self, text: str | None = None, by: Client | None = None, **extra: Any) -> Message:
        """Write into the topic as an operator."""
        body = {"chat_id": self.desk.group, "message_thread_id": self.topic, **extra}
        return await (by or self.desk.operator).write(text, **body)

    async def shown(self) -> list[Message]:
        """List what stands in the topic."""
        return [
            message
            for message in await self.desk.messages()
            if message.get("message_thread_id") == self.topic
        ]

    async def texts(self) -> list[str]:
        return [words_of(message) for message in await self.shown()]

    async def wait_text(self, text: str) -> Message:
        """Wait until the topic has a message with this text; give the last."""

        async def is_there() -> bool:
            return any(text in each for each in await self.texts())

        await until(is_there)
        return [message for message in await self.shown() if text in words_of(message)][-1]

    async def press(self, message: Message, label: str) -> None:
        """Press a button in the topic as the operator."""
        await self.desk.operator.press_data(message, data_of(message, label))

    async def say_unban(self) -> None:
        """Let the resident through again, whose topic is closed after a ban.

        People of the emulator cannot write into a closed topic, as members of a group cannot.
        """
        await self.desk.api.post(
            f"/bot{TOKEN}/reopenForumTopic",
            json={"chat_id": self.desk.group, "message_thread_id": self.topic},
        )
        await self.say("/unban")

    async def card(self) -> Message:
        return next(m for m in await self.shown() if "reply_markup" in m)

    async def is_closed(self) -> bool:
        return bool((await self.desk.topics())[self.topic]["is_closed"])


def words_of(message: Message) -> str:
    return str(message.get("text") or message.get("caption") or "")


async def open_conversation(resident: Client, language: str | None = None) -> Message:
    language = language or str(resident.person["language_code"])
    menu = await resident.send("/menu")
    await resident.press_data(menu, data_of(menu, say(language, "Ask a person")))
    asked = await resident.next_message()
    return await resident.press(asked, say(language, "I understand, begin"))


async def keep_roles(settings: Settings, operator_id: int, *roles: Role) -> None:
    engine = open_engine(settings.database)
    await prepare(engine)
    operators = OperatorRepository(engine, frozenset({OperatorId(1)}))
    for role in roles:
        event = event_of(by_operator(1), "role_granted", operator=operator_id, role=role.value)
        await operators.grant(OperatorId(operator_id), role, OperatorId(1), event)
    await engine.dispose()


async def make_group(
    api: aiohttp.ClientSession, members: list[int], **about: Any
) -> dict[str, Any]:
    # The server knows the bot from its first call on.
    await api.post(f"/bot{TOKEN}/getMe")
    body = {"type": "supergroup", "title": "Операторы", "is_forum": True, "members": members}
    async with api.post("/client/chats", json={**body, **about}) as response:
        chat: dict[str, Any] = await response.json()
        assert response.ok, chat
        return chat


@asynccontextmanager
async def open_desk(folder: Path, **about: Any) -> AsyncIterator[Desk]:
    """Run a bot of its own with an operators' group; a chat's pace does not hold the test up."""
    with pytest.MonkeyPatch.context() as pace:
        pace.setattr(gate, "_GROUP_INTERVAL_S", 0.001)
        pace.setattr(gate, "_CHAT_INTERVAL_S", 0.001)
        async with (
            Emulator() as emulator,
            aiohttp.ClientSession(emulator.url) as api,
            Events(api) as events,
        ):
            newcomer = bringer(api, events)
            operator = await newcomer("ru", consent=False, first_name="Оператор")
            outsider = await newcomer("ru", consent=False, first_name="Гость")
            chief = await newcomer("ru", consent=False, first_name="Главный")
            await chief.write("/start")
            group = await make_group(api, [operator.id, outsider.id], **about)
            home = home_with(SAMPLE_REGISTER, folder / "home")
            chat, chiefs = group["id"], (chief.id,)
            settings = bot_settings(home, emulator.url, inbox_chat=chat, operators=chiefs)
            await keep_roles(settings, operator.id, Role.SUPPORT)
            desk = Desk(emulator, api, events, newcomer, settings, operator, chief, chat, outsider)
            async with running_bot(settings):
                yield desk
