"""``saqbol run``, ``saqbol worker`` and ``saqbol demo``."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import clear_errors, fail, out, read_settings
from bot.log import set_up_logging

# Codes of sysexits.h: with 78 a restart is of no use, with 75 it may be later.
_TOKEN_REFUSED = 78
_NOT_ALONE = 75
_SENDS_BY_ITSELF = (
    "the people database is SQLite, and there `saqbol run` sends by itself: nothing else is needed."
    " To send from processes of their own, set DATABASE_URL to a PostgreSQL server"
)


def run() -> None:
    """Run the bot on Telegram: needs BOT_TOKEN and an imported register.

    Ends with 0 when stopped, 78 when Telegram refuses the token, 75 when another process is at
    work on the same bot or home folder.

    Example: BOT_TOKEN=123:abc saqbol run
    """
    from aiogram.exceptions import (
        TelegramBadRequest,
        TelegramNetworkError,
        TelegramRetryAfter,
        TelegramServerError,
    )

    from bot.app import TokenError, serve
    from bot.storage.home_lock import HomeInUseError
    from bot.telegram.contact import TokenRefusedError
    from bot.telegram.polling import AnotherPollerError

    settings = read_settings()
    set_up_logging(settings.log_format)
    try:
        with clear_errors():
            asyncio.run(serve(settings))
    except TokenError as error:
        fail(str(error), code=2)
    except TokenRefusedError as error:
        fail(str(error), code=_TOKEN_REFUSED)
    except (AnotherPollerError, HomeInUseError) as error:
        fail(str(error), code=_NOT_ALONE)
    except TelegramBadRequest as error:
        fail(f"Telegram refuses the start ({error.message}): check WEBHOOK_URL", code=2)
    except TelegramRetryAfter as error:
        fail(f"Telegram asks for a pause of {error.retry_after} s: start again after it")
    except (TelegramNetworkError, TelegramServerError) as error:
        fail(f"the Bot API does not answer ({error.message}): check the network and BOT_API_URL")


def worker() -> None:
    """Send broadcasts and reminders, beside any number of `saqbol run` and other workers.

    That takes a PostgreSQL server: on SQLite `saqbol run` sends by itself. Ends with 0 when
    stopped, 78 when Telegram refuses the token.

    Example: BOT_TOKEN=123:abc DATABASE_URL=postgresql+asyncpg://db/saqbol saqbol worker
    """
    from bot.app import TokenError, work
    from bot.storage.engine import sqlite_path
    from bot.telegram.contact import TokenRefusedError

    settings = read_settings()
    set_up_logging(settings.log_format)
    try:
        with clear_errors():
            if sqlite_path(settings.database) is not None:
                # Each of the two would send at the full rate: on SQLite they do not share it.
                fail(_SENDS_BY_ITSELF, code=2)
            asyncio.run(work(settings))
    except TokenError as error:
        fail(str(error), code=2)
    except TokenRefusedError as error:
        fail(str(error), code=_TOKEN_REFUSED)


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the chat page; 0 takes a free one.")
    ] = 0,
) -> None:
    """Try everything on this machine: no token, no server, made-up people.

    Example: saqbol demo --port 8000
    """
    from bot.cli.demo import run_demo

    settings = read_settings()
    set_up_logging(settings.log_format)
    out.print("Starting. The first start takes a few seconds …")
    # The folder goes also when a terminal is closed.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    with clear_errors(), tempfile.TemporaryDirectory(prefix="saqbol-demo-") as home:
        asyncio.run(run_demo(Path(home), port, settings))


def add_to(app: typer.Typer) -> None:
    app.command()(run)
    app.command()(worker)
    app.command()(demo)
