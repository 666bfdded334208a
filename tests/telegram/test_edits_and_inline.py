"""Edited messages and inline queries never get a status."""

from typing import Any

import aiohttp
import pytest

from tests.telegram.client import until
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import has_status

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


@pytest.mark.parametrize("query", [IIN, "", "950101"])
async def test_inline_query_gets_an_empty_personal_answer_kept_nowhere(
    newcomer: Newcomer, api: aiohttp.ClientSession, query: str
) -> None:
    person = await newcomer("ru")

    async with api.post("/client/inline", json={"from_id": person.id, "query": query}) as response:
        query_id = (await response.json())["inline_query_id"]
    answered = await inline_answer(api, query_id)

    assert answered["results"] == []
    assert answered["is_personal"] is True
    assert answered["cache_time"] == 0
