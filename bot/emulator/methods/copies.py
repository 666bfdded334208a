"""Copying and forwarding messages."""

from collections.abc import Sequence

from aiogram.methods import CopyMessage, CopyMessages, ForwardMessage, ForwardMessages

from bot.emulator.call import Call, given
from bot.emulator.chats import Chat
from bot.emulator.errors import bad_request
from bot.emulator.methods.media import MEDIA_KINDS
from bot.emulator.posting import post
from bot.emulator.shapes import JSON
from bot.emulator.texts import format_caption

_CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    *MEDIA_KINDS,
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
    "contact",
)
_MAX_BATCH = 100


def copy_message(call: Call, method: CopyMessage) -> JSON:
    """Send the same content anew, without a trace of where it is from."""
    source = _source(call, method.from_chat_id, method.message_id, "copy")
    content = _content(source)
    if method.caption is not None and "text" not in content:
        content = {key: value for key, value in content.items() if "caption" not in key}
        content |= format_caption(method.caption, method.parse_mode, method.caption_entities)
    if given(method.show_caption_above_media):
        content["show_caption_above_media"] = True
    return {"message_id": post(call, method, content)["message_id"]}


def copy_messages(call: Call, method: CopyMessages) -> list[JSON]:
    """Copy those of the messages that exist, in their order."""
    sources = _sources(call, method.from_chat_id, method.message_ids, "copy")
    contents = [_content(source) for source in sources]
    if method.remove_caption:
        contents = [
            {key: value for key, value in content.items() if "caption" not in key}
            for content in contents
        ]
    return [{"message_id": post(call, method, content)["message_id"]} for content in contents]


def forward_message(call: Call, method: ForwardMessage) -> JSON:
    """Send a message on, saying whose it is."""
    source = _source(call, method.from_chat_id, method.message_id, "forward")
    return post(call, method, _content(source) | _origin(source))


def forward_messages(call: Call, method: ForwardMessages) -> list[JSON]:
    """Forward those of the messages that exist, in their order."""
    sources = _sources(call, method.from_chat_id, method.message_ids, "forward")
    return [
        {"message_id": post(call, method, _content(source) | _origin(source))["message_id"]}
        for source in sources
    ]


def _source(call: Call, chat_id: int | str, message_id: int, verb: str) -> JSON:
    message = call.find_chat(chat_id).messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.get("has_protected_content") or not _content(message):
        verb_past = "copied" if verb == "copy" else "forwarded"
        raise bad_request(f"message can't be {verb_past}")
    return message


def _sources(call: Call, chat_id: int | str, ids: Sequence[int], verb: str) -> list[JSON]:
    if not 1 <= len(ids) <= _MAX_BATCH:
        raise bad_request(f"from 1 to {_MAX_BATCH} message identifiers are expected")
    if list(ids) != sorted(set(ids)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat: Chat = call.find_chat(chat_id)
    found = [_source(call, chat_id, number, verb) for number in ids if number in chat.messages]
    if not found:
        raise bad_request(f"there are no messages to {verb}")
    return found


def _content(message: JSON) -> JSON:
    return {key: message[key] for key in _CONTENT if key in message}


def _origin(message: JSON) -> JSON:
    if "forward_origin" in message:
        return {"forward_origin": message["forward_origin"]}
    origin: JSON = {"date": message["date"]}
    if "from" in message:
        origin |= {"type": "user", "sender_user": message["from"]}
    else:
        origin |= {
            "type": "channel",
            "chat": message["chat"],
            "message_id": message["message_id"],
        }
    return {"forward_origin": origin}


HANDLERS = {
    CopyMessage: copy_message,
    CopyMessages: copy_messages,
    ForwardMessage: forward_message,
    ForwardMessages: forward_messages,
}
