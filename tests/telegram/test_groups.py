"""Only private chats: nothing is told in groups and channels."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.config import SHARE
from tests.telegram.client import Client, until
from tests.telegram.conftest import Newcomer, bot_settings, home_with, own_emulator, running_bot
from tests.telegram.texts import has_status, say

IIN = "950101500019"
PATIENCE_S = 5.0
World = tuple[aiohttp.ClientSession, Newcomer]


@pytest.fixture(scope="module")
async def world(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    """Give an emulator and a bot of their own, so that the journal is short."""
    register = SHARE / "data" / "sample" / "register.csv"
    home = home_with(register, tmp_path_factory.mktemp("groups") / "home")
    async with (
        own_emulator() as (emulator, newcomer),
        aiohttp.ClientSession(emulator.url) as api,
        running_bot(bot_settings(home, emulator.url)),
    ):
        yield api, newcomer


async def calls(api: aiohttp.ClientSession, method: str, chat_id: int) -> list[dict[str, Any]]:
    async with api.get("/client/journal") as response:
        journal = await response.json()
    return [
        call
        for call in journal
        if call["method"] == method and call["params"].get("chat_id") == chat_id
    ]


async def wait_call(api: aiohttp.ClientSession, method: str, chat_id: int) -> dict[str, Any]:
    async def called() -> bool:
        return bool(await calls(api, method, chat_id))

    await until(called, PATIENCE_S)
    return (await calls(api, method, chat_id))[-1]


async def new_chat(
    api: aiohttp.ClientSession, kind: str, person: Client, *, stays: bool
) -> dict[str, Any]:
    if stays:
        fault = {"kind": "error", "status": 400, "description": "Bad Request: cannot leave"}
        await api.post("/client/faults", json={"method": "leaveChat", "fault": fault})
    body = {"type": kind, "title": '<b>&"', "members": [person.id]}
    async with api.post("/client/chats", json=body) as response:
        chat: dict[str, Any] = await response.json()
    await wait_call(api, "leaveChat", chat["id"])
    return chat


async def post(api: aiohttp.ClientSession, chat: dict[str, Any], person: Client, text: str) -> None:
    path = f"/client/chats/{chat['id']}/messages"
    async with api.post(path, json={"from_id": person.id, "text": text}) as response:
        assert response.ok, await response.text()


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_bot_leaves_where_it_is_added(world: World, kind: str) -> None:
    api, newcomer = world
    person = await newcomer("ru")

    chat = await new_chat(api, kind, person, stays=False)

    assert "error" not in await wait_call(api, "leaveChat", chat["id"])
    assert not await calls(api, "sendMessage", chat["id"])


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize("command", ["start", "start IIN", "forget", "language"])
async def test_command_in_a_group_leads_to_the_private_chat_without_quoting(
    world: World,
    kind: str,
    command: str,
) -> None:
    api, newcomer = world
    person = await newcomer("ru")
    chat = await new_chat(api, kind, person, stays=True)
    async with api.get("/client/state") as response:
        username = (await response.json())["bot"]["username"]
    name, _, rest = command.partition(" ")

    await post(api, chat, person, f"/{name}@{username} {IIN if rest else ''}".strip())
    sent = (await wait_call(api, "sendMessage", chat["id"]))["params"]

    text = "I answer only in private, so that nobody else sees the answer."
    assert sent["text"] == say("ru", text)
    [[button]] = sent["reply_markup"]["inline_keyboard"]
    assert button["url"] == f"https://t.me/{username}"
    assert not {"reply_parameters", "reply_to_message_id"} & set(sent)
    assert "0019" not in str(sent)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_number_in_a_group_or_a_channel_gets_no_status(world: World, kind: str) -> None:
    api, newcomer = world
    person = await newcomer("ru")
    chat = await new_chat(api, kind, person, stays=True)
    async with api.get("/client/state") as response:
        username = (await response.json())["bot"]["username"]

    for text in (IIN, f"@{username} {IIN}", f"/check@{username} {IIN}"):
        await post(api, chat, person, text)
    await person.send(IIN)  # the bot has come to updates later than those

    sent = await calls(api, "sendMessage", chat["id"])
    assert not any(has_status(call["params"]) or "0019" in str(call["params"]) for call in sent)
