"""Presses, inline queries, and updates put into the queue as they are."""

from bot.emulator.call import for_bot
from bot.emulator.client_bodies import InlineQuestion, Press
from bot.emulator.errors import ClientError
from bot.emulator.incoming import find_chat_of, find_message, find_person
from bot.emulator.shapes import JSON
from bot.emulator.world import World

_ACCESSIBLE_FOR_S = 48 * 60 * 60


def press_button(world: World, body: Press) -> str:
    """Let a person tap a button; return the id of the callback query."""
    person = find_person(world, body.from_id)
    chat = find_chat_of(world, person, body.chat_id)
    message = find_message(chat, body.message_id)
    if chat.is_private and person.has_blocked:
        raise ClientError(f"Person {person.id} has blocked the bot. Unblock it first.")
    query_id = world.ask("callback", person.id)
    is_accessible = world.now() - message["date"] < _ACCESSIBLE_FOR_S
    world.updates.put(
        "callback_query",
        {
            "id": query_id,
            "from": person.user,
            "message": for_bot(message)
            if is_accessible
            else {"chat": chat.about, "message_id": body.message_id, "date": 0},
            "chat_instance": str(abs(chat.id) * 7919),
            "data": body.data,
        },
    )
    return query_id


def ask_inline(world: World, body: InlineQuestion) -> str:
    """Let a person type after the bot's name; return the id of the inline query."""
    person = find_person(world, body.from_id)
    query_id = world.ask("inline", person.id)
    world.updates.put(
        "inline_query",
        {
            "id": query_id,
            "from": person.user,
            "query": body.query,
            "offset": "",
            "chat_type": "sender",
        },
    )
    return query_id


def put_update(world: World, update: JSON) -> int:
    """Queue an update as it is; a query in it can be answered, its chat can be written to."""
    if "update_id" in update or len(update) != 1:
        raise ClientError('Give one update, such as {"message": …}, without update_id.')
    ((kind, content),) = update.items()
    if not isinstance(content, dict):
        raise ClientError(f"The {kind} of an update is an object.")
    sender_id = content.get("from", {}).get("id", 0)
    if kind in {"callback_query", "inline_query"} and "id" in content:
        world.ask(kind.removesuffix("_query"), sender_id, str(content["id"]))
    if sender_id in world.people and content.get("chat", {}).get("id") == sender_id:
        world.private_chat(world.people[sender_id])
    return world.updates.put_raw(update)
