"""One Bot API call on its way: what came in and where it lands."""

from dataclasses import dataclass, field
from typing import Any

from aiogram.client.default import Default

from bot.emulator.chats import Chat
from bot.emulator.errors import bad_request, forbidden
from bot.emulator.shapes import JSON, Upload
from bot.emulator.world import World


@dataclass(slots=True)
class Call:
    """The world, the decoded parameters and the uploaded files of a call."""

    world: World
    bot: JSON
    params: JSON
    uploads: dict[str, Upload] = field(default_factory=dict)

    def find_chat(self, chat_id: int | str | None) -> Chat:
        """Return the chat of a call, or say that there is none."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        if isinstance(chat_id, str):
            if not chat_id.removeprefix("-").isdecimal():
                raise bad_request("chat not found")
            chat_id = int(chat_id)
        chat = self.world.chats.get(chat_id)
        if chat is not None:
            return chat
        if chat_id in self.world.people:
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")

    def open_chat(self, chat_id: int | str | None) -> Chat:
        """Return a chat in which the bot may write now."""
        chat = self.find_chat(chat_id)
        if chat.is_private:
            if self.world.people[chat.id].has_blocked:
                raise forbidden("bot was blocked by the user")
        elif chat.bot_status not in {"member", "administrator"}:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat


def given(value: Any) -> Any:
    """Return a parameter, or None where aiogram's model only has its placeholder."""
    return None if isinstance(value, Default) else value


def for_bot(message: JSON) -> JSON:
    """Return a message as the Bot API shows it: only inline keyboards are part of it."""
    markup = message.get("reply_markup")
    if markup is None or "inline_keyboard" in markup:
        return message
    return {key: value for key, value in message.items() if key != "reply_markup"}
