"""A bot with administrators, and what it wrote into its audit log."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.config import Settings
from bot.emulator import Emulator
from bot.registry.keys import registry_key
from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import Client, Message, until
from tests.telegram.conftest import (
    Newcomer,
    bot_settings,
    home_with,
    own_emulator,
    running_bot,
)
from tests.telegram.texts import say

UNKNOWN = "I understand an IIN (12 digits) and questions in words. For anything else call 1414."
STALE = "This button is out of date. Send the IIN again."


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the audit log."""

    actor: str
    action: str
    details: dict[str, Any]


@dataclass
class Office:
    """The administrators named in the settings, each for one test, and the way to new people."""

    emulator: Emulator
    newcomer: Newcomer
    home: Path
    chiefs: Iterator[Client]

    def chief(self) -> Client:
        """Give an administrator to whom nobody has written yet: a chat takes a message a second."""
        return next(self.chiefs)

    def audit(self) -> list[Row]:
        with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as connection:
            found = connection.execute("SELECT actor, action, details FROM audit ORDER BY id")
            return [Row(actor, action, json.loads(details)) for actor, action, details in found]

    def mark_of(self, person: Client) -> str:
        """Give how the log names somebody who is no operator."""
        key = registry_key(Settings(home_dir=self.home, _env_file=None))
        return f"~{key.of_subscriber(person.id).hex()}"

    async def audited(self, actor: str, action: str, **details: Any) -> None:
        """Wait until the log has the row: refusals come a moment later."""
        row = Row(actor, action, details)

        async def is_written() -> bool:
            return row in self.audit()

        await until(is_written)

    async def execute(self, statement: str, *values: Any) -> None:
        """Change the database behind the bot's back, while the bot goes on."""

        def change() -> None:
            with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as connection, connection:
                connection.execute(statement, values)

        await asyncio.to_thread(change)

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """Read from the database behind the bot's back."""
        with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as connection:
            return connection.execute(query, values).fetchall()

    async def menu_of(self, person: Client) -> list[str]:
        """List the commands that only this chat shows."""
        async with (
            aiohttp.ClientSession(self.emulator.url) as api,
            api.get("/client/state") as response,
        ):
            state = await response.json()
        return [
            command["command"]
            for menu in state["commands"]
            if menu["scope"] == {"type": "chat", "chat_id": person.id}
            for command in menu["commands"]
        ]

    async def operator(self, *roles: str, language: str = "ru") -> Client:
        """Bring somebody whom an administrator has given these roles."""
        chief, person = self.chief(), await self.newcomer(language)
        card = await chief.send(f"/operators {person.id}")
        for role in roles:
            card = await give(chief, card, person, role)
            await person.next_message()
        return person


async def give(chief: Client, card: Message, person: Client, role: str) -> Message:
    """Press the button that gives a role; give the card as it is then."""
    data = f"op_role:{person.id}:{role}:1"
    assert data in str(card["reply_markup"])
    await chief.press_data(card, data)
    event = await chief.next_event("edited")
    edited: Message = event["message"]
    return edited


async def take(chief: Client, card: Message, person: Client, role: str) -> Message:
    """Press the button that takes a role; give the card as it is then."""
    await chief.press_data(card, f"op_role:{person.id}:{role}:0")
    event = await chief.next_event("edited")
    edited: Message = event["message"]
    return edited


@asynccontextmanager
async def open_office(folder: Path, chiefs: int, **changes: Any) -> AsyncIterator[Office]:
    """Run a bot of its own with so many administrators by the settings, changed otherwise too."""
    home = home_with(SAMPLE_REGISTER, folder / "home")
    async with own_emulator() as (emulator, newcomer):
        people = [await newcomer("ru", consent=False) for _ in range(chiefs)]
        ids = tuple(person.id for person in people)
        async with running_bot(bot_settings(home, emulator.url, operators=ids, **changes)):
            yield Office(emulator, newcomer, home, iter(people))


def role_button(language: str, msgid: str, role: str) -> str:
    return say(language, msgid, role=say(language, role))
