"""Delivery to a webhook."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendDocument, TelegramMethod
from aiogram.types import BufferedInputFile, Message, Update
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from tests.emulator.conftest import TOKEN, Clock, People, until

Answer = Callable[[web.Request, dict[str, Any]], Awaitable[web.Response]]


class Hook:
    """A webhook that takes everything unless told otherwise."""

    def __init__(self) -> None:
        self.url = ""
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Answer | None = None
        self._arrived = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.updates.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self._arrived.set()
        return await self.answer(request, update) if self.answer else web.Response()

    async def wait(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(5):
            while len(self.updates) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.updates


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def until_nothing_waits(bot: Bot) -> None:
    async def is_empty() -> bool:
        return not (await bot.get_webhook_info()).pending_update_count

    await until(is_empty)


async def until_shown(people: People, person: int, count: int) -> list[dict[str, Any]]:
    async def is_shown() -> bool:
        return len(await people.get(f"chats/{person}/messages")) >= count

    await until(is_shown)
    shown: list[dict[str, Any]] = await people.get(f"chats/{person}/messages")
    return shown


async def test_updates_come_with_the_secret_also_those_from_before(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    await people.write(person, "before")
    await bot.set_webhook(hook.url, secret_token="s3cret")
    await people.write(person, "after")

    updates = await hook.wait(2)

    assert [update["message"]["text"] for update in updates] == ["before", "after"]
    assert hook.secrets == ["s3cret", "s3cret"]
    await until_nothing_waits(bot)


async def test_polling_is_refused_while_a_webhook_is_set(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    await bot.set_webhook(hook.url)

    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()

    await bot.delete_webhook()
    await people.write(person, "polled")
    assert len(await bot.get_updates()) == 1


async def test_refused_update_is_repeated_before_the_next_of_its_chat(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    async def refuse_twice(_: web.Request, __: dict[str, Any]) -> web.Response:
        return web.Response(status=200 if len(hook.updates) > 2 else 503)

    hook.answer = refuse_twice
    await bot.set_webhook(hook.url)
    await people.write(person, "one")
    await people.write(person, "two")

    updates = await hook.wait(4)

    assert [update["message"]["text"] for update in updates] == ["one", "one", "one", "two"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503"


async def test_retry_after_is_honoured(bot: Bot, people: People, person: int, hook: Hook) -> None:
    times: list[float] = []

    async def refuse_once(_: web.Request, __: dict[str, Any]) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        if len(times) == 1:
            return web.Response(status=503, headers={"Retry-After": "1"})
        return web.Response()

    hook.answer = refuse_once
    await bot.set_webhook(hook.url)
    await people.write(person)

    await hook.wait(2)

    assert times[1] - times[0] >= 1


async def test_presses_do_not_wait_for_messages_of_the_same_person(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    async def refuse_messages(_: web.Request, update: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if "message" in update else 200)

    hook.answer = refuse_messages
    await bot.set_webhook(hook.url)
    await people.write(person)
    await people.press(person, 1)

    async def is_pressed() -> bool:
        return any("callback_query" in update for update in hook.updates)

    await until(is_pressed)

    assert (await bot.get_webhook_info()).pending_update_count >= 1


async def test_method_in_the_answer_is_carried_out(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    async def reply(_: web.Request, update: dict[str, Any]) -> web.Response:
        return web.json_response(
            {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "re"}
        )

    hook.answer = reply
    await bot.set_webhook(hook.url)
    await people.write(person)
    await until_nothing_waits(bot)

    await until_shown(people, person, 3)
    assert [entry["method"] for entry in await people.get("journal")].count("sendMessage") == 1


async def test_aiogram_answers_with_a_file_in_a_multipart_body(
    bot: Bot, people: People, person: int
) -> None:
    async def reply(message: Message) -> TelegramMethod[Any]:
        file = BufferedInputFile(b"abc", "a.txt")
        return SendDocument(chat_id=message.chat.id, document=file, caption="here")

    dispatcher = Dispatcher()
    dispatcher.message.register(reply)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token="x").register(
        app, "/hook"
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        await bot.set_webhook(url, secret_token="x")
        await people.write(person, "send it")
        shown = await until_shown(people, person, 3)
        await bot.delete_webhook()
    finally:
        await bot.session.create_session()  # type: ignore[attr-defined]
        await runner.cleanup()

    assert (shown[-1]["document"]["file_name"], shown[-1]["caption"]) == ("a.txt", "here")


async def test_dropped_updates_are_gone(bot: Bot, people: People, person: int, hook: Hook) -> None:
    await people.write(person, "old")
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await people.write(person, "new")

    (update,) = await hook.wait(1)

    assert update["message"]["text"] == "new"
    assert Update.model_validate(update)


@pytest.mark.parametrize(
    ("url", "secret", "reason"),
    [
        ("ftp://e.kz", None, "bad webhook"),
        ("http://127.0.0.1:1/", "no spaces", "unallowed characters"),
    ],
)
async def test_wrong_webhook_is_refused(
    bot: Bot, url: str, secret: str | None, reason: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.set_webhook(url, secret_token=secret)


async def test_closed_port_is_reported(bot: Bot, people: People, person: int) -> None:
    await bot.set_webhook("http://127.0.0.1:1/")
    await people.write(person)

    async def is_noted() -> bool:
        return bool((await bot.get_webhook_info()).last_error_message)

    await until(is_noted)
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 1
    assert info.last_error_message
    assert TOKEN not in info.last_error_message


async def test_delays_double_up_to_a_bound_that_is_drawn_anew(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    times: list[float] = []

    async def refuse(_: web.Request, __: dict[str, Any]) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=500)

    hook.answer = refuse
    await bot.set_webhook(hook.url)
    await people.write(person)

    await hook.wait(9)

    delays = [after - before for before, after in itertools.pairwise(times)]
    for delay, least in zip(delays, [0, 0.02, 0.04, 0.08, 0.16, 0.32, 0.6, 0.6], strict=True):
        assert least <= delay < 2 * least + 0.3
    assert max(delays) < 1.5


@pytest.mark.parametrize(
    ("kind", "lifetime_s"), [("message", 24 * 60 * 60), ("callback_query", 150)]
)
async def test_update_that_nobody_takes_is_given_up_when_it_is_too_old(
    bot: Bot, people: People, person: int, hook: Hook, clock: Clock, kind: str, lifetime_s: int
) -> None:
    async def refuse(_: web.Request, __: dict[str, Any]) -> web.Response:
        clock.now += lifetime_s
        return web.Response(status=500)

    hook.answer = refuse
    await bot.set_webhook(hook.url)
    before = (await people.get("updates"))[-1]["update"]["update_id"]
    await (people.write(person) if kind == "message" else people.press(person, 1))

    await until_nothing_waits(bot)

    [entry] = await people.get(f"updates?after={before}")
    assert kind in entry["update"]
    assert entry["end"] == "expired"
    assert len(hook.updates) == 1


async def test_webhook_that_takes_nothing_is_tried_by_one_connection_at_a_time(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    in_hand, most = 0, []

    async def refuse(_: web.Request, __: dict[str, Any]) -> web.Response:
        nonlocal in_hand
        in_hand += 1
        most.append(in_hand)
        await asyncio.sleep(0.02)
        in_hand -= 1
        return web.Response(status=503 if len(hook.updates) < 40 else 200)

    hook.answer = refuse
    others = [await people.add() for _ in range(5)]
    await bot.set_webhook(hook.url)
    for each in (person, *others):
        await people.write(each)

    await until_nothing_waits(bot)

    assert max(most[:6]) > 1
    assert max(most[20:40]) == 1
    ends = {entry["end"] for entry in (await people.get("updates"))[-6:]}
    assert ends == {"taken"}


async def test_word_of_a_block_does_not_wait_for_the_messages_of_the_chat(
    bot: Bot, people: People, person: int, hook: Hook
) -> None:
    async def refuse_messages(_: web.Request, update: dict[str, Any]) -> web.Response:
        return web.Response(status=500 if "message" in update else 200)

    hook.answer = refuse_messages
    await bot.set_webhook(hook.url)
    await people.write(person)
    await people.post("block", user_id=person, blocked=True)

    async def is_told() -> bool:
        return any("my_chat_member" in update for update in hook.updates)

    await until(is_told)
