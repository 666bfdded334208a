"""What people write, and which of it the bot gets to see."""

import base64
import binascii

from bot.emulator.call import for_bot
from bot.emulator.chats import Chat, Person
from bot.emulator.client_bodies import EditedMessage, NewMessage, UsersShared
from bot.emulator.errors import ApiError, ClientError
from bot.emulator.html_entities import parse_html
from bot.emulator.methods.media import MEDIA_KINDS
from bot.emulator.posting import quoted
from bot.emulator.shapes import JSON, Upload
from bot.emulator.texts import format_caption, format_message
from bot.emulator.world import World


def write_message(world: World, chat_id: int, body: NewMessage) -> JSON:
    """Let a person write; return the message as stored."""
    person = find_person(world, body.from_id)
    content = _content(world, chat_id, person, body)
    is_own = chat_id == person.id
    chat = world.private_chat(person) if is_own else find_chat_of(world, person, chat_id)
    if chat.type == "channel" and chat.members[person.id] == "member":
        raise ClientError("Only the channel's owner, its first member, can post in it.")
    message = _sender(chat, person) | content
    message |= _thread(chat, body.message_thread_id)
    if body.reply_to_message_id is not None:
        message["reply_to_message"] = quoted(find_message(chat, body.reply_to_message_id))
    if body.forward_from:
        message["forward_origin"] = _origin(world, body)
    if body.via_bot:
        message |= _card(world, body)
    if chat.is_private:
        world.set_blocked(person, blocked=False)
    stored = world.add_message(chat, message)
    tell_bot(world, chat, stored, "channel_post" if chat.type == "channel" else "message")
    return stored


def _card(world: World, body: NewMessage) -> JSON:
    """Give what a chosen inline result has more than a person's own message."""
    card: JSON = {"via_bot": world.require_bot()}
    if body.parse_mode is not None and body.text is not None:
        text, entities = parse_html(body.text)
        card |= {"text": text, **({"entities": entities} if entities else {})}
    if body.reply_markup is not None:
        card["reply_markup"] = body.reply_markup
    return card


def edit_message(world: World, chat_id: int, message_id: int, body: EditedMessage) -> JSON:
    """Let a person edit an own message; return the new version."""
    person = find_person(world, body.from_id)
    chat = find_chat_of(world, person, chat_id)
    old = find_message(chat, message_id)
    if any(old.get(key) != sender for key, sender in _sender(chat, person).items()):
        raise ClientError(f"Message {message_id} is not by person {body.from_id}.")
    edited = _with_words(old, body.text) | {"edit_date": world.now()}
    world.change_message(chat, edited)
    is_post = chat.type == "channel"
    tell_bot(world, chat, edited, "edited_channel_post" if is_post else "edited_message")
    return edited


def _with_words(old: JSON, text: str) -> JSON:
    if "text" in old:
        kept = {key: value for key, value in old.items() if key not in {"text", "entities"}}
        return kept | _text(text)
    if not any(kind in old for kind in MEDIA_KINDS):
        raise ClientError(f"Message {old['message_id']} has no text to edit.")
    kept = {key: value for key, value in old.items() if "caption" not in key}
    try:
        return kept | format_caption(text, None, None)
    except ApiError as error:
        raise ClientError(f"Telegram would refuse this: {error.description}.") from error


def tell_bot(world: World, chat: Chat, message: JSON, kind: str) -> None:
    """Queue a message as an update if the bot is there and may see it."""
    if chat.bot_status in {"member", "administrator"} and _is_visible(world, chat, message):
        world.updates.put(kind, for_bot(message))


def find_person(world: World, person_id: int) -> Person:
    """Return a person, or say that there is none."""
    person = world.people.get(person_id)
    if person is None:
        raise ClientError(f"There is no person {person_id}. Add one: POST /client/people.", 404)
    return person


def find_chat_of(world: World, person: Person, chat_id: int) -> Chat:
    """Return a chat that a person is in; the private one begins with the first message."""
    chat = world.chats.get(chat_id)
    if chat is None:
        raise ClientError(f"There is no chat {chat_id} for person {person.id}.", 404)
    if person.id not in chat.members:
        raise ClientError(f"Person {person.id} is not a member of chat {chat_id}.")
    return chat


def find_message(chat: Chat, message_id: int) -> JSON:
    """Return a message, or say that it is not there."""
    message = chat.messages.get(message_id)
    if message is None:
        raise ClientError(f"There is no message {message_id} in chat {chat.id}.", 404)
    return message


def decode_base64(text: str) -> bytes:
    """Return the bytes of a file that came as text."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ClientError("The file is not base64. Send its bytes in base64.") from error


def _sender(chat: Chat, person: Person) -> JSON:
    return {"sender_chat": chat.about} if chat.type == "channel" else {"from": person.user}


def _content(world: World, chat_id: int, person: Person, body: NewMessage) -> JSON:
    if body.text is not None:
        return _text(body.text)
    if body.contact:
        return {"contact": _contact(person)}
    if body.users_shared:
        return {"users_shared": _shared_users(world, chat_id, body.users_shared)}
    try:
        caption = format_caption(body.caption, None, None)
        if body.photo is not None:
            upload = Upload("photo", "image/jpeg", decode_base64(body.photo))
            return {"photo": [world.files.add("photo", upload).as_json()]} | caption
        if body.voice is not None:
            upload = Upload("voice.ogg", "audio/ogg", decode_base64(body.voice))
            return {"voice": world.files.add("voice", upload).as_json()} | caption
        if body.document is None:
            raise ClientError("There is nothing to send.")
        data = decode_base64(body.document.base64)
        upload = Upload(body.document.name, "application/octet-stream", data)
        return {"document": world.files.add("document", upload).as_json()} | caption
    except ApiError as error:
        raise ClientError(f"Telegram would refuse this: {error.description}.") from error


def _text(text: str) -> JSON:
    try:
        return format_message(text, None, None)
    except ApiError as error:
        raise ClientError(f"Telegram would refuse this: {error.description}.") from error


def _contact(person: Person) -> JSON:
    if not person.phone:
        raise ClientError(f"Person {person.id} has no phone. Add people with a phone.")
    names = {key: person.user[key] for key in ("first_name", "last_name") if key in person.user}
    return {"phone_number": person.phone, "user_id": person.id} | names


def _shared_users(world: World, chat_id: int, shared: UsersShared) -> JSON:
    """Give chosen people as the button asked for them: without names, unless it wanted those."""
    chat = world.chats.get(chat_id)
    request = _request_for_users(chat.shown() if chat else [], shared.request_id)
    if len(shared.user_ids) > (request.get("max_quantity") or 1):
        raise ClientError("The button asks for fewer people.")
    users = []
    for user_id in shared.user_ids:
        about = find_person(world, user_id).user
        wanted = [
            *(("first_name", "last_name") if request.get("request_name") else ()),
            *(("username",) if request.get("request_username") else ()),
        ]
        users.append({"user_id": user_id} | {key: about[key] for key in wanted if key in about})
    return {"request_id": shared.request_id, "users": users, "user_ids": shared.user_ids}


def _request_for_users(messages: list[JSON], request_id: int) -> JSON:
    """Find the button that asks for people under this number, on the newest keyboard with one."""
    for message in reversed(messages):
        for row in message.get("reply_markup", {}).get("keyboard", []):
            for button in row:
                request = button.get("request_users") if isinstance(button, dict) else None
                if request and request["request_id"] == request_id:
                    found: JSON = request
                    return found
    raise ClientError(f"No button in this chat asks for people under number {request_id}.")


def _thread(chat: Chat, thread_id: int | None) -> JSON:
    """Put a message into a topic; as in Telegram, it replies to the topic's first message."""
    if thread_id is None:
        return {}
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise ClientError(f"There is no topic {thread_id} in chat {chat.id}.", 404)
    if topic.is_closed:
        raise ClientError(f"Topic {thread_id} is closed. The bot has to reopen it first.")
    thread: JSON = {"message_thread_id": thread_id, "is_topic_message": True}
    if opening := chat.messages.get(thread_id):
        thread["reply_to_message"] = quoted(opening)
    return thread


def _origin(world: World, body: NewMessage) -> JSON:
    source = body.forward_from
    if source is None or source.id is None:
        name = source.name if source else ""
        return {"type": "hidden_user", "sender_user_name": name, "date": world.now()}
    if source.id in world.people:
        user = world.people[source.id].user
    elif world.bot and source.id == world.bot["id"]:
        user = world.bot
    else:
        raise ClientError(f"There is no person {source.id} to forward from.", 404)
    return {"type": "user", "sender_user": user, "date": world.now()}


def _is_visible(world: World, chat: Chat, message: JSON) -> bool:
    """Apply the privacy mode: in a group a plain member sees only what is meant for bots."""
    if (
        chat.type not in {"group", "supergroup"}
        or chat.bot_status == "administrator"
        or world.settings.can_read_all_group_messages
        or world.bot is None
    ):
        return True
    replied = message.get("reply_to_message", {})
    if replied.get("from") == world.bot or "via_bot" in message:
        return True
    return any(_addresses(message, entity, world.bot["username"]) for entity in _entities(message))


def _entities(message: JSON) -> list[JSON]:
    entities: list[JSON] = message.get("entities") or message.get("caption_entities") or []
    return entities


def _addresses(message: JSON, entity: JSON, username: str) -> bool:
    """Tell whether a command or mention is for this bot or for any."""
    text = message.get("text") or message.get("caption") or ""
    units = text.encode("utf-16-le")
    begin = 2 * entity["offset"]
    words = units[begin : begin + 2 * entity["length"]].decode("utf-16-le")
    _, _, addressee = words.partition("@")
    if entity["type"] == "bot_command":
        return not addressee or addressee.lower() == username
    return entity["type"] == "mention" and addressee.lower() == username
