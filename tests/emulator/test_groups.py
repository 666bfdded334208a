"""Groups, channels, the privacy mode and topics."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ReplyParameters

from tests.emulator.conftest import People


async def make_chat(people: People, kind: str, *members: int, is_forum: bool = False) -> int:
    chat = await people.post(
        "chats", type=kind, title="Family", members=list(members), is_forum=is_forum
    )
    return int(chat["id"])


async def seen_texts(bot: Bot) -> list[str | None]:
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return [update.message.text for update in updates if update.message]


async def test_bot_is_told_that_it_joined(bot: Bot, people: People, person: int) -> None:
    chat_id = await make_chat(people, "group", person)

    (update,) = await bot.get_updates()

    assert update.my_chat_member
    assert update.my_chat_member.chat.id == chat_id
    assert update.my_chat_member.from_user.id == person
    assert update.my_chat_member.new_chat_member.status == "member"


async def test_privacy_mode_lets_through_only_what_is_for_the_bot(
    bot: Bot, people: People, person: int
) -> None:
    chat_id = await make_chat(people, "supergroup", person)
    sent = await bot.send_message(chat_id, "hello")

    for text in (
        "chatter",
        "/help",
        "/help@other_bot",
        "hi @saqbol_demo_bot",
        "hi @somebody",
        "950101500019",
    ):
        await people.write(person, text, chat_id)
    await people.post(
        f"chats/{chat_id}/messages",
        from_id=person,
        text="reply",
        reply_to_message_id=sent.message_id,
    )

    assert await seen_texts(bot) == ["/help", "hi @saqbol_demo_bot", "reply"]


async def test_privacy_mode_does_not_hold_for_an_administrator(
    bot: Bot, people: People, person: int
) -> None:
    chat_id = await make_chat(people, "supergroup", person, is_forum=True)

    await people.write(person, "chatter", chat_id)

    assert await seen_texts(bot) == ["chatter"]


async def test_channel_posts_have_no_author(bot: Bot, people: People, person: int) -> None:
    reader = await people.add("Reader")
    chat_id = await make_chat(people, "channel", person, reader)

    await people.write(person, "news", chat_id)
    refused, _ = await people.refusal(f"chats/{chat_id}/messages", from_id=reader, text="x")

    post = (await bot.get_updates())[-1].channel_post
    assert post
    assert post.from_user is None
    assert refused == 400


async def test_members_and_administrators_are_told(bot: Bot, people: People, person: int) -> None:
    stranger = await people.add("Stranger")
    chat_id = await make_chat(people, "supergroup", person, is_forum=True)

    member = await bot.get_chat_member(chat_id, person)
    outsider = await bot.get_chat_member(chat_id, stranger)
    leading = await bot.get_chat_administrators(chat_id)

    assert (member.status, outsider.status) == ("creator", "left")
    assert {entry.user.id for entry in leading} == {person, 42}
    assert await bot.get_chat_member_count(chat_id) == 2
    assert (await bot.get_chat(chat_id)).title == "Family"


async def test_left_group_is_closed_to_the_bot(bot: Bot, people: People, person: int) -> None:
    chat_id = await make_chat(people, "supergroup", person)

    await bot.leave_chat(chat_id)
    await people.write(person, "/help", chat_id)

    with pytest.raises(TelegramForbiddenError, match="not a member of the supergroup chat"):
        await bot.send_message(chat_id, "a")
    updates = await bot.get_updates()
    assert [update.event_type for update in updates] == ["my_chat_member"] * 2


async def test_only_members_write(people: People, person: int) -> None:
    other = await people.add("Other")
    chat_id = await make_chat(people, "group", person)

    refusal = await people.refusal(f"chats/{chat_id}/messages", from_id=other, text="a")

    assert refusal == (400, f"Person {other} is not a member of chat {chat_id}.")


async def test_messages_of_others_stay_in_a_group_where_the_bot_is_a_plain_member(
    bot: Bot, people: People, person: int
) -> None:
    chat_id = await make_chat(people, "group", person)
    message = await people.write(person, "/help", chat_id)

    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(chat_id, message["message_id"])


async def test_topic_holds_messages_of_both_sides(bot: Bot, people: People, person: int) -> None:
    chat_id = await make_chat(people, "supergroup", person, is_forum=True)

    topic = await bot.create_forum_topic(chat_id, "Ticket 1")
    thread_id = topic.message_thread_id
    sent = await bot.send_message(chat_id, "question", message_thread_id=thread_id)
    await people.post(
        f"chats/{chat_id}/messages", from_id=person, text="answer", message_thread_id=thread_id
    )

    received = (await bot.get_updates())[-1].message
    assert (sent.message_thread_id, sent.is_topic_message) == (thread_id, True)
    assert received
    assert (received.text, received.message_thread_id) == ("answer", thread_id)
    assert received.reply_to_message
    assert received.reply_to_message.forum_topic_created
    (chat,) = (await people.get("state"))["chats"]
    assert [known["name"] for known in chat["topics"]] == ["Ticket 1"]


async def test_topic_is_renamed_closed_reopened_and_deleted(
    bot: Bot, people: People, person: int
) -> None:
    chat_id = await make_chat(people, "supergroup", person, is_forum=True)
    thread_id = (await bot.create_forum_topic(chat_id, "Old")).message_thread_id

    await bot.edit_forum_topic(chat_id, thread_id, name="New")
    await bot.close_forum_topic(chat_id, thread_id)
    closed, error = await people.refusal(
        f"chats/{chat_id}/messages", from_id=person, text="a", message_thread_id=thread_id
    )
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(chat_id, thread_id)
    await bot.reopen_forum_topic(chat_id, thread_id)
    await bot.delete_forum_topic(chat_id, thread_id)

    assert closed == 400
    assert "closed" in error
    assert await people.get(f"chats/{chat_id}/messages") == []
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(chat_id, "a", message_thread_id=thread_id)


async def test_topics_need_a_forum(bot: Bot, people: People, person: int) -> None:
    chat_id = await make_chat(people, "supergroup", person)

    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(chat_id, "a")


async def test_message_is_pinned_and_unpinned(bot: Bot, person: int) -> None:
    sent = await bot.send_message(person, "a", reply_parameters=ReplyParameters(message_id=1))

    await bot.pin_chat_message(person, sent.message_id)
    pinned = (await bot.get_chat(person)).pinned_message
    await bot.unpin_chat_message(person)

    assert pinned
    assert pinned.message_id == sent.message_id
    assert (await bot.get_chat(person)).pinned_message is None
