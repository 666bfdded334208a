"""Sending texts and showing that the bot is busy."""

from aiogram.methods import SendChatAction, SendMessage, SetMessageReaction

from bot.emulator.call import Call
from bot.emulator.errors import bad_request
from bot.emulator.posting import post
from bot.emulator.shapes import JSON
from bot.emulator.texts import format_message

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(call: Call, method: SendMessage) -> JSON:
    """Send a text."""
    return post(call, method, format_message(method.text, method.parse_mode, method.entities))


def send_chat_action(call: Call, method: SendChatAction) -> bool:
    """Show "typing …" or the like."""
    chat = call.open_chat(method.chat_id)
    if method.action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.events.publish("action", chat.id, action=method.action)
    return True


def set_message_reaction(call: Call, method: SetMessageReaction) -> bool:
    """Put the bot's reaction on a message; a bot has one."""
    chat = call.open_chat(method.chat_id)
    if method.message_id not in chat.messages:
        raise bad_request("message to react not found")
    reactions = call.params.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.reactions[method.message_id] = reactions
    return True


HANDLERS = {
    SendMessage: send_message,
    SendChatAction: send_chat_action,
    SetMessageReaction: set_message_reaction,
}
