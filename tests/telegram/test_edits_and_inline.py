"""Edited messages and inline queries never get a status; questions get cards of guides."""

import re
from typing import Any

import aiohttp
import pytest

from tests.telegram.client import until
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, has_status, status_marks

IIN = "950101500019"


async def inline_answer(api: aiohttp.ClientSession, query_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []

    async def answered() -> bool:
        async with api.get("/client/journal") as response:
            every = [call["params"] for call in await response.json()]
        found.extend(params for params in every if params.get("inline_query_id") == query_id)
        return bool(found)

    await until(answered)
    return found[0]


async def ask_inline(api: aiohttp.ClientSession, person_id: int, query: str) -> dict[str, Any]:
    async with api.post("/client/inline", json={"from_id": person_id, "query": query}) as response:
        return await inline_answer(api, (await response.json())["inline_query_id"])


async def test_edited_message_gets_no_status(
    newcomer: Newcomer, api: aiohttp.ClientSession
) -> None:
    person = await newcomer("ru")
    sent = await person.write("привет")
    await person.next_message()

    path = f"/client/chats/{person.id}/messages/{sent['message_id']}"
    async with api.patch(path, json={"from_id": person.id, "text": IIN}) as response:
        assert response.ok
    await person.send("привет")

    assert not any(has_status(message) for message in await person.messages())


@pytest.mark.parametrize("query", [IIN, "950101", "ИИН 950101500019 МРТ"])
async def test_inline_number_gets_an_empty_answer_kept_nowhere(
    newcomer: Newcomer, api: aiohttp.ClientSession, query: str
) -> None:
    person = await newcomer("ru")

    answered = await ask_inline(api, person.id, query)

    assert answered["results"] == []
    assert answered["is_personal"] is True
    assert answered["cache_time"] == 0


@pytest.mark.parametrize(
    ("language", "query", "found"),
    [
        pytest.param("ru", "диабет", "диабет", id="ru"),
        pytest.param("kk", "жедел жәрдем", "Жедел жәрдем", id="kk"),
        pytest.param("ky", "МРТ", "МРТ", id="ky"),
    ],
)
async def test_inline_question_gets_cards_with_a_link_and_no_status(
    newcomer: Newcomer, api: aiohttp.ClientSession, language: str, query: str, found: str
) -> None:
    person = await newcomer(language)

    cards = (await ask_inline(api, person.id, query))["results"]

    assert found in cards[0]["title"]
    assert found in cards[0]["input_message_content"]["message_text"]
    for card in cards:
        (button,) = card["reply_markup"]["inline_keyboard"][0]
        assert re.fullmatch(r"https://t\.me/\w+\?start=[gs]_[a-z0-9-]+", button["url"])
        assert not any(mark in card["title"] for mark in status_marks())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_empty_inline_query_offers_the_first_guide_of_every_topic(
    newcomer: Newcomer, api: aiohttp.ClientSession, language: str
) -> None:
    person = await newcomer(language)

    cards = (await ask_inline(api, person.id, ""))["results"]

    assert len(cards) >= 8
    assert all(card["title"] and card["description"] for card in cards)
