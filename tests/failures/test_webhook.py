"""The webhook: 2xx only when done, one effect per update, and nothing for strangers."""

import asyncio
import contextlib
import io
import itertools
import json
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.emulator import Emulator
from tests.conftest import SAMPLE_REGISTER
from tests.failures import texts
from tests.failures.crowd import UNINSURED, Crowd, gather_crowd
from tests.failures.running import SECRET, variables
from tests.telegram.client import until
from tests.telegram.conftest import bot_settings, home_with, running_bot
from tests.telegram.process import BotProcess, free_port

HEADER = "X-Telegram-Bot-Api-Secret-Token"
pytestmark = pytest.mark.timeout(300)
SECRET_TEXT = "a text that nobody may read in a log"
_numbers = itertools.count(10_000)


@dataclass(frozen=True)
class Hook:
    """A bot that waits for updates, and somebody who knows its secret."""

    url: str
    api: aiohttp.ClientSession
    session: aiohttp.ClientSession
    port: int
    home: Path

    async def deliver(self, update: Any, **headers: str) -> tuple[int, str | None]:
        """Post an update as Telegram does; give the status and Retry-After."""
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        given = {HEADER: SECRET, "Content-Type": "application/json", **headers}
        async with self.session.post("/hook", data=io.BytesIO(body), headers=given) as response:
            return response.status, response.headers.get("Retry-After")


def message(person: int, text: str = UNINSURED) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "update_id": number,
        "message": {
            "message_id": 900_000 + number,
            "date": 1_795_219_200,
            "chat": {"id": person, "type": "private", "first_name": "X"},
            "from": {"id": person, "is_bot": False, "first_name": "X", "language_code": "ru"},
            "text": text,
        },
    }


@asynccontextmanager
async def listening_bot(home: Path) -> AsyncIterator[Hook]:
    """Run a bot by webhook to which updates are brought by hand."""
    port = free_port()
    async with (
        Emulator() as emulator,
        aiohttp.ClientSession(emulator.url) as api,
        running_bot(
            bot_settings(
                home,
                emulator.url,
                webhook_url=f"http://127.0.0.1:{port}/hook",
                webhook_secret=SECRET,
                web_port=port,
            )
        ),
        aiohttp.ClientSession(
            f"http://127.0.0.1:{port}", connector=aiohttp.TCPConnector(limit=0)
        ) as session,
    ):
        hook = Hook(emulator.url, api, session, port, home)

        async def is_set() -> bool:
            return bool(await Crowd(api, []).calls("setWebhook"))

        await until(is_set, 60)
        async with api.post("/bot7000000000:somebody-who-looks-on/deleteWebhook") as response:
            assert response.ok
        yield hook


@pytest.fixture(scope="module")
async def hook(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hook]:
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("webhook") / "home")
    async with listening_bot(home) as hook:
        yield hook


@pytest.fixture
async def crowd(hook: Hook) -> AsyncIterator[Crowd]:
    """Give three people who have started the bot."""
    crowd = await started_crowd(hook)
    yield crowd
    await crowd.heal()


async def started_crowd(hook: Hook) -> Crowd:
    crowd = await gather_crowd(hook.api, hook.home, 3)
    await crowd.write()
    return crowd


async def test_update_is_answered_before_it_is_acknowledged(hook: Hook, crowd: Crowd) -> None:
    person = crowd.ids[0]

    status, _ = await hook.deliver(message(person))

    assert status == 200
    assert (await crowd.answers())[person] == 1


async def test_webhook_is_set_with_the_secret_and_the_kinds_of_updates(
    hook: Hook, crowd: Crowd
) -> None:
    [call] = await crowd.calls("setWebhook")

    assert call["params"]["secret_token"] == SECRET
    assert call["params"]["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "inline_query",
    ]
    assert call["params"]["max_connections"] == 100


async def test_f06_same_update_50_times_at_once_has_one_effect_and_one_reply(
    hook: Hook, crowd: Crowd
) -> None:
    person = crowd.ids[0]

    update = message(person)
    results = await asyncio.gather(*(hook.deliver(update) for _ in range(50)))
    again = await hook.deliver(update)

    assert {status for status, _ in (*results, again)} == {200}
    assert (await crowd.answers())[person] == 1


async def test_f06_update_past_the_deadline_stays_claimed_and_is_answered_once(
    hook: Hook, crowd: Crowd
) -> None:
    person, other, _ = crowd.ids
    await crowd.fail("sendMessage", chat_id=person, kind="slow", seconds=9)

    update = message(person)
    first = await hook.deliver(update)
    second = await hook.deliver(update)

    assert first == (503, "1")
    assert second[0] == 200
    assert (await crowd.answers())[person] == 1
    assert (await hook.deliver(message(other)))[0] == 200


async def test_f47_more_than_the_bot_can_hold_is_asked_to_come_later(
    hook: Hook, crowd: Crowd
) -> None:
    person = crowd.ids[0]
    await crowd.fail("leaveChat", 1000, kind="slow", seconds=2)

    results = await asyncio.gather(
        *(hook.deliver(joined(number)) for number in range(1_000, 1_120))
    )
    await crowd.heal()

    assert results.count((503, "1")) == 20
    assert (await hook.deliver(message(person)))[0] == 200


def joined(number: int) -> dict[str, Any]:
    """Somebody adds the bot to a group, which it leaves: updates of many people at once."""
    bot = {"id": 7_000_000_000, "is_bot": True, "first_name": "Saqbol"}
    return {
        "update_id": number,
        "my_chat_member": {
            "chat": {"id": -100_000 - number, "type": "group", "title": "X"},
            "from": {"id": 500_000 + number, "is_bot": False, "first_name": "X"},
            "date": 1_795_219_200,
            "old_chat_member": {"status": "left", "user": bot},
            "new_chat_member": {"status": "member", "user": bot},
        },
    }


async def test_f38_update_that_fails_three_times_is_taken_and_others_are_served(
    hook: Hook, crowd: Crowd
) -> None:
    malformed = {"update_id": next(_numbers), "message": {"message_id": SECRET_TEXT}}

    tries = [await hook.deliver(malformed) for _ in range(4)]

    assert tries == [(503, "1"), (503, "1"), (200, None), (200, None)]
    assert (await hook.deliver(message(crowd.ids[0])))[0] == 200


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        pytest.param({"update_id": 1}, {HEADER: "wrong"}, 401, id="bad-secret"),
        pytest.param({"update_id": 1}, {HEADER: ""}, 401, id="empty-secret"),
        pytest.param({"update_id": 1}, {HEADER: "құпия"}, 401, id="non-ascii-secret"),
        pytest.param({"update_id": 1}, {"Content-Type": "text/plain"}, 415, id="text"),
        pytest.param({"update_id": 1}, {"Content-Type": "x"}, 415, id="odd-type"),
        pytest.param(b"{", {}, 400, id="no-json"),
        pytest.param(b"\xff\xfe", {}, 400, id="no-text"),
        pytest.param(b"[" * 200_000, {}, 400, id="deep"),
        pytest.param([], {}, 400, id="list"),
        pytest.param({"update_id": "1"}, {}, 400, id="text-number"),
        pytest.param({"update_id": True}, {}, 400, id="boolean-number"),
        pytest.param({"update_id": 1, "x": "a" * 2_000_000}, {}, 413, id="2-mb"),
        pytest.param({"update_id": 700, "telepathy": {}}, {}, 200, id="unknown-kind"),
    ],
)
async def test_f47_hostile_body_is_refused_and_the_bot_goes_on(
    hook: Hook, crowd: Crowd, body: Any, headers: dict[str, str], expected: int
) -> None:
    status, _ = await hook.deliver(body, **headers)

    assert status == expected
    assert (await hook.deliver(message(crowd.ids[0])))[0] == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_f47_other_methods_are_refused(hook: Hook, method: str) -> None:
    async with hook.session.request(method, "/hook", headers={HEADER: SECRET}) as response:
        assert response.status == 405
    async with hook.session.post("/readyz") as response:
        assert response.status == 405


async def test_f47_forwarded_address_opens_nothing(hook: Hook, crowd: Crowd) -> None:
    forged = {"X-Forwarded-For": "149.154.167.220", "X-Real-IP": "149.154.167.220"}

    status, _ = await hook.deliver({"update_id": 1}, **{HEADER: "wrong"}, **forged)

    assert status == 401


async def test_f47_slow_client_is_let_go(hook: Hook, crowd: Crowd) -> None:
    head = (
        f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", hook.port)
    began = time.monotonic()
    writer.write(head.encode())
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 408")
    assert time.monotonic() - began < 8


async def test_health_and_readiness_are_told_to_whoever_asks(hook: Hook) -> None:
    async with hook.session.get("/healthz") as response:
        assert response.status == 200
    async with hook.session.get("/readyz") as response:
        assert response.status == 200
        readiness = await response.json()
    assert readiness.pop("generation")
    assert readiness == {
        "ready": True,
        "database": "well",
        "register": "well",
        "telegram": "reached",
        "as_of": "2026-11-21",
        "age_days": 0,
        "stale": False,
    }


async def test_f11_f38_broken_database_is_named_and_the_person_hears_one_apology(
    own_home: Path,
) -> None:
    async with listening_bot(own_home) as hook:
        crowd = await started_crowd(hook)
        person = crowd.ids[0]
        # In a thread: the bot that may be writing runs in this very loop.
        await asyncio.to_thread(_drop_subscribers, own_home / "saqbol.sqlite")

        update = message(person)
        tries = [(await hook.deliver(update))[0] for _ in range(4)]
        async with hook.session.get("/readyz") as response:
            readiness = (response.status, (await response.json())["database"])
        async with hook.session.get("/healthz") as response:
            assert response.status == 200
        sent = [call for call in await crowd.calls("sendMessage") if call["chat_id"] == person]
    assert tries == [503, 503, 200, 200]
    assert readiness == (503, "not_reading")
    assert [call["params"]["text"] for call in sent] == [texts.LATER]


def _drop_subscribers(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE subscribers")


async def test_f43_request_in_flight_at_sigterm_is_finished_and_nothing_is_lost(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 30)
    port = free_port()
    async with BotProcess(own_home, emulator.url, **variables("webhook", port)) as bot:
        await crowd.fail("sendMessage", 1000, kind="slow", seconds=1)
        await crowd.write()
        await asyncio.sleep(0.5)
        began = time.monotonic()

        code = await bot.stop()

        assert code == 0, bot.log
        assert time.monotonic() - began < 10
        in_flight = await crowd.answers()
        await crowd.heal()
        await bot.start()
        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
    assert in_flight
    assert set(answers.values()) == {1}
    assert UNINSURED not in bot.log
    assert "Traceback" not in bot.log


async def test_f01_sigkill_with_updates_in_flight_loses_none(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    crowd = await gather_crowd(api, own_home, 50)
    port = free_port()
    async with BotProcess(own_home, emulator.url, **variables("webhook", port)) as bot:
        await crowd.fail("sendMessage", 1000, kind="slow", seconds=0.6)
        await crowd.write()

        await bot.kill()

        assert (await crowd.answers()).total() < 50
        await crowd.heal()
        await bot.start()
        answers = await crowd.wait_answered()
        await crowd.wait_nothing_waits()
    assert max(answers.values()) <= 2


async def test_f47_hostile_bytes_leave_no_text_in_the_log(
    own_home: Path, emulator: Emulator, api: aiohttp.ClientSession
) -> None:
    port = free_port()
    start = f"POST /hook HTTP/1.1\r\nHost: x\r\n{HEADER}: {SECRET}\r\n"
    text = SECRET_TEXT
    async with BotProcess(own_home, emulator.url, **variables("webhook", port)) as bot:
        for request in (
            f"{text}\r\n\r\n",
            f"{start}{text}\r\n\r\n",
            f"{start}Content-Length: {text}\r\n\r\n",
            f"{start}Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{text}",
            f"{start}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n{text}",
            f"GET /{text} HTTP/1.1\r\nHost: x\r\nx: {'a' * 20_000}\r\n\r\n",
        ):
            await asyncio.to_thread(send_and_leave, port, request.encode())
        async with aiohttp.ClientSession() as session:
            malformed = {"update_id": next(_numbers), "message": {"text": text}}
            for _ in range(3):
                async with session.post(
                    f"http://127.0.0.1:{port}/hook", json=malformed, headers={HEADER: SECRET}
                ) as response:
                    assert response.status in {200, 503}
        assert await bot.stop() == 0

    assert text not in bot.log
    assert SECRET not in bot.log


def send_and_leave(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        connection.settimeout(0.3)
        with contextlib.suppress(TimeoutError):
            connection.recv(1000)
