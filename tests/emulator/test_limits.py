"""Telegram's limits on texts, captions and keyboards."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from tests.emulator.conftest import People


async def refusal_of(people: People, method: str, **params: Any) -> str:
    status, answer = await people.call(method, **params)
    assert status == answer["error_code"] == 400
    assert not answer["ok"]
    return str(answer["description"]).removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 4096, id="letters"),
        pytest.param("😀" * 2048, id="symbols-of-two-units"),
        pytest.param("<b>" + "x" * 4096 + "</b>", id="markup-does-not-count"),
        pytest.param("  " + "x" * 4096 + "\n", id="white-space-is-cut"),
        pytest.param("&lt;" * 4096, id="references-count-as-one"),
    ],
)
async def test_text_of_4096_units_is_accepted(bot: Bot, person: int, text: str) -> None:
    message = await bot.send_message(person, text, parse_mode="HTML")

    assert message.text


@pytest.mark.parametrize("text", ["x" * 4097, "😀" * 2048 + "x"])
async def test_longer_text_is_refused(people: People, person: int, text: str) -> None:
    assert await refusal_of(people, "sendMessage", chat_id=person, text=text) == (
        "message is too long"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "message text is empty"), (" \n", "text must be non-empty")],
)
async def test_empty_text_is_refused(people: People, person: int, text: str, reason: str) -> None:
    assert await refusal_of(people, "sendMessage", chat_id=person, text=text) == reason


async def test_caption_of_more_than_1024_units_is_refused(bot: Bot, person: int) -> None:
    document = BufferedInputFile(b"x", "a.txt")

    await bot.send_document(
        person, document, caption="<b>" + "x" * 1024 + "</b>", parse_mode="HTML"
    )

    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_document(person, document, caption="x" * 1025)


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "bold", "offset": 3, "length": 2}, "entity at 3 of length 2 is outside the text"),
        ({"type": "bold", "offset": 0, "length": 0}, "entity at 0 of length 0 is outside the text"),
        (
            {"type": "bold", "offset": 0, "length": 1},
            "entity begins or ends in the middle of a symbol at 1",
        ),
    ],
)
async def test_entity_outside_the_text_is_refused(
    people: People, person: int, entity: dict[str, Any], reason: str
) -> None:
    found = await refusal_of(people, "sendMessage", chat_id=person, text="😀ab", entities=[entity])

    assert found == reason


async def test_explicit_entities_move_with_the_trimmed_text(people: People, person: int) -> None:
    _, answer = await people.call(
        "sendMessage",
        chat_id=person,
        text="  ab  ",
        entities=[{"type": "bold", "offset": 3, "length": 3}],
    )

    assert answer["result"]["text"] == "ab"
    assert answer["result"]["entities"] == [{"type": "bold", "offset": 1, "length": 1}]


async def test_markdown_is_refused_clearly(people: People, person: int) -> None:
    found = await refusal_of(
        people, "sendMessage", chat_id=person, text="*a*", parse_mode="MarkdownV2"
    )

    assert found == "can't parse entities: MarkdownV2 is not built in; use HTML"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "a", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "ә" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
        (
            {"text": "a"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "a", "callback_data": "x", "url": "https://e.kz"},
            "inline keyboard button has several actions: callback_data, url",
        ),
        (
            {"text": "a", "url": "javascript:alert(1)"},
            "inline keyboard button URL 'javascript:alert(1)' is invalid: Wrong HTTP URL",
        ),
        ({"text": "a", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "a", "web_app": {"url": "http://e"}},
            (
                "inline keyboard button Web App URL 'http://e' is invalid: "
                "Only HTTPS links are allowed"
            ),
        ),
    ],
)
async def test_bad_button_is_refused(
    people: People, person: int, button: dict[str, Any], reason: str
) -> None:
    markup = {"inline_keyboard": [[button]]}

    found = await refusal_of(people, "sendMessage", chat_id=person, text="a", reply_markup=markup)

    assert found == reason


@pytest.mark.parametrize(
    "button",
    [
        {"text": "a", "callback_data": "x" * 64},
        {"text": "a", "url": "https://e.kz/ә?x=1"},
        {"text": "a", "url": "e.kz"},
        {"text": "a", "url": "http://127.0.0.1:8080/"},
        {"text": "a", "url": "tg://user?id=1"},
        {"text": "a", "copy_text": {"text": "x" * 256}},
        {"text": "a", "switch_inline_query": ""},
        {"text": "a", "web_app": {"url": "https://e.kz"}},
    ],
)
async def test_good_button_is_kept(people: People, person: int, button: dict[str, Any]) -> None:
    markup = {"inline_keyboard": [[button]]}

    _, answer = await people.call("sendMessage", chat_id=person, text="a", reply_markup=markup)

    assert answer["result"]["reply_markup"] == markup


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([1] * 101, "reply markup is too long"),
        ([9], "reply markup has too many buttons in a row"),
    ],
)
async def test_too_many_buttons_are_refused(
    bot: Bot, person: int, rows: list[int], reason: str
) -> None:
    button = InlineKeyboardButton(text="a", callback_data="x")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button] * width for width in rows])

    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.send_message(person, "a", reply_markup=markup)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"nonsense": 1}, "unknown parameter nonsense"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_dat": "x"}]]}},
            "unknown parameter reply_markup.inline_keyboard[0][0].callback_dat",
        ),
        ({"text": None}, "message text is empty"),
        ({"chat_id": None}, "chat_id is empty"),
        (
            {"business_connection_id": "x"},
            "parameter business_connection_id is known but not built in this server",
        ),
    ],
)
async def test_parameters_are_checked(
    people: People, person: int, params: dict[str, Any], reason: str
) -> None:
    call = {"chat_id": person, "text": "a"} | params

    assert await refusal_of(people, "sendMessage", **call) == reason
