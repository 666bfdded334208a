"""``saqbol worker``: sends broadcasts and reminders, and nothing else."""

import asyncio
from contextlib import ExitStack

from bot.app.connection import connect, token_in
from bot.app.memory import keep_loaded
from bot.app.sending import build_reminder_worker_alone, build_worker
from bot.config import Settings
from bot.log import get_logger
from bot.services.clock import clock
from bot.services.counters import Counters
from bot.signals import stopped_by_signals
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.schema import prepare
from bot.telegram.contact import Contact, TokenRefusedError
from bot.worker.loop import LEASE_S

log = get_logger(__name__)


async def work(settings: Settings, *, lease_s: float = LEASE_S) -> None:
    """Send until SIGINT or SIGTERM.

    Any number of processes may do so on one database. One without a register sends no reminders.

    Args:
        lease_s: after so many seconds a recipient whose sender was not heard of is given up.

    Raises:
        TokenError: BOT_TOKEN is not set or is malformed.
        TokenRefusedError: Telegram does not know the token.
        StorageError: the people database is damaged, too new, or does not answer.
    """
    stop = asyncio.Event()
    token, contact = token_in(settings), Contact()
    engine = open_engine(settings.database)
    counters = Counters(CounterRepository(engine), clock(settings))
    bot = connect(settings, token, engine, contact, counters)
    refusal = asyncio.create_task(contact.refused.wait())
    refusal.add_done_callback(lambda _: stop.set())
    try:
        await prepare(engine)
        with ExitStack() as stack:
            working = [build_worker(bot, engine, lease_s).run(stop)]
            reminders = build_reminder_worker_alone(settings, bot, engine, counters, stack)
            if reminders is not None:
                working.append(reminders.run(stop))
            stack.enter_context(stopped_by_signals(stop))
            keep_loaded()
            log.info("worker_started")
            async with counters.writing_behind():
                await asyncio.gather(*working)
    finally:
        refusal.cancel()
        await bot.session.close()
        await engine.dispose()
    if contact.refused.is_set():
        raise TokenRefusedError
