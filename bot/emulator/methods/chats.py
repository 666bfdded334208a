"""What a bot can learn about chats, and pins."""

from aiogram.methods import (
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetChatMemberCount,
    LeaveChat,
    PinChatMessage,
    UnpinAllChatMessages,
    UnpinChatMessage,
)

from bot.emulator.call import Call, for_bot
from bot.emulator.chats import Chat, member_json
from bot.emulator.errors import bad_request
from bot.emulator.shapes import JSON

_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def get_chat(call: Call, method: GetChat) -> JSON:
    """Describe a chat."""
    chat = _known_chat(call, method.chat_id)
    full: JSON = chat.about | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _GIFTS,
    }
    if chat.pinned:
        full["pinned_message"] = for_bot(chat.messages[chat.pinned[-1]])
    return full


def get_chat_member(call: Call, method: GetChatMember) -> JSON:
    """Say what somebody is in a chat."""
    chat = _known_chat(call, method.chat_id)
    if method.user_id == call.bot["id"]:
        return chat.bot_member(call.bot)
    person = call.world.people.get(method.user_id)
    if person is None:
        raise bad_request("user not found")
    return member_json(person.user, chat.members.get(person.id, "left"))


def get_chat_administrators(call: Call, method: GetChatAdministrators) -> list[JSON]:
    """List the administrators; other bots are not told, so only this one can be among them."""
    chat = _known_chat(call, method.chat_id)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    leading = [
        member_json(call.world.people[user_id].user, status)
        for user_id, status in chat.members.items()
        if status in {"creator", "administrator"}
    ]
    if chat.bot_status == "administrator":
        leading.append(member_json(call.bot, "administrator"))
    return leading


def get_chat_member_count(call: Call, method: GetChatMemberCount) -> int:
    """Count the members, the bot included."""
    return len(_known_chat(call, method.chat_id).members) + 1


def leave_chat(call: Call, method: LeaveChat) -> bool:
    """Leave a group or channel."""
    chat = call.open_chat(method.chat_id)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    before, chat.bot_status = chat.bot_status, "left"
    call.world.tell_bot_status(chat, call.bot, before, "left")
    call.world.events.publish("chat", chat.id, chat=chat.as_json())
    return True


def pin_chat_message(call: Call, method: PinChatMessage) -> bool:
    """Pin a message on top."""
    chat = _pinnable_chat(call, method.chat_id)
    if method.message_id not in chat.messages:
        raise bad_request("message to pin not found")
    if method.message_id not in chat.pinned:
        chat.pinned.append(method.message_id)
    return True


def unpin_chat_message(call: Call, method: UnpinChatMessage) -> bool:
    """Unpin one message, the newest if the call names none."""
    chat = _pinnable_chat(call, method.chat_id)
    message_id = method.message_id or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


def unpin_all_chat_messages(call: Call, method: UnpinAllChatMessages) -> bool:
    """Unpin everything."""
    _pinnable_chat(call, method.chat_id).pinned.clear()
    return True


def _known_chat(call: Call, chat_id: int | str) -> Chat:
    chat = call.find_chat(chat_id)
    return chat if chat.is_private else call.open_chat(chat_id)


def _pinnable_chat(call: Call, chat_id: int | str) -> Chat:
    chat = call.open_chat(chat_id)
    if not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


HANDLERS = {
    GetChat: get_chat,
    GetChatMember: get_chat_member,
    GetChatAdministrators: get_chat_administrators,
    GetChatMemberCount: get_chat_member_count,
    LeaveChat: leave_chat,
    PinChatMessage: pin_chat_message,
    UnpinChatMessage: unpin_chat_message,
    UnpinAllChatMessages: unpin_all_chat_messages,
}
