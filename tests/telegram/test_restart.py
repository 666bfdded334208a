"""A restart of the bot loses nothing: consent, language, proved phone, buttons."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any
from weakref import WeakSet

from bot.app import serve
from tests.failures.disk import rows
from tests.telegram.client import data_of, until
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import OWN_NAMES, say

DETAILS = "Show details to me as the owner"


async def test_consent_language_phone_and_buttons_survive_a_restart(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            person = await newcomer("ru", phone="+77000000001")
            answer = await person.send("960919501016")
            await person.press_data(answer, data_of(answer, say("ru", DETAILS)))
            await person.next_message()
            await person.send(contact=True)
            answer = await person.next_message()
            kazakh = await person.press(answer, OWN_NAMES["kk"])

        async with running_bot(settings):
            why = await person.press(kazakh, say("kk", "Why?"))
            back = await person.press(why, say("kk", "Back to the answer"))
            pensioner = await person.send("950317601018")

    assert why["text"].startswith(say("kk", "Why this answer"))
    assert back["text"] == kazakh["text"]
    assert pensioner["text"].startswith(say("kk", "✅ Insured"))
    assert say("kk", "pensioner") in pensioner["text"]


async def test_answer_given_just_before_the_stop_keeps_its_buttons(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            answer = await (person := await newcomer("ky")).send("950101500019")

        async with running_bot(settings):
            ways = await person.press(answer, say("ky", "Ways back"))

    assert ways["text"].startswith(say("ky", "Ways back to full cover"))


async def test_start_removes_the_answers_that_are_too_old(own_home: Path) -> None:
    database = own_home / "saqbol.sqlite"
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            await (await newcomer("ru")).send("950101500019")
        with closing(sqlite3.connect(database)) as opened, opened:
            opened.execute("UPDATE answers SET created_at = '2020-01-01 00:00:00.000000'")
        kept = rows(database, "answers")

        async with running_bot(settings):

            async def are_gone() -> bool:
                return rows(database, "answers") == 0

            await until(are_gone)

    assert kept == 1


async def test_what_was_sent_while_the_bot_was_down_is_answered(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            person = await newcomer("ky")
        sent = await person.write("950101500019")

        async with running_bot(settings):
            answer = await person.next_message()
            await person.wait_gone(sent["message_id"])

    assert answer["text"].startswith(say("ky", "⛔ Not insured"))


_IS_OURS: ContextVar[bool] = ContextVar("is_ours", default=False)


@contextmanager
def noting_tasks() -> Iterator[WeakSet[asyncio.Task[Any]]]:
    """Note what is begun where ``_IS_OURS`` is set: other bots run beside in the same loop."""
    begun: WeakSet[asyncio.Task[Any]] = WeakSet()

    def note(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=loop, **options)
        if _IS_OURS.get():
            begun.add(task)
        return task

    loop = asyncio.get_running_loop()
    usual = loop.get_task_factory()
    loop.set_task_factory(note)
    try:
        yield begun
    finally:
        loop.set_task_factory(usual)


async def test_cancelled_bot_leaves_the_next_message_to_its_successor(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        with noting_tasks() as begun:
            ours = copy_context()
            ours.run(_IS_OURS.set, True)
            bot = asyncio.create_task(serve(settings, handle_signals=False), context=ours)
            person = await newcomer("ru")
            bot.cancel()
            await asyncio.gather(bot, return_exceptions=True)
            # What was told to stop needs a turn of the loop for it.
            await asyncio.sleep(0.1)
            left = [task for task in begun if not task.done()]
            assert begun

        await person.write("950101500019")
        async with running_bot(settings):
            answer = await person.next_message()

        assert not left
        assert answer["text"].startswith(say("ru", "⛔ Not insured"))
