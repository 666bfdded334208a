"""Sending, editing, deleting, copying and forwarding."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from tests.emulator.conftest import Clock, People

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]]
)


async def test_sent_text_is_shown_and_returned(bot: Bot, people: People, person: int) -> None:
    sent = await bot.send_message(person, "<b>Hi</b> /help", parse_mode="HTML")

    shown = (await people.get(f"chats/{person}/messages"))[-1]
    assert (shown["message_id"], shown["text"]) == (sent.message_id, "Hi /help")
    assert [entity["type"] for entity in shown["entities"]] == ["bold", "bot_command"]
    assert sent.from_user
    assert sent.from_user.id == 42
    assert sent.chat.type == "private"


async def test_message_ids_grow_per_chat(bot: Bot, people: People, person: int) -> None:
    other = await people.add("Bolat")
    await people.write(other)

    ids = [(await bot.send_message(who, "a")).message_id for who in (person, other, person)]

    assert ids == [2, 2, 3]


async def test_unknown_chat_is_not_found(bot: Bot) -> None:
    for chat_id in (999, "@nobody", "x"):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(chat_id, "a")


async def test_bot_cannot_write_first(bot: Bot, people: People) -> None:
    stranger = await people.add("Stranger")

    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation with a user"):
        await bot.send_message(stranger, "a")


async def test_blocked_bot_is_refused_until_the_person_writes_again(
    bot: Bot, people: People, person: int
) -> None:
    await people.post("block", user_id=person, blocked=True)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(person, "a")

    await people.write(person)
    await bot.send_message(person, "a")

    updates = await bot.get_updates()
    statuses = [
        update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member
    ]
    assert statuses == ["kicked", "member"]


async def test_reply_to_absent_message(bot: Bot, person: int) -> None:
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(person, "a", reply_parameters=ReplyParameters(message_id=99))

    lenient = ReplyParameters(message_id=99, allow_sending_without_reply=True)
    sent = await bot.send_message(person, "a", reply_parameters=lenient)
    assert sent.reply_to_message is None


async def test_reply_carries_the_message_and_the_quote(bot: Bot, person: int) -> None:
    first = await bot.send_message(person, "😀 one two")

    reply = ReplyParameters(message_id=first.message_id, quote="two")
    second = await bot.send_message(person, "a", reply_parameters=reply)

    assert second.reply_to_message
    assert second.reply_to_message.message_id == first.message_id
    assert second.quote
    assert second.quote.position == 7


async def test_reply_keyboard_is_shown_but_not_returned(
    bot: Bot, people: People, person: int
) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Share", request_contact=True)]], resize_keyboard=True
    )

    sent = await bot.send_message(person, "a", reply_markup=keyboard)

    shown = (await people.get(f"chats/{person}/messages"))[-1]
    assert sent.reply_markup is None
    assert shown["reply_markup"]["keyboard"] == [[{"text": "Share", "request_contact": True}]]
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await sent.edit_text("b")


async def test_edit_replaces_text_and_takes_the_keyboard_away(
    bot: Bot, people: People, person: int
) -> None:
    sent = await bot.send_message(person, "a", reply_markup=KEYBOARD)

    edited = await bot.edit_message_text("b", chat_id=person, message_id=sent.message_id)

    shown = (await people.get(f"chats/{person}/messages"))[-1]
    assert shown["text"] == "b"
    assert "reply_markup" not in shown
    assert getattr(edited, "edit_date", None)


async def test_edit_that_changes_nothing_is_refused(bot: Bot, person: int) -> None:
    sent = await bot.send_message(person, "<b>a</b>", parse_mode="HTML", reply_markup=KEYBOARD)

    for _ in range(2):
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_text(
                "<b>a</b> ",
                chat_id=person,
                message_id=sent.message_id,
                parse_mode="HTML",
                reply_markup=KEYBOARD,
            )


async def test_edit_of_the_keyboard_alone(bot: Bot, person: int) -> None:
    sent = await bot.send_message(person, "a", reply_markup=KEYBOARD)

    edited = await bot.edit_message_reply_markup(chat_id=person, message_id=sent.message_id)

    assert getattr(edited, "reply_markup", 0) is None
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=person, message_id=sent.message_id)


async def test_only_own_messages_can_be_edited(bot: Bot, person: int) -> None:
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("b", chat_id=person, message_id=1)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("b", chat_id=person, message_id=99)


async def test_text_has_no_caption_to_edit(bot: Bot, person: int) -> None:
    sent = await bot.send_message(person, "a")

    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=person, message_id=sent.message_id, caption="b")


async def test_incoming_message_can_be_deleted_for_48_hours(
    bot: Bot, people: People, person: int, clock: Clock
) -> None:
    await people.write(person, "my number")
    await bot.delete_message(person, 2)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(person, 2)

    clock.now += 48 * 3600
    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_message(person, 1)

    assert [event["message_id"] for event in await people.events("deleted")] == [2]


async def test_several_messages_are_deleted_and_absent_ones_passed_over(
    bot: Bot, people: People, person: int
) -> None:
    sent = await bot.send_message(person, "a")

    assert await bot.delete_messages(person, [1, sent.message_id, 99])

    assert await people.get(f"chats/{person}/messages") == []


async def test_copy_has_no_origin_and_forward_has(bot: Bot, people: People, person: int) -> None:
    await people.write(person, "question")

    copied = await bot.copy_message(person, person, 2)
    forwarded = await bot.forward_message(person, person, 2)

    shown = {
        message["message_id"]: message for message in await people.get(f"chats/{person}/messages")
    }
    assert shown[copied.message_id]["text"] == "question"
    assert "forward_origin" not in shown[copied.message_id]
    assert forwarded.forward_origin
    assert forwarded.forward_origin.type == "user"
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(person, person, 99)


async def test_protected_message_cannot_be_copied_or_forwarded(bot: Bot, person: int) -> None:
    sent = await bot.send_message(person, "a", protect_content=True)

    assert sent.has_protected_content
    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await bot.copy_message(person, person, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be forwarded"):
        await bot.forward_message(person, person, sent.message_id)


async def test_copies_of_several_messages(bot: Bot, person: int) -> None:
    first = await bot.send_message(person, "a")
    second = await bot.send_message(person, "b")

    copies = await bot.copy_messages(person, person, [first.message_id, second.message_id, 99])
    forwards = await bot.forward_messages(person, person, [first.message_id])

    assert [copy.message_id for copy in copies] == [4, 5]
    assert len(forwards) == 1
    with pytest.raises(TelegramBadRequest, match="there are no messages to copy"):
        await bot.copy_messages(person, person, [98, 99])


async def test_chat_action_and_reaction(bot: Bot, people: People, person: int) -> None:
    await bot.send_chat_action(person, "typing")
    _, refused = await people.call("sendChatAction", chat_id=person, action="dancing")
    _, reacted = await people.call(
        "setMessageReaction",
        chat_id=person,
        message_id=1,
        reaction=[{"type": "emoji", "emoji": "👍"}],
    )

    assert [event["action"] for event in await people.events("action")] == ["typing"]
    assert refused["description"] == "Bad Request: wrong parameter action in request"
    assert reacted["result"] is True
