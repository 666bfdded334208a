"""``saqbol run`` for the soak, with a task that counts tasks, and with full memories.

What the bot remembers about people is bounded, and would take a week to fill. Here it is full
from the start, so that whatever grows afterwards is a leak. It was filled twice over: only when old
entries have gone does a table of Python take its final size, which is twice the one before.
"""

import _sqlite3
import asyncio
import ctypes
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from bot import receiving
from bot.app import assembly, chores, connection, ground, memory, serve
from bot.cli.console import read_settings
from bot.config import Settings
from bot.log import set_up_logging
from bot.services import counters
from bot.services.counters import Counters
from bot.services.limits import _MAX_PEOPLE, Limits
from bot.storage.pictures import _IN_MEMORY, PictureRepository
from bot.storage.subscribers import SubscriberId
from bot.telegram.gate import _MAX_CHATS, Gate
from bot.telegram.intake import _REMEMBERED, Intake
from bot.telegram.pace import Pace

_COUNT_EVERY_S = 1.0
_DAYS = 7
_TWICE = 2


class _FullLimits(Limits):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        for number in range(1, _TWICE * _MAX_PEOPLE + 1):
            self._asked[SubscriberId(-number)] = {secrets.token_bytes(16)}
            self._missed[SubscriberId(-number)] = {secrets.token_bytes(16)}


class _FullCounters(Counters):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        never_silent = self._clock() + 7 * 24 * 60 * 60
        for number in range(1, _TWICE * counters._MAX_PEOPLE + 1):
            if number > counters._MAX_PEOPLE:
                self._last_views.popitem(last=False)
            self._last_views[SubscriberId(-number)] = never_silent + number, "answer"


class _FullGate(Gate):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for number in range(1, _TWICE * _MAX_CHATS + 1):
            pace = self._chats[-number] = Pace(1.0)
            # What a chat has after its first message is a number of its own.
            pace.reserve(float(number))


class _FullPictures(PictureRepository):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        for _ in range(_TWICE * _IN_MEMORY):
            self._known[secrets.token_hex(16)] = secrets.token_urlsafe(60)


class _FullIntake(Intake):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._done.update(dict.fromkeys(range(-_TWICE * _REMEMBERED, 0)))


def run(
    environment: dict[str, str], log: Path, tasks: Path, week_s: float, *, keeps_pages: bool
) -> None:
    """Run until SIGTERM; with *keeps_pages* without giving free memory back.

    *tasks* always holds the number of tasks of a moment ago, the bytes that SQLite uses, the bytes
    that the C library has given out, and the number of Python's blocks of memory.
    """
    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for standard in (1, 2):
        os.dup2(output, standard)
    sys.argv = ["saqbol", "run"]
    settings = read_settings()
    set_up_logging(settings.log_format)
    # The same classes, full, and a day as long as a seventh of the soak.
    full = {"Limits": _FullLimits, "PictureRepository": _FullPictures}
    vars(receiving)["Intake"] = _FullIntake
    vars(assembly).update(full)
    vars(ground)["Counters"] = _FullCounters
    vars(connection)["Gate"] = _FullGate
    if keeps_pages:
        vars(memory)["_GIVE_BACK_EVERY_S"] = float("inf")
    vars(chores)["_DAY_S"] = int(week_s / _DAYS)
    asyncio.run(_serve(settings, tasks))


async def _serve(settings: Settings, tasks: Path) -> None:
    counting = asyncio.create_task(_count(tasks))
    try:
        await serve(settings)
    finally:
        counting.cancel()


class _Mallinfo2(ctypes.Structure):
    """``struct mallinfo2`` of glibc 2.33 and later, ``man 3 mallinfo``."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


async def _count(tasks: Path) -> None:
    sqlite_bytes = ctypes.CDLL(_sqlite3.__file__).sqlite3_memory_used
    sqlite_bytes.restype = ctypes.c_int64
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = _Mallinfo2
    with tasks.open("w", encoding="ascii") as file:
        while True:
            # This task is not one of the bot's. Always as long, so that no reader finds half of it.
            file.seek(0)
            number = len(asyncio.all_tasks()) - 1
            given = mallinfo2()
            malloc_bytes = given.uordblks + given.hblkhd
            blocks = sys.getallocatedblocks()
            file.write(f"{number:6d} {sqlite_bytes():12d} {malloc_bytes:12d} {blocks:12d}\n")
            file.flush()
            await asyncio.sleep(_COUNT_EVERY_S)
