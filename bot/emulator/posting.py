"""Putting a bot's message into a chat: topic, reply, keyboard, protection."""

from typing import Any

from bot.emulator.call import Call, for_bot, given
from bot.emulator.chats import Chat
from bot.emulator.errors import bad_request
from bot.emulator.keyboards import keyboard_json
from bot.emulator.shapes import JSON


def post(call: Call, method: Any, content: JSON) -> JSON:
    """Send *content* to the chat of a send method, with the options all of them share."""
    chat = call.open_chat(method.chat_id)
    message = _signature(call, chat) | content
    message |= _thread(chat, getattr(method, "message_thread_id", None))
    message |= _reply(chat, method)
    markup = getattr(method, "reply_markup", None)
    if keyboard := keyboard_json(
        markup, call.params.get("reply_markup"), is_private=chat.is_private
    ):
        message["reply_markup"] = keyboard
    if given(method.protect_content):
        message["has_protected_content"] = True
    if getattr(method, "link_preview_options", None) and "link_preview_options" in call.params:
        message["link_preview_options"] = call.params["link_preview_options"]
    return for_bot(call.world.add_message(chat, message))


def _signature(call: Call, chat: Chat) -> JSON:
    """Say from whom a message of the bot is: in channels the channel itself writes."""
    return {"sender_chat": chat.about} if chat.type == "channel" else {"from": call.bot}


def _thread(chat: Chat, thread_id: int | None) -> JSON:
    if thread_id is None:
        return {}
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.is_closed and chat.bot_status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _reply(chat: Chat, method: Any) -> JSON:
    parameters = getattr(method, "reply_parameters", None)
    replied_id = (
        parameters.message_id if parameters else getattr(method, "reply_to_message_id", None)
    )
    if replied_id is None:
        return {}
    if parameters and parameters.chat_id is not None and str(parameters.chat_id) != str(chat.id):
        raise bad_request("replies to other chats are known but not built in this server")
    replied = chat.messages.get(replied_id)
    if replied is None:
        lenient = (
            parameters.allow_sending_without_reply
            if parameters
            else getattr(method, "allow_sending_without_reply", None)
        )
        if given(lenient):
            return {}
        raise bad_request("message to be replied not found")
    reply: JSON = {"reply_to_message": quoted(replied)}
    if parameters and parameters.quote:
        reply["quote"] = _quote(replied, parameters.quote)
    return reply


def quoted(message: JSON) -> JSON:
    """Return a message as it appears inside the reply to it."""
    return {key: value for key, value in for_bot(message).items() if key != "reply_to_message"}


def _quote(message: JSON, quote: str) -> JSON:
    text = message.get("text") or message.get("caption") or ""
    position = text.find(quote)
    if position < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {
        "text": quote,
        "position": len(text[:position].encode("utf-16-le")) // 2,
        "is_manual": True,
    }
