"""Small async filters: aiogram sends every sync one, magic filters too, through a thread."""

from aiogram.enums import ChatType, ContentType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.content.search import Search
from bot.log import get_logger
from bot.services.inbox import Inbox
from bot.services.operators import Operator, Operators
from bot.services.subscribers import has_consented
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.inbox import Conversation, Correspondent, InboxRepository
from bot.storage.subscribers import Subscriber
from bot.telegram.commands import CHOOSE_OPERATOR
from bot.telegram.desk import Desk
from bot.telegram.masking import is_only_number
from bot.telegram.reading import Attempt, read_attempt

log = get_logger(__name__)

# Somebody else made the link that opened the bot with this.
_LINK = "/start"
_NOTE = "//"
_SAID = frozenset(
    {
        ContentType.TEXT,
        ContentType.PHOTO,
        ContentType.DOCUMENT,
        ContentType.VOICE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.STICKER,
        ContentType.CONTACT,
        ContentType.LOCATION,
        ContentType.VENUE,
        ContentType.POLL,
        ContentType.DICE,
        ContentType.STORY,
    }
)


class PrivateChat(Filter):
    """A chat of one person with the bot."""

    async def __call__(self, event: Message | ChatMemberUpdated) -> bool:
        return event.chat.type == ChatType.PRIVATE


class TypedNumber(Filter):
    """A text typed here that means an IIN; hands over ``attempt``."""

    async def __call__(self, message: Message) -> bool | dict[str, Attempt]:
        text = message.text
        if text is None or is_second_hand(message) or text.startswith(_LINK):
            return False
        attempt = read_attempt(text)
        return {"attempt": attempt} if attempt is not None else False


class NumberElsewhere(Filter):
    """A number in a forward, a caption, a link or through another bot; hands over ``attempt``."""

    async def __call__(self, message: Message) -> bool | dict[str, Attempt]:
        text = message.text or message.caption
        attempt = read_attempt(text) if text is not None else None
        return {"attempt": attempt} if attempt is not None else False


class OwnWords(Filter):
    """A text, by whomever it was written first."""

    async def __call__(self, message: Message) -> bool:
        return message.text is not None


class UnknownCommand(Filter):
    """A command that nobody has taken."""

    async def __call__(self, message: Message) -> bool:
        return (message.text or "").startswith("/")


class ThroughBot(Filter):
    """A message that was made through an inline bot."""

    async def __call__(self, message: Message) -> bool:
        return message.via_bot is not None


class SharedContact(Filter):
    """A contact card."""

    async def __call__(self, message: Message) -> bool:
        return message.contact is not None


class ViewButton(Filter):
    """A button that opens a view; the prefix of its callback data says which."""

    def __init__(self, prefixes: frozenset[str]) -> None:
        self._prefixes = prefixes

    async def __call__(self, query: CallbackQuery) -> bool:
        return (query.data or "").partition(":")[0] in self._prefixes


def is_second_hand(message: Message) -> bool:
    """Tell whether somebody else wrote the text."""
    return message.forward_origin is not None or message.via_bot is not None


class FromOperator(Filter):
    """A command, a chosen person or a button of an operator; hands over ``operator``.

    The roles are read from the database at every step. For anybody else, and for what did not come
    from the operator's own hand in the private chat, the operators' handlers are not there.
    """

    async def __call__(
        self, event: Message | CallbackQuery, operators: Operators
    ) -> bool | dict[str, Operator]:
        person = event.from_user
        if person is None or not (_is_step(event) and _is_own(event, person.id)):
            return False
        try:
            operator = await operators.find(person.id)
        except DATABASE_FAILURES as error:
            log.error("roles_not_read", error=type(error).__name__)
            return False
        return {"operator": operator} if operator is not None else False


def _is_step(event: Message | CallbackQuery) -> bool:
    if isinstance(event, CallbackQuery):
        return True
    return event.users_shared is not None or (event.text or "").startswith("/")


def _is_own(event: Message | CallbackQuery, person_id: int) -> bool:
    if isinstance(event, CallbackQuery):
        return event.message is not None and event.message.chat.id == person_id
    return is_in_own_chat(event, person_id) and not is_second_hand(event) and not event.edit_date


def is_in_own_chat(message: Message, person_id: int) -> bool:
    """Tell whether a person sent it in the private chat, and nothing else did in their name."""
    in_name_of_others = (
        message.sender_chat,
        message.sender_business_bot,
        message.business_connection_id,
        message.guest_query_id,
    )
    is_private = message.chat.type == ChatType.PRIVATE and message.chat.id == person_id
    return is_private and not any(in_name_of_others)


class ChosenPerson(Filter):
    """Somebody chosen by Telegram's own list; hands over ``chosen``."""

    async def __call__(self, message: Message) -> bool | dict[str, int]:
        shared = message.users_shared
        if shared is None or shared.request_id != CHOOSE_OPERATOR or len(shared.users) != 1:
            return False
        return {"chosen": shared.users[0].user_id}


class ForOperators(Filter):
    """What a resident says in a conversation; hands over ``conversation``.

    A number alone, a command, a contact and a card of a bot are for the bot at any time; thanks
    and greetings do not open again what is closed.
    """

    async def __call__(
        self,
        message: Message,
        desk: Desk,
        inbox: Inbox,
        subscriber: Subscriber,
        search: Search,
    ) -> bool | dict[str, Conversation]:
        text = message.text or ""
        is_for_bot = (
            text.startswith("/")
            or message.via_bot is not None
            or message.content_type not in _SAID - {ContentType.CONTACT}
            or is_only_number(text)
        )
        if not desk.has_group or is_for_bot or not has_consented(subscriber):
            return False
        conversation = await inbox.current(subscriber.id)
        if conversation is None or (not conversation.is_open and search.is_small_talk(text)):
            return False
        return {"conversation": conversation}


class ChangedForOperators(Filter):
    """A change of a message in the private chat, where the resident may write to operators."""

    async def __call__(
        self, message: Message, desk: Desk, inbox: Inbox, subscriber: Subscriber
    ) -> bool:
        is_private = message.chat.type == ChatType.PRIVATE
        return desk.has_group and is_private and not await inbox.is_banned(subscriber.id)


class InInboxChat(Filter):
    """Whatever happens in the operators' group; hands over ``operator`` where it is one's doing."""

    async def __call__(
        self, event: Message | CallbackQuery | ChatMemberUpdated, desk: Desk, operators: Operators
    ) -> bool | dict[str, Operator]:
        place = event.message if isinstance(event, CallbackQuery) else event
        if place is None or not desk.is_here(place.chat.id):
            return False
        operator = await operators.find(event.from_user.id) if event.from_user else None
        return {"operator": operator} if operator is not None else True


class InTopic(Filter):
    """A message or a button in the topic of a resident; hands over ``correspondent``."""

    async def __call__(
        self, event: Message | CallbackQuery, inbox_kept: InboxRepository
    ) -> bool | dict[str, Correspondent]:
        message = event.message if isinstance(event, CallbackQuery) else event
        if not isinstance(message, Message) or message.message_thread_id is None:
            return False
        found = await inbox_kept.at_topic(message.chat.id, message.message_thread_id)
        return {"correspondent": found} if found is not None else False


class ClosedByHand(Filter):
    """A topic that somebody has closed in Telegram itself."""

    async def __call__(self, message: Message) -> bool:
        return message.forum_topic_closed is not None


class InternalNote(Filter):
    """What begins with two slashes stays in the group."""

    async def __call__(self, message: Message) -> bool:
        return (message.text or message.caption or "").startswith(_NOTE)


class SaidInGroup(Filter):
    """What people write, unlike what Telegram itself says of the group."""

    async def __call__(self, message: Message) -> bool:
        return message.content_type in _SAID
