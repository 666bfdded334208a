"""Builds what sends by itself: broadcasts and reminders."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date

from aiogram import Bot
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app.ground import build_answers
from bot.config import SHARE, Settings
from bot.content.library import load_content
from bot.log import get_logger
from bot.registry.errors import RegistryError
from bot.registry.generations import Generations
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers
from bot.services.broadcasts import Broadcasts
from bot.services.clock import clock
from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.services.reminding import Reminding
from bot.storage.answers import AnswerRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.reminder_notices import NoticeRepository
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.i18n import Catalogues
from bot.telegram.reminding import TelegramReminders
from bot.telegram.rendering.values import load_dates
from bot.worker.loop import Worker
from bot.worker.reminding import REMINDER_LEASE_S, ReminderWorker

log = get_logger(__name__)


def build_worker(bot: Bot, engine: AsyncEngine, lease_s: float) -> Worker:
    """Build what sends broadcasts."""
    return Worker(
        Broadcasts(BroadcastRepository(engine)),
        DeliveryRepository(engine, lease_s),
        BroadcastMessenger(bot),
        lease_s=lease_s,
    )


def build_reminder_worker(
    bot: Bot,
    engine: AsyncEngine,
    answers: Answers,
    today: Callable[[], date],
    catalogues: Catalogues,
) -> ReminderWorker:
    """Build what sends reminders."""
    return ReminderWorker(
        Reminding(answers, today),
        NoticeRepository(engine, REMINDER_LEASE_S),
        TelegramReminders(bot, catalogues),
    )


def build_reminder_worker_alone(
    settings: Settings, bot: Bot, engine: AsyncEngine, counters: Counters, stack: ExitStack
) -> ReminderWorker | None:
    """Build the same for a process that answers nobody; None where there is no register."""
    # Where there is no register no pepper is made either.
    if not Generations(settings.home_dir).pointer.exists():
        log.warning("no_reminders_without_register")
        return None
    try:
        key = registry_key(settings)
        registry = stack.enter_context(Registry(settings.home_dir, key))
    except RegistryError as error:
        log.error("no_reminders_without_register", reason=str(error))
        return None
    content = load_content(SHARE)
    load_dates()
    answers = build_answers(
        settings,
        registry,
        key,
        AnswerRepository(engine),
        content,
        limits=Limits(settings.lookups_per_day, settings.misses_per_hour, lambda *_: None),
        counters=counters,
        # The operators hear of missing figures from those who answer.
        on_unverified=lambda _: None,
    )
    catalogues = Catalogues(content.translations)
    return build_reminder_worker(bot, engine, answers, clock(settings), catalogues)
