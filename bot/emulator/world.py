"""Everything the server remembers, and the few ways in which it changes."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.emulator.chats import Chat, Person, member_json
from bot.emulator.errors import ClientError
from bot.emulator.events import EventLog
from bot.emulator.files import FileStore
from bot.emulator.shapes import JSON
from bot.emulator.updates import UpdateQueue

FIRST_PERSON_ID = 700_000_001


@dataclass(frozen=True)
class Settings:
    """How this server differs from the usual: all by arguments of the Emulator."""

    clock: Callable[[], float]
    samples: Sequence[JSON] = ()
    notice: str = ""
    callback_deadline_s: float = 15.0
    webhook_retry_s: float = 2.0
    can_read_all_group_messages: bool = False


@dataclass(slots=True)
class Query:
    """A press or an inline query that waits for its answer."""

    kind: str
    from_id: int
    asked_at: float
    is_answered: bool = False


@dataclass(slots=True)
class Profile:
    """What the bot says about itself, per language, and its commands per scope."""

    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], JSON] = field(default_factory=dict)
    menu_button: JSON = field(default_factory=lambda: {"type": "commands"})


class World:
    """The state of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.bot: JSON | None = None
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = FileStore()
        self.events = EventLog()
        self.updates = UpdateQueue(settings.clock)
        self.queries: dict[str, Query] = {}
        self.profile = Profile()
        self._person_ids = itertools.count(FIRST_PERSON_ID)
        self._group_ids = itertools.count(1)
        self._query_ids = itertools.count(int(settings.clock()) * 1_000_000)
        self._album_ids = itertools.count(int(settings.clock()) * 1_000_000)

    def now(self) -> int:
        """Return the time of messages: whole seconds since 1970."""
        return int(self.settings.clock())

    def know_bot(self, token: str) -> JSON:
        """Return the bot; the first token that calls gives it its number."""
        if self.bot is None:
            self.bot = {
                "id": int(token.partition(":")[0]),
                "is_bot": True,
                "first_name": "Saqbol",
                "username": "saqbol_demo_bot",
            }
        return self.bot

    def require_bot(self) -> JSON:
        """Return the bot, or ask to start it first."""
        if self.bot is None:
            raise ClientError("No bot has called this server yet. Start the bot, then try again.")
        return self.bot

    def add_person(self, user: JSON, *, phone: str | None, is_operator: bool) -> Person:
        """Let somebody in."""
        person = Person({"id": next(self._person_ids), "is_bot": False} | user, phone, is_operator)
        self.people[person.id] = person
        self.events.publish("person", person=person.as_json())
        return person

    def add_chat(
        self,
        about: JSON,
        members: Sequence[int],
        *,
        bot_is_administrator: bool | None = None,
        bot_lacks: Sequence[str] = (),
    ) -> Chat:
        """Open a group or channel of *members*, the first of whom brings the bot in."""
        bot = self.require_bot()
        number = next(self._group_ids)
        chat_id = -5_000_000 - number if about["type"] == "group" else -1_002_000_000_000 - number
        is_managed = bot_is_administrator
        if is_managed is None:
            is_managed = about["type"] == "channel" or bool(about.get("is_forum"))
        statuses = dict.fromkeys(members, "member")
        if members:
            statuses[members[0]] = "creator"
        chat = Chat(
            chat_id,
            {"id": chat_id} | about,
            members=statuses,
            bot_status="administrator" if is_managed else "member",
            bot_lacks=frozenset(bot_lacks),
        )
        self.chats[chat_id] = chat
        self.events.publish("chat", chat_id, chat=chat.as_json())
        brought_by = self.people[members[0]].user if members else bot
        self.tell_bot_status(chat, brought_by, "left", chat.bot_status)
        return chat

    def private_chat(self, person: Person) -> Chat:
        """Return the chat of a person with the bot, open from now on."""
        chat = self.chats.get(person.id)
        if chat is None:
            about = {
                key: person.user[key]
                for key in ("id", "first_name", "last_name", "username")
                if key in person.user
            }
            chat = Chat(person.id, about | {"type": "private"}, members={person.id: "member"})
            self.chats[person.id] = chat
        return chat

    def set_blocked(self, person: Person, *, blocked: bool) -> None:
        """Let a person block or unblock the bot."""
        if person.has_blocked == blocked:
            return
        self.require_bot()
        person.has_blocked = blocked
        self.events.publish("person", person=person.as_json())
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self.tell_bot_status(self.private_chat(person), person.user, before, after)

    def tell_bot_status(self, chat: Chat, by: JSON, before: str, after: str) -> None:
        """Tell the bot that its membership changed."""
        bot = self.require_bot()
        self.updates.put(
            "my_chat_member",
            {
                "chat": chat.about,
                "from": by,
                "date": self.now(),
                "old_chat_member": member_json(bot, before),
                "new_chat_member": member_json(bot, after),
            },
        )

    def add_message(self, chat: Chat, content: JSON) -> JSON:
        """Put a message into a chat and show it to the people."""
        chat.last_message_id += 1
        message: JSON = {
            "message_id": chat.last_message_id,
            "chat": chat.about,
            "date": self.now(),
        } | content
        chat.messages[chat.last_message_id] = message
        self.events.publish("message", chat.id, message=message)
        return message

    def change_message(self, chat: Chat, message: JSON) -> JSON:
        """Put a new version of a message in the place of the old one."""
        chat.messages[message["message_id"]] = message
        self.events.publish("edited", chat.id, message=message)
        return message

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Take a message away for everybody."""
        del chat.messages[message_id]
        self.events.publish("deleted", chat.id, message_id=message_id)

    def ask(self, kind: str, from_id: int, query_id: str | None = None) -> str:
        """Open a query of a person and return its id."""
        query_id = query_id or str(next(self._query_ids))
        self._forget_old_queries()
        self.queries[query_id] = Query(kind, from_id, self.settings.clock())
        return query_id

    def _forget_old_queries(self) -> None:
        oldest = self.settings.clock() - self.settings.callback_deadline_s
        for query_id, query in list(itertools.islice(self.queries.items(), 2)):
            if query.asked_at < oldest:
                del self.queries[query_id]

    def next_album_id(self) -> str:
        """Return an id for a new media group."""
        return str(next(self._album_ids))
