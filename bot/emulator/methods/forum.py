"""Topics of forums."""

from aiogram.methods import (
    CloseForumTopic,
    CreateForumTopic,
    DeleteForumTopic,
    EditForumTopic,
    ReopenForumTopic,
)

from bot.emulator.call import Call
from bot.emulator.chats import Chat, Topic
from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

MAX_TOPIC_NAME = 128
DEFAULT_COLOR = 0x6FB9F0


def create_forum_topic(call: Call, method: CreateForumTopic) -> JSON:
    """Open a topic; its number is that of the message that says so."""
    chat = _forum(call, method.chat_id)
    name = _checked_name(method.name)
    color = method.icon_color or DEFAULT_COLOR
    topic = Topic(chat.last_message_id + 1, name, color, method.icon_custom_emoji_id)
    chat.topics[topic.id] = topic
    about = {key: value for key, value in topic.as_json().items() if key != "message_thread_id"}
    _announce(call, chat, topic, {"forum_topic_created": about})
    return topic.as_json()


def edit_forum_topic(call: Call, method: EditForumTopic) -> bool:
    """Rename a topic or change its icon."""
    chat = _forum(call, method.chat_id)
    topic = _topic(chat, method.message_thread_id)
    edited: JSON = {}
    if method.name:
        edited["name"] = topic.name = _checked_name(method.name)
    if method.icon_custom_emoji_id is not None:
        edited["icon_custom_emoji_id"] = topic.icon_custom_emoji_id = method.icon_custom_emoji_id
    _announce(call, chat, topic, {"forum_topic_edited": edited})
    return True


def close_forum_topic(call: Call, method: CloseForumTopic) -> bool:
    """Close a topic."""
    return _set_closed(call, method.chat_id, method.message_thread_id, closed=True)


def reopen_forum_topic(call: Call, method: ReopenForumTopic) -> bool:
    """Open a closed topic again."""
    return _set_closed(call, method.chat_id, method.message_thread_id, closed=False)


def delete_forum_topic(call: Call, method: DeleteForumTopic) -> bool:
    """Delete a topic with all its messages."""
    chat = _forum(call, method.chat_id, right="can_delete_messages")
    topic = _topic(chat, method.message_thread_id)
    del chat.topics[topic.id]
    for message_id, message in list(chat.messages.items()):
        if message.get("message_thread_id") == topic.id:
            call.world.delete_message(chat, message_id)
    call.world.events.publish("chat", chat.id, chat=chat.as_json())
    return True


def _set_closed(call: Call, chat_id: int | str, thread_id: int, *, closed: bool) -> bool:
    chat = _forum(call, chat_id)
    topic = _topic(chat, thread_id)
    if topic.is_closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.is_closed = closed
    _announce(call, chat, topic, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
    return True


def _announce(call: Call, chat: Chat, topic: Topic, content: JSON) -> None:
    thread = {"message_thread_id": topic.id, "is_topic_message": True}
    call.world.add_message(chat, {"from": call.bot} | thread | content)
    call.world.events.publish("chat", chat.id, chat=chat.as_json())


def _forum(call: Call, chat_id: int | str, right: str = "can_manage_topics") -> Chat:
    chat = call.open_chat(chat_id)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.bot_may(right):
        raise bad_request("not enough rights to manage topics")
    return chat


def _topic(chat: Chat, thread_id: int) -> Topic:
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _checked_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= MAX_TOPIC_NAME:
        raise bad_request(
            "TOPIC_TITLE_INVALID" if len(name) > MAX_TOPIC_NAME else "TOPIC_TITLE_EMPTY"
        )
    return name.strip()


HANDLERS = {
    CreateForumTopic: create_forum_topic,
    EditForumTopic: edit_forum_topic,
    CloseForumTopic: close_forum_topic,
    ReopenForumTopic: reopen_forum_topic,
    DeleteForumTopic: delete_forum_topic,
}
