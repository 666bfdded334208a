"""Disks and databases that fail for real: full, locked, damaged."""

import asyncio
import resource
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from random import Random

_HOLD = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def held_by_another_process(database: Path) -> AsyncIterator[None]:
    """Let another process hold the write lock for the length of the block.

    It waits for its turn: a bot of the same event loop may be writing.
    """
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLD, str(database), stdin=PIPE, stdout=PIPE
    )
    try:
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        yield
    finally:
        holder.kill()
        await holder.wait()


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """Let no file of a process grow or be written for the length of the block: RLIMIT_FSIZE."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def flip_bytes(whole: bytes) -> bytes:
    """Change one byte in eight, everywhere, the same ones each time."""
    random, damaged = Random(13), bytearray(whole)
    for place in range(0, len(whole), 8):
        damaged[place + random.randrange(min(8, len(whole) - place))] ^= 0xA5
    return bytes(damaged)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "zero-bytes": lambda whole: whole[:0],
    "cut-in-the-middle": lambda whole: whole[: len(whole) // 2],
    "cut-to-one-page": lambda whole: whole[:4096],
    "flipped-bytes": flip_bytes,
    "zeros-after-the-first-page": lambda whole: whole[:4096] + bytes(len(whole) - 4096),
    "text": lambda whole: b"not a database".ljust(len(whole)),
}


def rows(database: Path, table: str = "subscribers") -> int:
    with closing(sqlite3.connect(database)) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(number)


def is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        try:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.DatabaseError:
            return False
