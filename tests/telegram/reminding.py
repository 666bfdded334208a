"""A bot, a register for each day, and a worker of reminders whose clock is moved."""

import asyncio
import itertools
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import SHARE, Disclosure, Settings
from bot.content.library import Content, load_content
from bot.domain.broadcasts import KAZAKHSTAN
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.services.reminding import Reminding
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.reminder_notices import NoticeRepository
from bot.telegram.departures import Departures
from bot.telegram.gate import Gate
from bot.telegram.i18n import Catalogues
from bot.telegram.reminding import TelegramReminders
from bot.telegram.session import JsonSession
from bot.worker.reminding import REMINDER_LEASE_S, ReminderWorker
from tests.conftest import SAMPLE_DAY
from tests.telegram.client import Client, Message, data_of, until
from tests.telegram.conftest import TOKEN, Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.process import _FORKS
from tests.telegram.texts import say

HEADER = "iin,residence,region,clinic,phone,contributions,spells,level,pension_paid,returned"
CHILD, STUDENT, DISABLED, NOBODY = "991212501010", "980915501018", "960919501016", "950101500019"
SOON = "990715501012"
# By IIN the columns from the contributions on; one child's cover ends with the year.
Facts = Mapping[str, str]
USUAL: Facts = {
    CHILD: ",child:2008-12..2026-12,,,",
    STUDENT: ",student:2024-09..2027-01,,,",
    DISABLED: ",disability:2018-04..2026-12,D,,",
    NOBODY: ",,,,",
    SOON: ",child:2008-11..2026-11,,,",
}
END = date(2026, 12, 31)
_PATIENCE = ClientTimeout(total=1, sock_connect=0.3)
_homes = itertools.count()


@dataclass
class Calendar:
    """A bot of its own, and what it sends by itself on the days that the test goes through."""

    url: str
    newcomer: Newcomer
    home: Path
    content: Content
    clock: datetime = field(default_factory=lambda: datetime.now(UTC))

    def rows(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as database:
            return database.execute(query).fetchall()

    async def change(self, statement: str) -> None:
        """Change the database past the bot, which may be writing at this moment."""
        await asyncio.to_thread(self._change, statement)

    def _change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.home / "saqbol.sqlite")) as database, database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute(statement)

    async def has(self, query: str) -> bool:
        return bool(self.rows(query))

    async def sent(self, *people: Client) -> list[int]:
        """List to which of these people reminders went, in the order of the calls."""
        ids = {person.id for person in people}
        async with (
            aiohttp.ClientSession(self.url) as api,
            api.get("/client/journal") as response,
        ):
            return [
                int(call["params"]["chat_id"])
                for call in await response.json()
                if call["method"] == "sendMessage"
                and call["params"]["chat_id"] in ids
                and "ro:" in str(call["params"].get("reply_markup"))
            ]

    async def has_been_sent(self, person: Client) -> bool:
        return bool(await self.sent(person))

    async def reminded(self, iin: str, language: str = "ru") -> tuple[Client, Message]:
        """Bring somebody who asks about a person and presses "Remind me"; give the answer."""
        person = await self.newcomer(language)
        answer = await person.send(iin)
        return person, await switch(person, answer, say(language, "Remind me"))

    async def go_to(
        self,
        day: date,
        facts: Facts = USUAL,
        *,
        hour: int = 12,
        as_of: date | None = None,
        is_silent: bool = False,
        workers: int = 1,
    ) -> None:
        """Let workers remind on a day, with the register of that day, until everybody is looked at.

        Args:
            as_of: the day of the register, where it is another one.
            is_silent: nobody is looked at, which is waited for a moment.
        """
        self.clock = datetime.combine(day, time(hour, 30), KAZAKHSTAN)
        stop = asyncio.Event()
        with register(self.home, facts, as_of or day) as registry:
            working = [asyncio.create_task(self.work(day, registry, stop)) for _ in range(workers)]
            try:
                if is_silent:
                    await asyncio.sleep(0.4)
                else:
                    await until(lambda: self._is_done(day))
            finally:
                stop.set()
                await asyncio.gather(*working)

    def start_process(self, day: date) -> ForkServerProcess:
        """Start a worker in a process of its own, with the register of the day."""
        process = _FORKS.Process(target=_work_alone, args=(self.url, self.home, day))
        process.start()
        return process

    async def _is_done(self, day: date) -> bool:
        waiting = self.rows(
            "SELECT count(*) FROM reminders JOIN subscribers ON subscribers.id = subscriber_id "  # noqa: S608
            f"WHERE inactive_since IS NULL AND (looked_on IS NULL OR looked_on < '{day}')"
        )
        sending = self.rows("SELECT count(*) FROM reminder_notices WHERE state = 'sending'")
        return waiting == [(0,)] and sending == [(0,)]

    async def work(self, day: date, registry: Registry, stop: asyncio.Event) -> None:
        session = JsonSession(_PATIENCE)
        session.api = TelegramAPIServer.from_base(self.url)
        session.middleware(Gate(200))
        session.middleware(Departures())
        engine = open_engine(f"sqlite+aiosqlite:///{self.home / 'saqbol.sqlite'}")
        async with Bot(TOKEN, session=session) as bot:
            worker = ReminderWorker(
                Reminding(self.answers(day, registry, engine), lambda: day, lambda: self.clock),
                NoticeRepository(engine, REMINDER_LEASE_S),
                TelegramReminders(bot, Catalogues(self.content.translations)),
                rest_s=0.05,
            )
            await worker.run(stop)
        await engine.dispose()

    def answers(self, day: date, registry: Registry, engine: AsyncEngine) -> Answers:
        return Answers(
            registry,
            registry_key(Settings(home_dir=self.home, _env_file=None)),
            AnswerRepository(engine),
            self.content.parameters,
            today=lambda: day,
            policy=Policy(7, Disclosure.OWNER),
            limits=Limits(1000, 1000, lambda *_: None),
            counters=Counters(CounterRepository(engine), lambda: day),
            on_unverified=lambda _error: None,
        )


def _work_alone(url: str, home: Path, day: date) -> None:
    async def work() -> None:
        content = load_content(SHARE)
        clock = datetime.combine(day, time(12, 30), KAZAKHSTAN)
        calendar = Calendar(url, _nobody, home, content, clock)
        with register(home, USUAL, day) as registry:
            await calendar.work(day, registry, asyncio.Event())

    asyncio.run(work())


async def _nobody(*_: object, **_kw: object) -> Client:
    raise AssertionError("nobody comes in another process")


@contextmanager
def register(home: Path, facts: Facts, as_of: date) -> Iterator[Registry]:
    """Open a register of its own for a day, with the pepper of the bot's home."""
    folder = home.parent / f"register-{os.getpid()}-{next(_homes)}"
    folder.mkdir()
    import_facts(folder, facts, as_of)
    key = registry_key(Settings(home_dir=folder, _env_file=None))
    with ExitStack() as stack:
        yield stack.enter_context(Registry(folder, key))


def import_facts(home: Path, facts: Facts, as_of: date) -> None:
    file = home / "register.csv"
    lines = [f"{iin},citizen,75,KZ-0001,,{rest}" for iin, rest in facts.items()]
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    key = registry_key(Settings(home_dir=home, _env_file=None))
    import_csv(file, as_of=as_of, home=home, key=key, force=True)


@asynccontextmanager
async def open_calendar(folder: Path, content: Content, **settings: Any) -> AsyncIterator[Calendar]:
    """Run a bot on the sample day."""
    home = folder / "home"
    home.mkdir()
    import_facts(home, USUAL, SAMPLE_DAY)
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(home, emulator.url, **settings)),
    ):
        yield Calendar(emulator.url, newcomer, home, content)


async def switch(person: Client, answer: Message, label: str) -> Message:
    """Press the button of the reminder; give the answer as it is then."""
    await person.press_data(answer, data_of(answer, label))
    event = await person.next_event("edited")
    edited: Message = event["message"]
    return edited


async def written(person: Client) -> list[str]:
    """List what the bot has written to somebody, the oldest first."""
    return [shown["text"] for shown in await person.messages() if shown["from"]["is_bot"]]


async def heal(url: str) -> None:
    async with aiohttp.ClientSession(url) as api, api.delete("/client/faults") as response:
        assert response.ok
