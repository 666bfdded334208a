"""An IIN or a phone leaves no trace: not in calls, buttons, logs or files."""

import csv
import hashlib
import re
from pathlib import Path

import aiohttp
import pytest

from bot.config import SHARE
from tests.telegram.client import data_of, labels
from tests.telegram.conftest import TOKEN, bot_process, own_emulator
from tests.telegram.texts import say

with (SHARE / "data" / "sample" / "register.csv").open(encoding="utf-8") as _file:
    IINS = [row["iin"] for row in csv.DictReader(_file)]
PHONES = ("77000000001", "77000000002", "77000000003")
NOT_IN_REGISTER = ("991231500719", "991231501233")
SECRETS = (*IINS, *NOT_IN_REGISTER, *PHONES)


def found(text: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Find the secrets in a text, also with separators between the digits."""
    bare = re.sub(r"(?<=\d)[\s\u00a0-](?=\d)", "", text)
    return [secret for secret in secrets if secret in text or secret in bare]


@pytest.fixture
async def traces(own_home: Path, tmp_path: Path) -> dict[str, str]:
    """Have a long talk with the bot's process and gather all it left behind."""
    log = tmp_path / "bot.log"
    async with own_emulator() as (emulator, newcomer), aiohttp.ClientSession(emulator.url) as api:
        async with bot_process(own_home, emulator.url, log):
            person = await newcomer("ru", phone="+77000000001")
            shown = [await person.send(iin) for iin in (*IINS, *NOT_IN_REGISTER)]
            for text in ("мой ИИН 950101 500-019", "95010150001O", "950101500019 991231501232"):
                shown.append(await person.send(text))
            answer = await person.send("960919501016")
            await person.press_data(answer, data_of(answer, say("ru", DETAILS)))
            await person.next_message()
            shown += [await person.send(contact=True), await person.next_message()]
            shown.append(await person.press(shown[-1], say("ru", "Why?")))
            shown.append(await person.send("950101500019", forward_from={"name": "X"}))
            await newcomer_before_consent(newcomer)
            for fault in ({"kind": "error", "status": 500}, {"kind": "reset_before"}):
                await person.fail("sendMessage", fault, times=6)
                await person.write("991231500707")
                await api.delete("/client/faults")
            await person.fail("deleteMessage", {"kind": "error", "status": 400}, times=3)
            shown.append(await person.send("950101500019"))
            await person.put_update(text="/start 950101500019")
            shown.append(await person.send("991231501232"))
        async with api.get("/client/journal") as response:
            journal = await response.json()
    return {
        "messages": str(shown),
        "buttons": " ".join(label for message in shown for label in labels(message)),
        "calls": str([call["params"] for call in journal]),
        "results": str([c.get("result") for c in journal if c["method"] != "getUpdates"]),
        "log": log.read_text(encoding="utf-8"),
    }
