"""Every call goes out in its turn, waits as long as Telegram asks, and nothing is sent twice."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiohttp import ClientTimeout, web
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator import Emulator
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.gate import Gate, Traffic, sending
from bot.telegram.pace import Pace, Ticks
from bot.telegram.session import JsonSession
from bot.web.server import listening
from tests.telegram.conftest import TOKEN
from tests.telegram.process import free_port

_PATIENCE = ClientTimeout(total=1, sock_connect=0.3)


@asynccontextmanager
async def bot_at(url: str, **options: Any) -> AsyncIterator[Bot]:
    session = JsonSession(_PATIENCE)
    session.api = TelegramAPIServer.from_base(url)
    session.middleware(Gate(**options))
    async with Bot(TOKEN, session=session) as bot:
        yield bot


class Side:
    """The people's side of the emulator, for those who look at single calls."""

    def __init__(self, api: aiohttp.ClientSession) -> None:
        self._api = api

    async def people(self, number: int) -> list[int]:
        """Bring people who have written to the bot, so that it may write to them."""
        return [await self._newcomer() for _ in range(number)]

    async def _newcomer(self) -> int:
        person = await self._post("/client/people", first_name="Тест", language_code="ru")
        chat_id = int(person["id"])
        await self._post(f"/client/chats/{chat_id}/messages", from_id=chat_id, text="/start")
        return chat_id

    async def fail(self, method: str, chat_id: int, times: int = 1, **fault: Any) -> None:
        await self._post("/client/faults", method=method, chat_id=chat_id, times=times, fault=fault)

    async def times(self, chat_id: int, method: str = "sendMessage") -> list[float]:
        """Give when each call for the chat came in, in seconds."""
        return [call["at"] for call in await self._calls(chat_id, method)]

    async def arrived(self, chat_id: int) -> int:
        """Count the messages that the person has."""
        async with self._api.get(f"/client/chats/{chat_id}/messages") as response:
            messages = await response.json()
        return sum(message["from"]["is_bot"] for message in messages)

    async def _calls(self, chat_id: int, method: str) -> list[dict[str, Any]]:
        async with self._api.get("/client/journal") as response:
            calls = [call for call in await response.json() if call["method"] == method]
        return [call for call in calls if call["chat_id"] == chat_id]

    async def _post(self, path: str, **body: Any) -> Any:
        async with self._api.post(path, json=body) as response:
            assert response.ok, await response.text()
            return await response.json()


@pytest.fixture
async def side() -> AsyncIterator[tuple[Side, str]]:
    async with Emulator() as emulator, aiohttp.ClientSession(emulator.url) as api:
        yield Side(api), emulator.url


async def error_of(call: Awaitable[object]) -> TelegramAPIError:
    with pytest.raises(TelegramAPIError) as caught:
        await call
    return caught.value


async def test_f02_answer_waits_exactly_as_asked_and_other_people_do_not(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        flooder, other = await world.people(2)
        await world.fail("sendMessage", flooder, kind="429", retry_after=1)

        await asyncio.gather(
            bot.send_message(flooder, "1"),
            _after(0.1, lambda: bot.send_message(flooder, "2")),
            _after(0.1, lambda: bot.send_message(other, "3")),
        )
        refused, *later = await world.times(flooder)
        [served] = await world.times(other)

    assert len(later) == 2
    assert all(1 <= at - refused < 2 for at in later)
    assert served - refused < 1


async def test_f02_broadcast_is_held_back_as_a_whole_and_answers_are_not(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url, bulk_per_s=100) as bot:
        refused_one, second, resident = await world.people(3)
        await world.fail("sendMessage", refused_one, kind="429", retry_after=1)

        with sending(Traffic.BROADCAST):
            first = asyncio.create_task(bot.send_message(refused_one, "news"))
            await asyncio.sleep(0.1)
            rest = asyncio.create_task(bot.send_message(second, "news"))
        await bot.send_message(resident, "answer")
        await asyncio.gather(first, rest)
        refused, again = await world.times(refused_one)
        [held] = await world.times(second)
        [answered] = await world.times(resident)

    assert min(again, held) - refused >= 1
    assert answered - refused < 1


@pytest.mark.parametrize("seconds", [35, 10_072])
async def test_f02_pause_too_long_for_a_person_is_told_and_kept(
    side: tuple[Side, str], seconds: int
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        await world.fail("sendMessage", person, kind="429", retry_after=seconds)
        errors = [await error_of(bot.send_message(person, "1")) for _ in range(3)]
        calls = await world.times(person)

    assert [type(error) for error in errors] == [TelegramRetryAfter] * 3
    assert len(calls) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("html", [False, True], ids=["json", "html"])
async def test_f03_message_that_a_failing_server_may_have_sent_is_not_sent_again(
    side: tuple[Side, str], status: int, html: bool
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        await world.fail("sendMessage", person, kind="error", status=status, html=html)
        error = await error_of(bot.send_message(person, "1"))
        calls = await world.times(person)

    assert delivery_after(error) is Delivery.MAYBE_SENT
    assert len(calls) == 1


@pytest.mark.parametrize("html", [False, True], ids=["json", "html"])
async def test_f03_edit_is_repeated_until_the_server_is_well(
    side: tuple[Side, str], html: bool
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        sent = await bot.send_message(person, "1")
        await world.fail("editMessageText", person, 3, kind="error", status=502, html=html)
        await bot.edit_message_text("2", chat_id=person, message_id=sent.message_id)
        calls = await world.times(person, "editMessageText")

    assert len(calls) == 4
    pauses = [later - earlier for earlier, later in pairwise(calls)]
    assert pauses[0] >= 0.3
    assert pauses[2] > pauses[0]


async def test_f03_attempts_have_an_end(side: tuple[Side, str]) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        sent = await bot.send_message(person, "1")
        await world.fail("editMessageText", person, 9, kind="error", status=500)
        await error_of(bot.edit_message_text("2", chat_id=person, message_id=sent.message_id))
        calls = await world.times(person, "editMessageText")

    assert len(calls) == 4


async def test_f04_message_is_sent_once_there_is_a_server_to_connect_to() -> None:
    port = free_port()
    async with bot_at(f"http://127.0.0.1:{port}") as bot:
        sent = asyncio.create_task(error_of(bot.send_message(1, "1")))
        await asyncio.sleep(0.1)
        async with Emulator(port=port) as emulator, aiohttp.ClientSession(emulator.url) as api:
            refusal = await sent
            calls = await Side(api).times(1)

    # A server that has just begun knows nobody; it is enough that the message came to it.
    assert isinstance(refusal, TelegramBadRequest)
    assert len(calls) == 1


async def test_f04_message_to_nobody_listening_is_surely_not_sent() -> None:
    async with bot_at(f"http://127.0.0.1:{free_port()}") as bot:
        error = await error_of(bot.send_message(1, "1"))

    assert delivery_after(error) is Delivery.NOT_SENT


async def test_f39_message_to_a_name_that_is_not_found_is_surely_not_sent() -> None:
    # No server may have a name in .invalid (RFC 6761).
    async with bot_at("http://telegram.invalid") as bot:
        error = await error_of(bot.send_message(1, "1"))

    assert delivery_after(error) is Delivery.NOT_SENT


@pytest.mark.parametrize(("kind", "arrived"), [("reset_before", 0), ("reset_after", 1)])
async def test_f04_broken_connection_leaves_it_open_and_is_not_tried_again(
    side: tuple[Side, str], kind: str, arrived: int
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        await world.fail("sendMessage", person, kind=kind)
        error = await error_of(bot.send_message(person, "1"))

        assert delivery_after(error) is Delivery.MAYBE_SENT
        assert len(await world.times(person)) == 1
        assert await world.arrived(person) == arrived


async def test_f05_message_that_was_taken_and_never_answered_is_not_tried_again(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        await world.fail("sendMessage", person, kind="hang")
        error = await error_of(bot.send_message(person, "1"))

        assert delivery_after(error) is Delivery.MAYBE_SENT
        assert await world.arrived(person) == 1


async def test_f05_connection_that_does_not_come_about_in_time_is_surely_not_sent() -> None:
    # A queue that is full: the system drops further attempts to connect without a word.
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        async with bot_at(f"http://127.0.0.1:{deaf.getsockname()[1]}") as bot:
            error = await error_of(bot.send_message(1, "1"))
        for each in waiting:
            each.close()

    assert delivery_after(error) is Delivery.NOT_SENT


async def test_f05_answer_that_is_no_text_leaves_open_whether_the_message_was_sent() -> None:
    calls = []

    async def answer(request: web.Request) -> web.Response:
        calls.append(request.path.rpartition("/")[2])
        return web.Response(body=b"\xff\xfe\xfa", content_type="application/json")

    port = free_port()
    async with (
        listening("127.0.0.1", port, [web.post("/{call:.+}", answer)]),
        bot_at(f"http://127.0.0.1:{port}") as bot,
    ):
        error = await error_of(bot.send_message(1, "1"))
        await error_of(bot.get_me())

    assert delivery_after(error) is Delivery.MAYBE_SENT
    assert calls == ["sendMessage", *["getMe"] * 4]


async def test_what_telegram_refuses_is_not_sent(side: tuple[Side, str]) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        blocked = "Forbidden: bot was blocked by the user"
        await world.fail("sendMessage", person, kind="error", status=403, description=blocked)
        error = await error_of(bot.send_message(person, "1"))

    assert isinstance(error, TelegramForbiddenError)
    assert delivery_after(error) is Delivery.NOT_SENT


async def test_messages_to_one_chat_are_a_second_apart_after_the_first_five(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        person, other = await world.people(2)
        await asyncio.gather(*(bot.send_message(person, str(number)) for number in range(7)))
        await bot.send_message(other, "1")
        times = sorted(await world.times(person))

    assert times[4] - times[0] < 0.95
    assert times[5] - times[0] >= 0.95
    assert times[6] - times[5] >= 0.95


async def test_reminders_and_broadcasts_share_one_bucket_and_answers_do_not_wait_for_it(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url, bulk_per_s=10) as bot:
        people = await world.people(13)
        began = time.monotonic()
        bulk = []
        for kind, group in ((Traffic.BROADCAST, people[:5]), (Traffic.REMINDER, people[5:10])):
            with sending(kind):
                bulk += [asyncio.create_task(bot.send_message(one, "1")) for one in group]
        await asyncio.gather(*(bot.send_message(one, "1") for one in people[10:]))
        answered_s = time.monotonic() - began
        await asyncio.gather(*bulk)
        times = sorted([at for one in people[:10] for at in await world.times(one)])

    assert answered_s < 0.85
    # Nine turns of a tenth; two buckets would take half as long. A busy machine delays the first.
    assert times[-1] - times[0] >= 0.7


async def test_board_that_telegram_holds_back_does_not_wait_and_holds_no_answer(
    side: tuple[Side, str],
) -> None:
    world, url = side
    async with bot_at(url) as bot:
        person, other = await world.people(2)
        message, others = [await bot.send_message(one, "0 %") for one in (person, other)]
        await world.fail("editMessageText", person, kind="429", retry_after=20)
        began = time.monotonic()
        with sending(Traffic.BOARD):
            for text in ("1 %", "2 %"):
                with pytest.raises(TelegramRetryAfter):
                    await message.edit_text(text)
            await others.edit_text("1 %")
        await bot.send_message(person, "answer")
        took_s = time.monotonic() - began

    assert took_s < 2
    assert len(await world.times(person, "editMessageText")) == 1
    assert len(await world.times(person)) == 2


async def test_board_leaves_a_chat_alone_whose_answers_must_wait(side: tuple[Side, str]) -> None:
    world, url = side
    async with bot_at(url) as bot:
        [person] = await world.people(1)
        message = await bot.send_message(person, "0 %")
        await world.fail("sendMessage", person, kind="429", retry_after=2)
        answer = asyncio.create_task(bot.send_message(person, "answer"))
        await asyncio.sleep(0.3)
        with sending(Traffic.BOARD), pytest.raises(TelegramRetryAfter):
            await message.edit_text("1 %")
        await answer
        with sending(Traffic.BOARD):
            await message.edit_text("2 %")

    assert len(await world.times(person, "editMessageText")) == 1


async def test_boards_do_not_use_up_the_bucket_of_broadcasts(side: tuple[Side, str]) -> None:
    world, url = side
    async with bot_at(url, bulk_per_s=2) as bot:
        people = await world.people(6)
        messages = [await bot.send_message(one, "0 %") for one in people]
        began = time.monotonic()
        with sending(Traffic.BOARD):
            edits = [
                bot.edit_message_text("1 %", chat_id=one, message_id=message.message_id)
                for one, message in zip(people, messages, strict=True)
            ]
            await asyncio.gather(*edits)
        took_s = time.monotonic() - began

    assert took_s < 1.5


@given(
    st.floats(0.001, 10), st.integers(1, 30), st.lists(st.floats(0, 20), min_size=1, max_size=60)
)
def test_pace_never_gives_more_turns_than_it_may(
    interval_s: float, burst: int, pauses: list[float]
) -> None:
    pace, now, turns = Pace(interval_s, burst), 1000.0, []
    for pause in pauses:
        now += pause
        turns.append(now + pace.reserve(now))

    assert turns == sorted(turns)
    for first, begin in enumerate(turns):
        for number, end in enumerate(turns[first:], start=1):
            assert number <= burst + (end - begin) / interval_s + 1e-6


async def test_of_many_who_are_due_a_few_leave_before_others_have_their_turn() -> None:
    ticks, left, seen = Ticks(0.05, at_once=4), 0, []

    async def leave() -> None:
        nonlocal left
        await ticks.wait(0.01)
        left += 1

    began = time.monotonic()
    waiting = [asyncio.create_task(leave()) for _ in range(50)]
    waiting[3].cancel()
    while left < 49:
        await asyncio.sleep(0)
        seen.append(left)

    assert time.monotonic() - began >= 0.01
    assert max(later - earlier for earlier, later in pairwise(seen)) <= 4
    assert waiting[3].cancelled()


async def _after(seconds: float, call: Callable[[], Awaitable[object]]) -> None:
    await asyncio.sleep(seconds)
    await call()
