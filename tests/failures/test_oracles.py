"""The oracles see what they are there to see."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.broadcasts import DeliveryState
from tests.failures.ledger import Recipient
from tests.failures.oracles import Evidence, judge
from tests.telegram.texts import say

IIN, _ME, _OTHER = "950101500019", 700_000_001, 700_000_002
_NEWS = "<b>Новость</b>"
_ABOUT = f"<b>⛔</b>\n{say('ru', 'IIN ends in {last4}. Data as of {day}.', last4='0019', day='1')}"


def message(number: int, text: str, end: str | None = "taken") -> dict[str, Any]:
    chat = {"id": _ME, "type": "private"}
    update = {"update_id": number, "message": {"chat": chat, "from": {"id": _ME}, "text": text}}
    return {"update": update, "end": end}


def press(number: int, query_id: str) -> dict[str, Any]:
    query = {"id": query_id, "from": {"id": _ME}}
    return {"update": {"update_id": number, "callback_query": query}, "end": "taken"}


def sent(chat_id: int, text: str) -> dict[str, Any]:
    params = {"chat_id": chat_id, "text": text}
    result = {"message_id": 7}
    return {"id": 1, "method": "sendMessage", "chat_id": chat_id, "params": params} | {
        "result": result
    }


def recipient(state: DeliveryState, **about: Any) -> Recipient:
    return Recipient(1, _OTHER, _NEWS, state, **about)


@pytest.fixture
def good(tmp_path: Path) -> Evidence:
    with closing(sqlite3.connect(tmp_path / "saqbol.sqlite")) as database:
        database.execute("CREATE TABLE people (id)")
    journal = [sent(_ME, _ABOUT)]
    return Evidence([message(1, IIN)], journal, "", tmp_path, exit_code=0, readiness=200)


def test_good_evidence_is_let_pass(good: Evidence) -> None:
    judge(good)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"updates": [message(1, IIN, None)]}, "has the end None", id="waits"),
        pytest.param({"updates": [message(1, IIN, "expired")]}, "expired", id="too-old"),
        pytest.param({"updates": [message(1, IIN), message(2, "?")]}, "brought 1", id="lost"),
        pytest.param({"updates": [message(1, IIN), press(2, "9")]}, "press 2", id="lost-press"),
        pytest.param({"log": f"read {IIN} here"}, "in the log", id="number-in-the-log"),
        pytest.param({"journal": [sent(_ME, f"{IIN[:6]} {IIN[6:]}")]}, "in call", id="echoed"),
        pytest.param({"journal": [sent(_OTHER, _ABOUT)] * 2}, "did not ask", id="other-chat"),
        pytest.param({"journal": [sent(-5, _ABOUT)] * 2}, "did not ask", id="group"),
        pytest.param({"exit_code": 1}, "ended with 1", id="exit-code"),
        pytest.param({"readiness": 503}, "said 503", id="not-ready"),
    ],
)
def test_what_is_wrong_is_named(good: Evidence, changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        judge(replace(good, **changes))


@pytest.mark.parametrize(
    ("row", "arrived", "problem"),
    [
        pytest.param(
            recipient(DeliveryState.PENDING, has_ended=True), 0, "somebody is pending", id="left"
        ),
        pytest.param(
            recipient(DeliveryState.SENDING, has_ended=True), 0, "somebody is sending", id="on-way"
        ),
        pytest.param(recipient(DeliveryState.SENT, message_id=7), 2, "arrived 2 times", id="twice"),
        pytest.param(recipient(DeliveryState.UNCERTAIN), 2, "arrived 2 times", id="doubtful-twice"),
        pytest.param(
            recipient(DeliveryState.SENT, message_id=7, may_repeat=True), 4, "4 times", id="often"
        ),
        pytest.param(
            recipient(DeliveryState.SENT, message_id=7), 0, "journal does not have", id="invented"
        ),
        pytest.param(
            recipient(DeliveryState.SENT, message_id=8), 1, "journal does not have", id="another"
        ),
        *(
            pytest.param(recipient(state), 1, "ledger says otherwise", id=state)
            for state in (DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.UNREACHABLE)
        ),
    ],
)
def test_wrong_ledger_is_named(good: Evidence, row: Recipient, arrived: int, problem: str) -> None:
    journal = [*good.journal, *[sent(_OTHER, _NEWS)] * arrived]

    with pytest.raises(AssertionError, match=problem):
        judge(replace(good, journal=journal, ledger=(row,)))


@pytest.mark.parametrize(
    ("row", "arrived"),
    [
        (recipient(DeliveryState.SENT, message_id=7, has_ended=True), 1),
        (recipient(DeliveryState.UNCERTAIN, has_ended=True), 0),
        (recipient(DeliveryState.UNCERTAIN, has_ended=True), 1),
        (recipient(DeliveryState.PENDING), 0),
        (recipient(DeliveryState.SENDING), 1),
        (recipient(DeliveryState.PENDING, may_repeat=True), 2),
        (recipient(DeliveryState.UNCERTAIN, may_repeat=True), 3),
    ],
)
def test_true_ledger_is_let_pass(good: Evidence, row: Recipient, arrived: int) -> None:
    journal = [*good.journal, *[sent(_OTHER, _NEWS)] * arrived]

    judge(replace(good, journal=journal, ledger=(row,)))


def test_update_with_a_line_in_the_log_is_not_lost(good: Evidence) -> None:
    judge(replace(good, journal=[], log='{"event": "update_given_up", "update_id": 1}'))


def test_number_in_a_file_is_named(good: Evidence) -> None:
    (good.home / "copy").write_bytes(b"\0\xff" + IIN.encode() + b"\0")

    with pytest.raises(AssertionError, match="a number in copy"):
        judge(good)


def test_keyed_hash_with_twelve_digits_in_a_row_is_let_pass(good: Evidence) -> None:
    (good.home / "erasures").write_text(f"{IIN}{'ab' * 10}\n")

    judge(good)


def test_damaged_database_is_named(good: Evidence) -> None:
    (good.home / "saqbol.sqlite").write_bytes(b"SQLite format 3\0" + b"\xa5" * 8000)

    with pytest.raises(AssertionError, match="the database is damaged"):
        judge(good)
