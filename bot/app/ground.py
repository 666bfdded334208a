"""What everything else stands on: opened first, closed last."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from aiogram import Bot
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app.connection import connect, token_in
from bot.config import SHARE, Settings
from bot.content.library import Content, load_content
from bot.content.rules_version import rules_version
from bot.domain.parameters import ParameterNotInForceError
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.clock import clock
from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.schema import prepare
from bot.telegram.contact import Contact
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.values import load_dates


@dataclass(frozen=True, slots=True)
class Ground:
    """Settings, texts, the day, the register, the people database, and the way to Telegram."""

    settings: Settings
    content: Content
    catalogues: Catalogues
    today: Callable[[], date]
    key: RegistryKey
    registry: Registry
    engine: AsyncEngine
    counters: Counters
    contact: Contact
    bot: Bot


@asynccontextmanager
async def lay_ground(settings: Settings) -> AsyncIterator[Ground]:
    """Open everything; errors as of :func:`bot.app.serve`."""
    token = token_in(settings)
    content = load_content(SHARE)
    key, today = registry_key(settings), clock(settings)
    engine = open_engine(settings.database)
    contact, counters = Contact(), Counters(CounterRepository(engine), today)
    bot = connect(settings, token, engine, contact, counters)
    try:
        with Registry(settings.home_dir, key) as registry:
            await prepare(engine)
            load_dates()
            yield Ground(
                settings=settings,
                content=content,
                catalogues=Catalogues(content.translations),
                today=today,
                key=key,
                registry=registry,
                engine=engine,
                counters=counters,
                contact=contact,
                bot=bot,
            )
    finally:
        await bot.session.close()
        await engine.dispose()


def build_answers(  # noqa: PLR0913 - a process that answers nobody has no ground of its own
    settings: Settings,
    registry: Registry,
    key: RegistryKey,
    repository: AnswerRepository,
    content: Content,
    *,
    limits: Limits,
    counters: Counters,
    on_unverified: Callable[[ParameterNotInForceError], None],
) -> Answers:
    """Build what finds, assesses and remembers, by the rules of this version."""
    policy = Policy(
        settings.registry_max_age_days,
        settings.disclosure,
        rules_version(SHARE / "data" / "parameters"),
    )
    return Answers(
        registry,
        key,
        repository,
        content.parameters,
        today=clock(settings),
        policy=policy,
        limits=limits,
        counters=counters,
        on_unverified=on_unverified,
    )
