"""The emulator in a process of its own, so that its work is not counted as the bot's."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from bot.emulator import Emulator


@contextmanager
def emulator_process() -> Iterator[str]:
    """Give the address of an emulator that ends with the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(timeout=5)


def _run(connection: Connection) -> None:
    asyncio.run(_serve(connection))


async def _serve(connection: Connection) -> None:
    async with Emulator() as emulator:
        connection.send(emulator.url)
        await asyncio.to_thread(connection.recv)
