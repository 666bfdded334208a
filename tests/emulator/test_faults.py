"""Scripted failures and the journal that tells what really happened."""

import asyncio
import time
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import BufferedInputFile
from aiohttp import ServerDisconnectedError

from bot.emulator import Emulator
from tests.emulator.conftest import People


async def schedule(people: People, fault: dict[str, Any], **when: Any) -> None:
    await people.post("faults", fault=fault, **when)


async def sent_texts(people: People, person: int) -> list[str]:
    return [message["text"] for message in await people.get(f"chats/{person}/messages")][1:]


async def test_429_says_how_long_to_wait(bot: Bot, people: People, person: int) -> None:
    await schedule(people, {"kind": "429", "retry_after": 35}, method="sendMessage")

    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(person, "a")

    assert refusal.value.retry_after == 35
    assert await sent_texts(people, person) == []
    await bot.send_message(person, "b")
    assert await sent_texts(people, person) == ["b"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, TelegramServerError),
        (502, TelegramServerError),
        (401, TelegramUnauthorizedError),
        (403, TelegramForbiddenError),
    ],
)
async def test_any_status_can_be_answered(
    bot: Bot, people: People, person: int, status: int, error: type[Exception]
) -> None:
    await schedule(people, {"kind": "error", "status": status})

    with pytest.raises(error):
        await bot.send_message(person, "a")

    assert await sent_texts(people, person) == []


async def test_error_page_of_a_proxy_is_html(bot: Bot, people: People, person: int) -> None:
    await schedule(people, {"kind": "error", "status": 502, "html": True})

    with pytest.raises(ClientDecodeError):
        await bot.send_message(person, "a")


@pytest.mark.parametrize(("kind", "expected"), [("reset_before", []), ("reset_after", ["a"])])
async def test_connection_is_closed_before_or_after_the_call(
    bot: Bot, people: People, person: int, kind: str, expected: list[str]
) -> None:
    await schedule(people, {"kind": kind})

    with pytest.raises(TelegramNetworkError) as failure:
        await bot.send_message(person, "a")

    assert isinstance(failure.value.__cause__, ServerDisconnectedError)
    assert await sent_texts(people, person) == expected


async def test_hanging_call_is_carried_out_and_never_answered(
    bot: Bot, people: People, person: int
) -> None:
    await schedule(people, {"kind": "hang"})
    assert isinstance(bot.session, AiohttpSession)
    bot.session.timeout = 0.2

    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.send_message(person, "a")

    assert await sent_texts(people, person) == ["a"]


async def test_slow_call_takes_its_time(bot: Bot, people: People, person: int) -> None:
    await schedule(people, {"kind": "slow", "seconds": 0.2})
    start = time.monotonic()

    await bot.send_message(person, "a")

    assert time.monotonic() - start >= 0.2
    assert await sent_texts(people, person) == ["a"]


async def test_fault_meets_the_nth_matching_call_as_often_as_it_says(
    bot: Bot, people: People, person: int
) -> None:
    other = await people.add("Other")
    await people.write(other)
    await schedule(
        people,
        {"kind": "error", "status": 500},
        method="SENDMESSAGE",
        chat_id=person,
        nth=2,
        times=2,
    )

    outcomes = []
    for number in range(5):
        await bot.send_message(other, "unharmed")
        await bot.send_chat_action(person, "typing")
        try:
            await bot.send_message(person, str(number))
            outcomes.append(True)
        except TelegramServerError:
            outcomes.append(False)

    assert outcomes == [True, False, False, True, True]


async def test_faults_are_forgotten_on_demand(bot: Bot, people: People, person: int) -> None:
    await schedule(people, {"kind": "429", "retry_after": 1}, times=5)
    async with people.session.delete(f"{people.url}/client/faults") as response:
        assert response.status == 200

    assert await bot.send_message(person, "a")


async def test_journal_tells_calls_faults_and_outcomes(
    bot: Bot, people: People, person: int
) -> None:
    before = (await people.get("journal"))[-1]["id"]
    await bot.send_message(person, "a")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(person, "<b>", parse_mode="HTML")
    await schedule(people, {"kind": "429", "retry_after": 3})
    with pytest.raises(TelegramRetryAfter):
        await bot.send_message(person, "c")

    calls = await people.get(f"journal?after={before}")

    assert [call["id"] for call in calls] == [before + 1, before + 2, before + 3]
    assert {call["method"] for call in calls} == {"sendMessage"}
    assert {call["chat_id"] for call in calls} == {person}
    assert calls[0]["params"] == {"chat_id": person, "text": "a"}
    assert calls[0]["result"]["text"] == "a"
    assert calls[1]["error"]["error_code"] == 400
    assert calls[2]["error"]["parameters"] == {"retry_after": 3}
    assert [call["fault"] for call in calls] == [None, None, "429"]
    assert calls[0]["at"] > 0
    assert calls[0]["monotonic"] <= calls[2]["monotonic"]


async def test_journal_names_files_instead_of_their_contents(
    bot: Bot, people: People, person: int
) -> None:
    await bot.send_document(person, BufferedInputFile(b"12345", "a.txt"), caption="x")

    entry = (await people.get("journal"))[-1]

    assert entry["params"] == {
        "chat_id": person,
        "caption": "x",
        "document": {"name": "a.txt", "size": 5},
    }


async def test_unknown_method_is_in_the_journal_too(people: People) -> None:
    await people.call("getNothing", a=1)

    entry = (await people.get("journal"))[-1]

    assert (entry["method"], entry["error"]["error_code"]) == ("getNothing", 404)


async def test_hanging_calls_end_with_the_server(people: People) -> None:
    async with Emulator() as emulator:
        others = People(emulator.url, people.session)
        await schedule(others, {"kind": "hang"})
        call = asyncio.create_task(others.call("getMe"))
        await asyncio.sleep(0.05)
        assert not call.done()

    with pytest.raises(ServerDisconnectedError):
        await asyncio.wait_for(call, 1)


async def test_fault_of_a_person_meets_the_answers_to_the_presses_of_that_person_alone(
    bot: Bot, people: People, person: int
) -> None:
    other = await people.add()
    await people.write(other)
    await people.post(
        "faults", method="answerCallbackQuery", chat_id=person, fault={"kind": "error"}
    )

    await bot.answer_callback_query(await people.press(other, 1))
    with pytest.raises(TelegramServerError):
        await bot.answer_callback_query(await people.press(person, 1))
