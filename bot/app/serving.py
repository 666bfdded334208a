"""``saqbol run``: receives, answers, and with a SQLite database also sends."""

import asyncio
from contextlib import nullcontext

from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.app.assembly import App, assemble
from bot.app.memory import keep_loaded
from bot.config import Settings
from bot.log import get_logger
from bot.receiving import receive
from bot.signals import stopped_by_signals
from bot.storage.engine import sqlite_path
from bot.storage.home_lock import home_lock
from bot.telegram.contact import TokenRefusedError
from bot.telegram.profile import introduce

log = get_logger(__name__)


async def serve(settings: Settings, *, handle_signals: bool = True) -> None:
    """Run the bot until SIGINT or SIGTERM, or until cancelled.

    Raises:
        TokenError: BOT_TOKEN is not set or is malformed.
        TokenRefusedError: Telegram does not know the token.
        AnotherPollerError: another process receives the updates of this bot.
        HomeInUseError: another bot runs on the same home folder.
        RegistryError: the register is missing, broken, or built with another pepper.
        StorageError: the people database is damaged, too new, or does not answer.
        ZoneDataError: the machine does not know the time of Kazakhstan.
    """
    stop = asyncio.Event()
    # Any number of replicas may take what a webhook brings; only one process can poll.
    with home_lock(settings.home_dir) if settings.webhook_url is None else nullcontext():
        async with assemble(settings) as app:
            await _introduce(app)
            keep_loaded()
            with stopped_by_signals(stop) if handle_signals else nullcontext():
                receiving = asyncio.create_task(
                    receive(settings, app.bot, app.dispatcher, app.contact, app.check_health, stop)
                )
                working = asyncio.create_task(_work_along(settings, app, stop))
                try:
                    await asyncio.shield(receiving)
                except asyncio.CancelledError:
                    stop.set()
                    await receiving
                    raise
                finally:
                    stop.set()
                    await working


async def _work_along(settings: Settings, app: App, stop: asyncio.Event) -> None:
    """Send broadcasts and reminders beside the answers; with a server that is `saqbol worker`'s."""
    if sqlite_path(settings.database) is not None:
        await asyncio.gather(*(worker.run(stop) for worker in app.workers))


async def _introduce(app: App) -> None:
    """Tell Telegram what the bot is, and hear from it who the bot is."""
    try:
        await introduce(app.bot, app.catalogues)
    except TelegramAPIError as error:
        # Descriptions and commands are a courtesy; Telegram limits how often they are set.
        log.warning("profile_not_set", error=type(error).__name__)
    await app.desk.check()
    try:
        me = await app.bot.me()
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise TokenRefusedError from None
    log.info("bot_known", username=me.username)
