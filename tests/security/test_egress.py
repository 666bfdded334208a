"""The bot talks with the Bot API and with nobody else."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.telegram.client import data_of
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import say


class Connections:
    """Notes where this process connects to; a hook of Python cannot be taken away again."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: set[Any] = set()
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.is_on and event == "socket.connect":
            self.seen.add(arguments[1][:2] if isinstance(arguments[1], tuple) else arguments[1])
        if self.is_on and event == "socket.getaddrinfo":
            self.seen.add(arguments[:2])


@pytest.fixture
def connections() -> Iterator[Connections]:
    noted = Connections()
    noted.is_on = True
    yield noted
    noted.is_on = False


async def test_bot_connects_to_the_bot_api_alone(own_home: Path, connections: Connections) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            person = await newcomer("ru", phone="+77000000001")
            answer = await person.send("950101500019")
            await person.press_data(answer, data_of(answer, say("ru", "Calendar")))
            await person.next_message()
            await person.send("как зарегистрироваться безработным")
            await person.send(contact=True)
        server = urlsplit(emulator.url)

    assert connections.seen == {(server.hostname, server.port)}
