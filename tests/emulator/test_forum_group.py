"""A forum group as an inbox needs it: voice, changed captions, and rights that are missing."""

from base64 import b64encode

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ChatMemberAdministrator

from tests.emulator.conftest import People

VOICE = b64encode(b"OggS").decode()


async def test_voice_message_is_received_copied_and_sent_again(
    bot: Bot, people: People, person: int
) -> None:
    await people.post(f"chats/{person}/messages", from_id=person, voice=VOICE, caption="слушайте")
    received = (await bot.get_updates())[-1].message

    assert received
    assert received.voice
    copy = await bot.copy_message(person, person, received.message_id, caption="копия")
    again = await bot.send_voice(person, received.voice.file_id)
    shown = {each["message_id"]: each for each in await people.get(f"chats/{person}/messages")}

    assert (received.caption, received.voice.duration) == ("слушайте", 1)
    assert shown[copy.message_id]["voice"]["file_id"] == received.voice.file_id
    assert shown[copy.message_id]["caption"] == "копия"
    assert again.voice


async def test_changed_caption_reaches_the_bot(bot: Bot, people: People, person: int) -> None:
    sent = await people.post(
        f"chats/{person}/messages", from_id=person, voice=VOICE, caption="было"
    )

    await people.patch(
        f"chats/{person}/messages/{sent['message_id']}", from_id=person, text="стало"
    )

    changed = (await bot.get_updates())[-1].edited_message
    assert changed
    assert (changed.caption, bool(changed.voice)) == ("стало", True)


async def test_rights_that_the_bot_lacks_are_shown_and_missed(
    bot: Bot, people: People, person: int
) -> None:
    await bot.get_me()
    about = {"type": "supergroup", "title": "F", "is_forum": True, "members": [person]}
    lacking = await people.post("chats", **about, bot_lacks=["can_delete_messages"])
    topic = await bot.create_forum_topic(lacking["id"], "a")
    member = await bot.get_chat_member(lacking["id"], bot.id)
    plain = await people.post("chats", **about, bot_is_administrator=False)

    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.delete_forum_topic(lacking["id"], topic.message_thread_id)
    with pytest.raises(TelegramBadRequest, match="not enough rights"):
        await bot.create_forum_topic(plain["id"], "a")
    assert isinstance(member, ChatMemberAdministrator)
    assert (member.can_manage_topics, member.can_delete_messages) == (True, False)
