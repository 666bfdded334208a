"""An IIN or a phone leaves no trace: not in calls, buttons, logs or files."""

import hashlib
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.conftest import SAMPLE_REGISTER
from tests.telegram.client import Client, Message, until
from tests.telegram.conftest import TOKEN, Newcomer, home_with, own_emulator
from tests.telegram.numbers import IINS, SECRETS, found
from tests.telegram.process import BotProcess


@dataclass
class Traces:
    """What is left after a long talk."""

    shown: list[Message]
    journal: list[dict[str, Any]]
    log: str
    files: dict[str, bytes]


async def talk(person: Client) -> list[Message]:
    forms = ("мой ИИН 950101 500-019", "95010150001O", "950101500019 991231501232")
    numbers = (*IINS, "991231500719", "991231501233", *forms)
    shown = [await person.send(text) for text in numbers]
    answer = await person.send("960919501016")
    await person.press_data(answer, "p")
    shown.append(await person.next_message())
    shown += [await person.send(contact=True), await person.next_message()]
    shown.append(await person.send("950101500019", forward_from={"name": "X"}))
    await person.fail("deleteMessage", {"kind": "error", "status": 400})
    shown += [await person.send("950101500019"), await person.next_message()]
    await person.put_update(text="/start 950101500019")
    return [*shown, await person.next_message()]


async def talk_in_trouble(person: Client, fault: dict[str, Any]) -> None:
    await person.fail("sendMessage", fault, times=50)
    await person.write("мой ИИН 950101500019, телефон +77000000001")
    await person.put_update(contact={"phone_number": "+77000000001", "first_name": "X"})

    async def failed() -> bool:
        return any(call.get("fault") for call in await person.calls("sendMessage"))

    await until(failed)


@pytest.fixture(scope="module")
async def traces(tmp_path_factory: pytest.TempPathFactory) -> Traces:
    """Talk to the bot's own process, in peace and in trouble, and gather what it left."""
    folder = tmp_path_factory.mktemp("traces")
    home = home_with(SAMPLE_REGISTER, folder / "home")
    async with own_emulator() as (emulator, newcomer), aiohttp.ClientSession(emulator.url) as api:
        async with BotProcess(home, emulator.url) as bot:
            shown = await talk(await newcomer("ru", phone="+77000000001"))
            await trouble(newcomer)
            files = {str(p): p.read_bytes() for p in home.rglob("*") if p.is_file()}
        async with api.get("/client/journal") as response:
            journal = await response.json()
    files |= {f"{p} after": p.read_bytes() for p in home.rglob("*") if p.is_file()}
    return Traces(shown, journal, bot.log, files)


async def trouble(newcomer: Newcomer) -> None:
    await (await newcomer("ru", consent=False)).send("950101500019")
    for fault in ({"kind": "error", "status": 500}, {"kind": "error", "status": 400}):
        await talk_in_trouble(await newcomer("ru"), fault)


def test_no_message_of_the_bot_has_a_whole_number(traces: Traces) -> None:
    assert len(traces.shown) > len(IINS)
    assert found(str(traces.shown)) == []


def test_no_call_to_telegram_has_a_whole_number(traces: Traces) -> None:
    own = [call for call in traces.journal if call["method"] != "getUpdates"]

    assert len(own) > 2 * len(IINS)
    assert found(str(own)) == []
    assert found(str([call["params"] for call in traces.journal])) == []


def test_logs_have_neither_numbers_nor_the_token(traces: Traces) -> None:
    assert "bot_started" in traces.log
    assert found(traces.log) == []
    assert TOKEN not in traces.log
    assert TOKEN.partition(":")[2] not in traces.log


def test_logs_tell_of_the_trouble(traces: Traces) -> None:
    assert "error" in traces.log


def test_files_hold_no_number_nor_its_plain_hash(traces: Traces) -> None:
    assert any("-wal" in name for name in traces.files)
    for secret in SECRETS:
        digests = [hashlib.new(name, secret.encode()) for name in ("md5", "sha1", "sha256")]
        marks = [secret.encode(), secret.encode("utf-16-le"), int(secret).to_bytes(8, "big")]
        marks += [digest.digest()[:16] for digest in digests]
        marks += [digest.hexdigest()[:32].encode() for digest in digests]
        for name, content in traces.files.items():
            assert not [mark for mark in marks if mark in content], (name, secret)
