"""The bot inside the tests by both ways of receiving, with the log it would write."""

import io
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp
import structlog

from bot import log
from tests.telegram.client import until
from tests.telegram.conftest import TOKEN, bot_settings, running_bot
from tests.telegram.process import free_port

# The environment of a bot that is to fail before it would talk with anybody.
NOBODY = {"BOT_TOKEN": TOKEN, "BOT_API_URL": "http://127.0.0.1:9"}
Way = Literal["polling", "webhook"]
SECRET = "a-secret-of-the-tests"


def some_seed() -> int:
    """Give the seed that FAILURES_SEED repeats, or a new one."""
    return int(os.environ.get("FAILURES_SEED") or random.randrange(10**6))


@contextmanager
def written_log() -> Iterator[io.StringIO]:
    """Give what the bot logs meanwhile, redacted as the bot's own writer does."""
    written, before = io.StringIO(), structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            log._redact_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(written),
    )
    try:
        yield written
    finally:
        structlog.configure(**before)


def variables(way: Way, port: int) -> dict[str, str]:
    """Give the environment of a bot that receives so; its health is on the same port."""
    if way == "polling":
        return {"WEB_PORT": str(port)}
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
        "WEBHOOK_SECRET": SECRET,
        "WEB_PORT": str(port),
    }


@asynccontextmanager
async def bot_by(way: Way, home: Path, url: str) -> AsyncIterator[int]:
    """Run the bot for the length of the block; give the port of its health."""
    port = free_port()
    changes: dict[str, Any] = {key.lower(): value for key, value in variables(way, port).items()}
    async with running_bot(bot_settings(home, url, lookups_per_day=1000, **changes)):
        await until(lambda: is_ready(port), 60)
        yield port


async def is_ready(port: int) -> bool:
    return await readiness(port) == 200


async def readiness(port: int) -> int:
    """Give the status of /readyz; 0 where nobody listens."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/readyz") as response,
        ):
            return response.status
    except aiohttp.ClientError:
        return 0
