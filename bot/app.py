"""The composition root: wires adapters to services; the only place that knows all of them."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.utils.token import TokenValidationError, validate_token

from bot.config import SHARE, Settings
from bot.content.library import load_content
from bot.log import get_logger
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.clock import clock
from bot.services.limits import Limits
from bot.services.subscribers import Subscribers
from bot.storage.answers import AnswerRepository
from bot.storage.engine import open_engine
from bot.storage.pictures import PictureRepository
from bot.storage.schema import upgrade
from bot.storage.subscribers import SubscriberRepository
from bot.telegram.alerts import OperatorAlerts
from bot.telegram.dispatcher import ALLOWED_UPDATES, build_dispatcher
from bot.telegram.i18n import Catalogues
from bot.telegram.profile import introduce
from bot.telegram.rendering.values import load_dates
from bot.telegram.retrying import RetryMiddleware
from bot.telegram.session import JsonSession

log = get_logger(__name__)

_CONCURRENT_UPDATES = 100
_DRAIN_S = 8.0
_PURGE_EVERY_S = 24 * 60 * 60


class TokenError(Exception):
    """The bot has no token to speak to Telegram with, or a malformed one."""


async def serve(settings: Settings, *, handle_signals: bool = True) -> None:
    """Run the bot by long polling until SIGINT or SIGTERM, or until cancelled.

    Raises:
        TokenError: BOT_TOKEN is not set or is malformed.
        RegistryError: the register is missing, broken, or built with another pepper.
        ZoneDataError: the machine does not know the time of Kazakhstan.
    """
    async with assemble(settings) as (bot, dispatcher):
        try:
            await introduce(bot, dispatcher["catalogues"])
        except TelegramAPIError as error:
            # Descriptions and commands are a courtesy; Telegram limits how often they are set.
            log.warning("profile_not_set", error=type(error).__name__)
        # What is loaded now stays: walking over it would stop every answer for 100 ms now and then.
        gc.collect()
        gc.freeze()
        me = await bot.me()
        await bot.delete_webhook()
        log.info("bot_started", username=me.username)
        polling = asyncio.create_task(
            dispatcher.start_polling(
                bot,
                allowed_updates=ALLOWED_UPDATES,
                tasks_concurrency_limit=_CONCURRENT_UPDATES,
                close_bot_session=False,
                handle_signals=handle_signals,
            )
        )
        try:
            await asyncio.shield(polling)
        except asyncio.CancelledError:
            # A cancelled start_polling would leave its task behind, asking for updates.
            await dispatcher.stop_polling()
            await polling
            raise
        finally:
            await dispatcher["order"].drain(_DRAIN_S)


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[tuple[Bot, Dispatcher]]:
    """Build the whole bot; everything it opened is closed after the block."""
    token = _token(settings)
    content = load_content(SHARE)
    key, today = registry_key(settings), clock(settings)
    engine = open_engine(settings.database)
    bot = Bot(token, session=_session(settings))
    try:
        with Registry(settings.home_dir, key) as registry:
            await upgrade(engine)
            stored_answers, pictures = AnswerRepository(engine), PictureRepository(engine)
            subscribers = Subscribers(SubscriberRepository(engine), stored_answers)
            catalogues = Catalogues(content.translations)
            load_dates()
            alerts = OperatorAlerts(bot, settings.operators, subscribers, catalogues)
            answers = Answers(
                registry,
                key,
                stored_answers,
                content.parameters,
                today=today,
                policy=Policy(settings.registry_max_age_days, settings.disclosure),
                limits=Limits(
                    settings.lookups_per_day, settings.misses_per_hour, alerts.guessing_noticed
                ),
                on_unverified=alerts.figure_not_verified,
            )
            purge = asyncio.create_task(_purge_daily(stored_answers, pictures))
            try:
                yield (
                    bot,
                    build_dispatcher(answers, subscribers, pictures, content, catalogues, today),
                )
            finally:
                purge.cancel()
                await asyncio.gather(purge, return_exceptions=True)
                await stored_answers.close()
    finally:
        await bot.session.close()
        await engine.dispose()


def _token(settings: Settings) -> str:
    if settings.bot_token is None:
        raise TokenError(
            "BOT_TOKEN is not set: get one from @BotFather, or try `saqbol demo` without it"
        )
    token = settings.bot_token.get_secret_value()
    try:
        validate_token(token)
    except TokenValidationError:
        raise TokenError("BOT_TOKEN is not of the form 123:ABC that @BotFather gives") from None
    return token


def _session(settings: Settings) -> JsonSession:
    session = JsonSession()
    if settings.bot_api_url is not None:
        session.api = TelegramAPIServer.from_base(settings.bot_api_url)
    session.middleware(RetryMiddleware())
    return session


async def _purge_daily(answers: AnswerRepository, pictures: PictureRepository) -> None:
    while True:
        if removed := await answers.purge():
            log.info("old_answers_removed", number=removed)
        if removed := await pictures.purge():
            log.info("old_pictures_removed", number=removed)
        await asyncio.sleep(_PURGE_EVERY_S)
