"""``saqbol demo``: one process that anybody can try and that leaves nothing behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from .conftest import PATIENCE_S, Saqbol, clean_environment

_END_S = 10
_ADDRESS = re.compile(r"http://127\.0\.0\.1:([0-9]+)/")
UNINSURED = "950101500019"


class Demo:
    """A running demo and its chat page."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "demo"],
                cwd=folder,
                env=clean_environment(folder / "home", TMPDIR=str(self.temporary)),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        printed = ""
        while not (found := _ADDRESS.search(printed)):
            line = self.process.stdout.readline()
            assert line, f"ended without an address: {self.log.read_text()}"
            printed += line
        self.url, self.port = found[0], int(found[1])

    def get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=PATIENCE_S) as response:  # noqa: S310 - our own page
            return json.load(response)

    def post(self, path: str, **body: Any) -> Any:
        request = Request(  # noqa: S310 - our own page
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310 - our own page
            return json.load(response)

    def wait_for(self, person: int, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Give the first message of the bot that is the right one."""
        patience = time.monotonic() + PATIENCE_S
        while time.monotonic() < patience:
            for message in self.get(f"client/chats/{person}/messages"):
                if message["from"]["is_bot"] and is_it(message):
                    return dict(message)
            time.sleep(0.1)
        raise AssertionError(f"no such message; the log says {self.log.read_text()}")

    def is_group_alive(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    yield demo
    if demo.process.poll() is None:
        demo.process.kill()
    assert demo.process.stdout is not None
    demo.process.stdout.close()
    demo.process.wait()


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


def test_the_address_opens_the_chat_page(demo: Demo) -> None:
    with urlopen(demo.url, timeout=PATIENCE_S) as response:  # noqa: S310 - our own page
        assert response.status == 200
        assert "text/html" in response.headers["Content-Type"]
    state = demo.get("client/state")
    assert UNINSURED in [sample["iin"] for sample in state["samples"]]
    assert "21.11.2026" in state["notice"]


def test_a_person_gets_an_answer(demo: Demo) -> None:
    person = next(p for p in demo.get("client/state")["people"] if p["language_code"] == "ru")["id"]

    demo.post(f"client/chats/{person}/messages", from_id=person, text="/start")
    welcome = demo.wait_for(person, lambda message: bool(buttons(message)))
    consent = next(b for b in buttons(welcome) if "согласие" in b["text"])
    press = {"chat_id": person, "message_id": welcome["message_id"]}
    demo.post("client/press", from_id=person, data=consent["callback_data"], **press)
    demo.wait_for(person, lambda message: "согласие" not in str(buttons(message)))
    demo.post(f"client/chats/{person}/messages", from_id=person, text=UNINSURED)

    answer = demo.wait_for(person, lambda message: "не застрахован" in message.get("text", ""))
    assert "51 000" in answer["text"].replace("\u00a0", " ")


def test_the_operator_may_try_everything(demo: Demo) -> None:
    operator = next(p for p in demo.get("client/state")["people"] if p["is_operator"])["id"]

    for command in ("/start", "/operators", "/audit", "/broadcast", "/correct", "/inbox", "/stats"):
        demo.post(f"client/chats/{operator}/messages", from_id=operator, text=command)

    figures = demo.wait_for(operator, lambda message: "photo" in message)
    assert "не застрахованы" in figures["caption"]
    menus = [
        menu for menu in demo.get("client/state")["commands"] if operator in menu["scope"].values()
    ]
    assert {"broadcast", "broadcasts", "correct", "stats", "operators", "audit", "inbox"} <= {
        command["command"] for menu in menus for command in menu["commands"]
    }


@pytest.mark.usefixtures("own_logging")
def test_a_busy_port_is_a_clear_error(saqbol: Saqbol, demo: Demo) -> None:
    result = saqbol("demo", "--port", demo.port)

    assert result.exit_code in (1, 2)
    assert str(demo.port) in result.stderr


@pytest.mark.usefixtures("own_logging")
def test_a_port_that_cannot_be_is_wrong_usage(saqbol: Saqbol) -> None:
    result = saqbol("demo", "--port", 99999)

    assert result.exit_code == 2
    assert "--port" in result.stderr


def test_ctrl_c_ends_it_and_leaves_nothing_behind(demo: Demo) -> None:
    assert list(demo.temporary.iterdir())

    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(_END_S) in (0, 130)
    assert not demo.is_group_alive()
    assert list(demo.temporary.iterdir()) == []
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", demo.port))
    assert "Traceback" not in demo.log.read_text()
    assert UNINSURED not in demo.log.read_text()
