"""A web application in a process of its own, so that its work is not counted as ours."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

Build = Callable[[float], web.Application]


@contextmanager
def in_process(build: Build, argument: float) -> Iterator[str]:
    """Give the address of the application that *build* makes; it ends with the block."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(build, argument, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(timeout=5)


def _run(build: Build, argument: float, connection: Connection) -> None:
    asyncio.run(_serve(build(argument), connection))


async def _serve(app: web.Application, connection: Connection) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    connection.send(f"http://{host}:{port}")
    await asyncio.to_thread(connection.recv)
    await runner.cleanup()


def cpu_s(pid: int) -> float:
    """Give the CPU time that a process has taken so far (Linux only)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
