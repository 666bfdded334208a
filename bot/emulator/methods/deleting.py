"""Deleting messages."""

from aiogram.methods import DeleteMessage, DeleteMessages

from bot.emulator.call import Call
from bot.emulator.chats import Chat
from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

_DELETABLE_FOR_S = 48 * 60 * 60


def delete_message(call: Call, method: DeleteMessage) -> bool:
    """Delete one message for everybody."""
    chat = call.find_chat(method.chat_id)
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(call, chat, message):
        raise bad_request("message can't be deleted for everyone")
    call.world.delete_message(chat, method.message_id)
    return True


def delete_messages(call: Call, method: DeleteMessages) -> bool:
    """Delete those of the messages that are there and may be deleted."""
    chat = call.find_chat(method.chat_id)
    if not 1 <= len(method.message_ids) <= 100:
        raise bad_request("from 1 to 100 message identifiers are expected")
    for message_id in method.message_ids:
        message = chat.messages.get(message_id)
        if message is not None and _may_delete(call, chat, message):
            call.world.delete_message(chat, message_id)
    return True


def _may_delete(call: Call, chat: Chat, message: JSON) -> bool:
    if chat.bot_status == "administrator":
        return True
    is_recent = call.world.now() - message["date"] < _DELETABLE_FOR_S
    return is_recent and (chat.is_private or message.get("from") == call.bot)


HANDLERS = {DeleteMessage: delete_message, DeleteMessages: delete_messages}
