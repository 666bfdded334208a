"""F12: whichever write of a conversation fails, the person is told so and a repeat works.

The 1st, the 2nd, the 3rd … write fails, until the whole conversation passes without a failure, as
SQLite tests itself (https://www.sqlite.org/testing.html#i_o_error_testing).
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from tests.failures import texts
from tests.failures.disk import is_whole, rows
from tests.telegram.client import Client, Message, data_of, until
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import say

_WRITES = ("BEGIN", "INSERT", "UPDATE", "DELETE")
_MOST = 60
# The row belongs to nobody; with the check put off, the commit itself fails.
_OF_NOBODY = (
    "INSERT INTO answers (id, subscriber_id, record_key, last4, created_at)"
    " VALUES ('of nobody', -1, x'00', '0000', '2026-11-21')"
)
_SPOIL = (
    "PRAGMA defer_foreign_keys = ON",
    _OF_NOBODY,
)


class Fault:
    """Makes the n-th write of this process fail, in SQLite itself."""

    def __init__(self) -> None:
        self.countdown = 0
        self.has_struck = False

    def arm(self, number: int) -> None:
        self.countdown, self.has_struck = number, False

    @contextmanager
    def listening(self) -> Iterator[None]:
        event.listen(Engine, "before_cursor_execute", self._on_statement, retval=True)
        event.listen(Engine, "commit", self._on_commit)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._on_statement)
            event.remove(Engine, "commit", self._on_commit)

    def _strikes(self) -> bool:
        self.countdown -= 1
        self.has_struck |= self.countdown == 0
        return self.countdown == 0

    def _on_statement(
        self, _connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        if statement.startswith(_WRITES) and self._strikes():
            return "INSERT INTO no_such_table VALUES (1)", ()
        return statement, parameters

    def _on_commit(self, connection: Connection) -> None:
        if self._strikes():
            for statement in _SPOIL:
                connection.exec_driver_sql(statement)


async def insist(do: Callable[[], Awaitable[str]], right: str) -> int:
    """Repeat while the person hears "try later"; give how often that was."""
    for times in range(3):
        heard = await do()
        if heard.startswith(right):
            return times
        assert heard == texts.LATER, heard
    raise AssertionError("it fails again and again")


async def pressed(person: Client, message: Message, label: str) -> str:
    """Press and give what comes of it: an alert, or the changed message."""
    await person.press_data(message, data_of(message, label))
    while True:
        happened = await person.next_event("callback_answer", "edited")
        if happened["kind"] == "edited":
            return str(happened["message"]["text"])
        if happened["show_alert"]:
            return str(happened["text"])


async def converse(person: Client, database: Path) -> int:
    """Agree, ask, press and be forgotten; give how often the person was asked to try later."""

    async def say_start() -> str:
        return str((await person.send("/start"))["text"])

    async def ask() -> str:
        return str((await person.send(texts.IIN_UNINSURED))["text"])

    puts_off = await insist(say_start, texts.WELCOME)
    welcome = (await person.messages())[-1]
    puts_off += await insist(lambda: pressed(person, welcome, texts.AGREE), texts.MENU)
    puts_off += await insist(ask, texts.UNINSURED)

    async def is_written() -> bool:
        return rows(database, "answers") == 1

    await until(is_written)
    answer = next(m for m in await person.messages() if m["text"].startswith(texts.UNINSURED))
    why = say("ru", "Why this answer")
    puts_off += await insist(lambda: pressed(person, answer, say("ru", "Why?")), why)
    asked = await person.send("/forget")
    erase = say("ru", "Yes, erase")
    puts_off += await insist(lambda: pressed(person, asked, erase), texts.ERASED)
    assert (rows(database), rows(database, "answers")) == (0, 0)
    return puts_off


async def test_f12_person_is_told_of_any_write_that_fails_and_a_repeat_works(
    own_home: Path,
) -> None:
    database, fault, swept = own_home / "saqbol.sqlite", Fault(), []
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        await (await newcomer("ru", consent=False)).send("/start")
        with fault.listening():
            for number in range(1, _MOST):
                person = await newcomer("ru", consent=False)
                fault.arm(number)
                swept.append(await converse(person, database))
                if not fault.has_struck:
                    break

    assert not fault.has_struck
    # Three transactions of consent and one of erasing, each of three steps; answers are written
    # behind, and nobody has to wait for those.
    assert sum(swept) >= 8
    assert swept[-1] == 0
    assert is_whole(database)


async def test_every_write_of_the_bot_is_in_a_transaction_that_began_as_a_writer(
    own_home: Path,
) -> None:
    begun: dict[int, bool] = {}
    wrong, writes = [], []

    def note(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        verb, number = statement.split(maxsplit=1)[0], id(connection.connection.dbapi_connection)
        if verb == "BEGIN":
            begun[number] = True
            wrong.extend([statement] * (statement != "BEGIN IMMEDIATE"))
        elif verb in {"INSERT", "UPDATE", "DELETE", "CREATE"}:
            writes.append(statement)
            wrong.extend([statement] * (not begun.get(number)))

    def note_end(connection: Connection) -> None:
        begun[id(connection.connection.dbapi_connection)] = False

    listeners = (("before_cursor_execute", note), ("commit", note_end), ("rollback", note_end))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        async with (
            own_emulator() as (emulator, newcomer),
            running_bot(bot_settings(own_home, emulator.url)),
        ):
            await converse(await newcomer("ru", consent=False), own_home / "saqbol.sqlite")
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)

    assert len(writes) > 5
    assert wrong == []
