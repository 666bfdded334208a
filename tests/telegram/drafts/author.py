"""Authors in the tests: they write broadcasts on the card of the bot."""

import base64
from dataclasses import dataclass
from typing import Any

from bot.domain.locales import Locale
from tests.telegram.client import Client, Message, labels, until
from tests.telegram.office import Office
from tests.telegram.texts import say

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# With more recipients somebody else has to approve.
MOST_ALONE = 2
OUT_OF_DATE = "This card is out of date. Your drafts: /broadcast"


@dataclass
class Author:
    """An operator with a card; *card* is how it looks now."""

    office: Office
    client: Client
    card: Message
    language: str = "ru"

    @property
    def number(self) -> int:
        """The number of the broadcast, as the buttons of the card carry it."""
        return int(
            self.card["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[1]
        )

    def say(self, msgid: str, number: int | None = None, **values: Any) -> str:
        return say(self.language, msgid, number, **values)

    async def press(self, msgid: str, **values: Any) -> Message:
        """Press the button with this label; give the card as it is then."""
        return await self.press_label(self.say(msgid, **values))

    async def press_label(self, label: str) -> Message:
        self.card = await self.client.press(self.card, label)
        return self.card

    async def press_data(self, data: str) -> Message:
        await self.client.press_data(self.card, data)
        return await self.edited()

    async def edited(self) -> Message:
        event = await self.client.next_event("edited")
        self.card = event["message"]
        return self.card

    async def write(self, locale: Locale, text: str | None = None, **extra: Any) -> Message:
        """Choose a language and write its text; give the message that was written."""
        await self.press_label(locale.own_name)
        sent = await self.client.write(text, **extra)
        await self.edited()
        return sent

    async def back(self) -> Message:
        return await self.press("Back to the draft")

    async def choose_only_me(self) -> None:
        await self.back_if_needed()
        await self.press("For whom")
        await self.press("Only me: a test")
        await self.back()

    async def back_if_needed(self) -> None:
        if self.say("Back to the draft") in labels(self.card):
            await self.back()

    async def check(self) -> Message:
        """Open the last page."""
        await self.back_if_needed()
        return await self.press("Check and send")

    async def send(self) -> Message:
        """Press what sends or hands over on the last page."""
        [data] = [
            button["callback_data"]
            for row in self.card["reply_markup"]["inline_keyboard"]
            for button in row
            if button["callback_data"].startswith(("bd_send:", "bd_hand:"))
        ]
        return await self.press_data(data)

    def state(self) -> str:
        return str(self.row("state"))

    def row(self, column: str) -> Any:
        query = f"SELECT {column} FROM broadcasts WHERE id = ?"  # noqa: S608 - a constant
        [found] = self.office.fetch(query, self.number)
        return found[0]

    async def reach(self, state: str) -> None:
        async def is_there() -> bool:
            return self.state() == state

        await until(is_there)


async def bring(office: Office, *roles: str, language: str = "ru") -> Client:
    """Bring somebody with these roles; how they get them is for test_roles.py."""
    person = await office.newcomer(language)
    for role in roles:
        await give_role(office, person, role)
    return person


async def give_role(office: Office, person: Client, role: str) -> None:
    await office.execute(
        "INSERT INTO operators VALUES (?, ?, '2026-11-21 00:00:00')", person.id, role
    )


async def take_role(office: Office, person: Client, role: str) -> None:
    await office.execute("DELETE FROM operators WHERE id = ? AND role = ?", person.id, role)


async def begin(office: Office, *roles: str, language: str = "ru") -> Author:
    """Bring an author, and a sender unless other roles are named, with a new card."""
    client = await bring(office, *(roles or ("author", "sender")), language=language)
    return Author(office, client, await open_card(client), language)


async def open_card(client: Client) -> Message:
    """Send the command; where it lists something, begin a new draft."""
    answer = await client.send("/broadcast")
    if "bd_new" not in str(answer):
        return answer
    await client.press_data(answer, "bd_new")
    return await client.next_message()


def photo() -> str:
    return base64.b64encode(PIXEL).decode()


async def heard(person: Client, text: str) -> Message:
    """Wait for a message of the bot with this text."""
    while True:
        message = await person.next_message()
        if text in (message.get("text") or message.get("caption") or ""):
            return message
