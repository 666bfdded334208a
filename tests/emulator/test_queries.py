"""Presses, inline queries and their answers."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)

from tests.emulator.conftest import Clock, People

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]]
)


async def test_press_reaches_the_bot_and_the_answer_the_person(
    bot: Bot, people: People, person: int
) -> None:
    sent = await bot.send_message(person, "a", reply_markup=KEYBOARD)

    query_id = await people.press(person, sent.message_id, "yes")
    (update,) = await bot.get_updates()
    assert update.callback_query
    await bot.answer_callback_query(update.callback_query.id, "Done", show_alert=True)

    assert update.callback_query.id == query_id
    assert update.callback_query.data == "yes"
    assert isinstance(update.callback_query.message, Message)
    assert update.callback_query.message.reply_markup
    assert update.callback_query.message.reply_markup.inline_keyboard[0][0].text == "Yes"
    (answer,) = await people.events("callback_answer")
    assert answer | {"id": 0} == {
        "id": 0,
        "kind": "callback_answer",
        "callback_query_id": query_id,
        "from_id": person,
        "text": "Done",
        "show_alert": True,
        "url": "",
    }


@pytest.mark.parametrize(("wait_s", "is_accepted"), [(15, True), (15.5, False)])
async def test_press_can_be_answered_for_fifteen_seconds(
    bot: Bot, people: People, person: int, clock: Clock, wait_s: float, is_accepted: bool
) -> None:
    query_id = await people.press(person, 1)
    clock.now += wait_s

    if is_accepted:
        assert await bot.answer_callback_query(query_id)
    else:
        with pytest.raises(TelegramBadRequest, match=TOO_OLD):
            await bot.answer_callback_query(query_id)


async def test_unknown_query_cannot_be_answered(bot: Bot, people: People, person: int) -> None:
    inline = await people.post("inline", from_id=person, query="x")

    for query_id in ("1", inline["inline_query_id"]):
        with pytest.raises(TelegramBadRequest, match=TOO_OLD):
            await bot.answer_callback_query(query_id)


async def test_second_answer_is_accepted_and_unseen(bot: Bot, people: People, person: int) -> None:
    query_id = await people.press(person, 1)

    await bot.answer_callback_query(query_id)
    await bot.answer_callback_query(query_id, "again")

    assert [event["text"] for event in await people.events("callback_answer")] == [""]


async def test_answer_of_more_than_200_characters_is_refused(
    bot: Bot, people: People, person: int
) -> None:
    query_id = await people.press(person, 1)

    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(query_id, "x" * 201)
    assert await bot.answer_callback_query(query_id, "x" * 200)


async def test_press_on_an_old_message_shows_only_its_number(
    bot: Bot, people: People, person: int, clock: Clock
) -> None:
    sent = await bot.send_message(person, "a", reply_markup=KEYBOARD)
    clock.now += 48 * 3600

    await people.press(person, sent.message_id)

    (update,) = await bot.get_updates()
    assert update.callback_query
    assert not isinstance(update.callback_query.message, Message)


async def test_press_on_a_deleted_message_is_impossible(
    bot: Bot, people: People, person: int
) -> None:
    await bot.delete_message(person, 1)

    refusal = await people.refusal("press", from_id=person, chat_id=person, message_id=1, data="x")

    assert refusal == (404, f"There is no message 1 in chat {person}.")


async def test_inline_query_is_answered(bot: Bot, people: People, person: int) -> None:
    asked = await people.post("inline", from_id=person, query="880")
    (update,) = await bot.get_updates()
    assert update.inline_query

    result = InlineQueryResultArticle(
        id="1", title="T", input_message_content=InputTextMessageContent(message_text="x")
    )
    await bot.answer_inline_query(update.inline_query.id, [result], is_personal=True)

    (answer,) = await people.events("inline_answer")
    assert answer["inline_query_id"] == asked["inline_query_id"]
    assert [found["title"] for found in answer["results"]] == ["T"]
