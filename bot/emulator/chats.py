"""People and chats: who is there, who may write, and what was said."""

from dataclasses import dataclass, field

from bot.emulator.shapes import JSON

_ADMINISTRATOR = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": False,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
    "can_post_messages": True,
    "can_edit_messages": True,
    "can_pin_messages": True,
    "can_manage_topics": True,
}


@dataclass(slots=True)
class Person:
    """Somebody with a phone and a Telegram account."""

    user: JSON
    phone: str | None = None
    is_operator: bool = False
    has_blocked: bool = False

    @property
    def id(self) -> int:
        """The number of the account, which is also that of the private chat."""
        return int(self.user["id"])

    def as_json(self) -> JSON:
        """Return the person for the chat page."""
        return self.user | {
            "phone": self.phone,
            "is_operator": self.is_operator,
            "has_blocked": self.has_blocked,
        }


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is that of the message which opened it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str | None = None
    is_closed: bool = False

    def as_json(self) -> JSON:
        """Return Telegram's ForumTopic."""
        topic: JSON = {
            "message_thread_id": self.id,
            "name": self.name,
            "icon_color": self.icon_color,
        }
        if self.icon_custom_emoji_id:
            topic["icon_custom_emoji_id"] = self.icon_custom_emoji_id
        return topic


@dataclass(slots=True)
class Chat:
    """A chat with its messages; a private one is open once the person has written."""

    id: int
    about: JSON
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, JSON] = field(default_factory=dict)
    last_message_id: int = 0
    pinned: list[int] = field(default_factory=list)
    reactions: dict[int, list[JSON]] = field(default_factory=dict)
    menu_button: JSON | None = None
    bot_lacks: frozenset[str] = frozenset()

    @property
    def type(self) -> str:
        """private, group, supergroup or channel."""
        return str(self.about["type"])

    @property
    def is_private(self) -> bool:
        """Whether this is the chat of one person with the bot."""
        return self.type == "private"

    @property
    def is_forum(self) -> bool:
        """Whether the chat has topics."""
        return bool(self.about.get("is_forum"))

    def as_json(self) -> JSON:
        """Return the chat for the chat page: Telegram's Chat, its members and topics."""
        topics = [
            topic.as_json() | {"is_closed": topic.is_closed} for topic in self.topics.values()
        ]
        return self.about | {"members": list(self.members), "topics": topics}

    def bot_member(self, bot: JSON) -> JSON:
        """Return Telegram's ChatMember of the bot, without the rights that it lacks."""
        member = member_json(bot, self.bot_status)
        return member | {right: False for right in self.bot_lacks if right in member}

    def bot_may(self, right: str) -> bool:
        """Tell whether the bot is an administrator with this right."""
        return self.bot_status == "administrator" and right not in self.bot_lacks

    def shown(self) -> list[JSON]:
        """List the messages a client would show now, oldest first."""
        return [self.messages[number] for number in sorted(self.messages)]


def member_json(user: JSON, status: str) -> JSON:
    """Return Telegram's ChatMember of one status."""
    member: JSON = {"user": user, "status": status}
    if status == "administrator":
        return member | _ADMINISTRATOR
    if status == "creator":
        return member | {"is_anonymous": False}
    return member | {"until_date": 0} if status == "kicked" else member
