"""What must be true after every scenario, whatever failed in it.

An oracle looks at the evidence and names what is wrong.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain.broadcasts import MAX_ATTEMPTS, DeliveryState
from bot.storage.engine import open_engine
from bot.telegram.rendering.values import plain_text
from tests.failures.disk import is_whole
from tests.failures.ledger import Recipient, read_ledger
from tests.telegram.client import until
from tests.telegram.numbers import found, iins_in
from tests.telegram.texts import LANGUAGES, say

_ABOUT = [
    re.compile(
        re.escape(say(language, "IIN ends in {last4}. Data as of {day}.", last4="0000", day="@"))
        .replace("0000", "([0-9]{4})")
        .replace("@", ".+")
    )
    for language in LANGUAGES
]
_SENDING = ("send", "copy", "forward")
_UNFINISHED = (DeliveryState.PENDING, DeliveryState.SENDING)
# Of these nobody says that they got nothing.
_MAY_HAVE_IT = (DeliveryState.SENT, DeliveryState.UNCERTAIN, DeliveryState.SENDING)


@dataclass(frozen=True)
class Evidence:
    """What a scenario left behind.

    Attributes:
        updates: what the server gave to the bot, each with its end.
        journal: the bot's calls.
        log: all that the bot wrote.
        exit_code: how its process ended; None where it ran inside the tests.
        readiness: status of ``/readyz`` before the end, where somebody asked.
        ledger: every recipient of every broadcast.
    """

    updates: list[dict[str, Any]]
    journal: list[dict[str, Any]]
    log: str
    home: Path
    exit_code: int | None = None
    readiness: int | None = None
    ledger: tuple[Recipient, ...] = ()

    def arrived(self) -> Counter[tuple[int, str]]:
        """Count the messages that the server carried out, by chat and text."""
        sent = (call for call in self.journal if "result" in call and _shown(call))
        return Counter((call["chat_id"], _shown(call)) for call in sent)

    def put(self, kind: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Give the updates of a kind with their numbers."""
        for entry in self.updates:
            if kind in entry["update"]:
                yield entry["update"]["update_id"], entry["update"][kind]

    def is_logged(self, update_id: int) -> bool:
        return re.search(rf"update_id\W{{1,4}}{update_id}\b", self.log) is not None


def _shown(call: dict[str, Any]) -> str:
    return str(call["params"].get("text") or call["params"].get("caption") or "")


def spoken_of(text: str) -> list[str]:
    """Give the last digits of the numbers of which a text says something."""
    return [last4 for form in _ABOUT for last4 in form.findall(text)]


async def gather(api: aiohttp.ClientSession, home: Path, log: str, **end: int) -> Evidence:
    """Ask the server for what it knows, once the last update had time to be confirmed."""
    updates: list[dict[str, Any]] = []

    async def all_ended() -> bool:
        nonlocal updates
        async with api.get("/client/updates") as response:
            updates = await response.json()
        return all(entry["end"] for entry in updates)

    with suppress(TimeoutError):
        await until(all_ended)
    async with api.get("/client/journal") as response:
        journal = await response.json()
    engine = open_engine(f"sqlite+aiosqlite:///{home / 'saqbol.sqlite'}")
    try:
        ledger = await read_ledger(engine)
    finally:
        await engine.dispose()
    return Evidence(updates, journal, log, home, ledger=ledger, **end)


def each_update_ends(evidence: Evidence) -> Iterator[str]:
    """O1: each is taken; what came of it is a call to Telegram, or a line in the log."""
    for entry in evidence.updates:
        if entry["end"] != "taken":
            yield f"update {entry['update']['update_id']} has the end {entry['end']}"
    answered = {call["params"].get("callback_query_id") for call in evidence.journal}
    for update_id, query in evidence.put("callback_query"):
        if query["id"] not in answered and not evidence.is_logged(update_id):
            yield f"press {update_id} was left without an answer and without a line"
    sent = Counter(
        call["chat_id"] for call in evidence.journal if call["method"].startswith(_SENDING)
    )
    written: Counter[int] = Counter()
    for update_id, message in evidence.put("message"):
        is_private = message.get("chat", {}).get("type") == "private"
        written[message["chat"]["id"]] += is_private and not evidence.is_logged(update_id)
    for chat_id, number in written.items():
        if sent[chat_id] < number:
            yield f"{number} messages of one chat brought {sent[chat_id]} calls"


def nobody_is_lost_or_written_to_twice(evidence: Evidence) -> Iterator[str]:
    """O2: a broadcast that is done has nobody left, and nobody got it twice but by choice.

    Broadcasts of the same text to the same person are judged together.
    """
    most: Counter[tuple[int, str]] = Counter()
    for each in evidence.ledger:
        if each.has_ended and each.state in _UNFINISHED:
            yield f"broadcast {each.broadcast} is done and somebody is {each.state}"
        most[each.person, each.text] += MAX_ATTEMPTS if each.may_repeat else 1
    arrived = evidence.arrived()
    for key, number in most.items():
        if arrived[key] > number:
            yield f"a message of a broadcast arrived {arrived[key]} times"


def ledger_says_what_the_journal_says(evidence: Evidence) -> Iterator[str]:
    """O3: who got it is known by the number of the message, who did not got nothing."""
    carried_out = {
        (call["chat_id"], call["result"].get("message_id"))
        for call in evidence.journal
        if isinstance(call.get("result"), dict)
    }
    may_have_it: dict[tuple[int, str], bool] = {}
    for each in evidence.ledger:
        is_sent = each.state is DeliveryState.SENT
        if is_sent and (each.person, each.message_id) not in carried_out:
            yield f"broadcast {each.broadcast} has a message sent that the journal does not have"
        key = each.person, each.text
        may_have_it[key] = (
            may_have_it.get(key, False) or each.may_repeat or each.state in _MAY_HAVE_IT
        )
    arrived = evidence.arrived()
    for key, may in may_have_it.items():
        if arrived[key] and not may:
            yield "somebody has a message of a broadcast of whom the ledger says otherwise"


# Of hexadecimal digits, among which twelve decimal ones may stand in a row by chance.
_KEYED_HASH = re.compile(r"\b[0-9a-f]{32}\b")


def no_number_is_left(evidence: Evidence) -> Iterator[str]:
    """O4: no IIN in the log, in any file, or outside private chats."""
    if iins_in(evidence.log):
        yield "a number in the log"
    for path in evidence.home.rglob("*"):
        if path.is_file() and iins_in(_KEYED_HASH.sub(" ", path.read_bytes().decode("latin-1"))):
            yield f"a number in {path.name}"
    for call in evidence.journal:
        params = json.dumps(call["params"], ensure_ascii=False)
        is_private = isinstance(call["chat_id"], int) and call["chat_id"] > 0
        if found(params) or (not is_private and iins_in(params)):
            yield f"a number in call {call['id']}, {call['method']}"


def status_is_for_who_asked(evidence: Evidence) -> Iterator[str]:
    """O5: a status goes to the private chat of somebody who wrote that number there."""
    asked: dict[int, str] = {}
    for _, message in evidence.put("message"):
        if message.get("chat", {}).get("id") == message.get("from", {}).get("id"):
            person = message["from"]["id"]
            asked[person] = asked.get(person, "") + " " + message.get("text", "")
    for call in evidence.journal:
        for last4 in spoken_of(plain_text(_shown(call))):
            if not any(iin.endswith(last4) for iin in iins_in(asked.get(call["chat_id"], ""))):
                yield f"call {call['id']} is about somebody whom its chat did not ask about"


def database_is_whole(evidence: Evidence) -> Iterator[str]:
    """O6: SQLite finds nothing wrong."""
    if not is_whole(evidence.home / "saqbol.sqlite"):
        yield "the database is damaged"


def process_ended_well(evidence: Evidence) -> Iterator[str]:
    """O7: ready while it ran, and an end without an error."""
    if evidence.readiness not in {None, 200}:
        yield f"/readyz said {evidence.readiness}"
    if evidence.exit_code not in {None, 0}:
        yield f"the process ended with {evidence.exit_code}"


ORACLES: list[Callable[[Evidence], Iterator[str]]] = [
    each_update_ends,
    nobody_is_lost_or_written_to_twice,
    ledger_says_what_the_journal_says,
    no_number_is_left,
    status_is_for_who_asked,
    database_is_whole,
    process_ended_well,
]


def judge(evidence: Evidence) -> None:
    """Let every oracle speak; fail with all that they name."""
    problems = [problem for oracle in ORACLES for problem in oracle(evidence)]
    assert not problems, "\n".join(problems[:20])
