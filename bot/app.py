"""The composition root: wires adapters to services; the only place that knows all of them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from functools import partial

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError, validate_token
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import SHARE, Settings
from bot.content.library import load_content
from bot.content.rules_version import rules_version
from bot.domain.audit import AuditBrokenError
from bot.log import get_logger
from bot.receiving import receive
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.audit import AuditLog
from bot.services.broadcasts import Broadcasts
from bot.services.clock import clock
from bot.services.exports import Exports
from bot.services.health import Health, check_health
from bot.services.limits import Limits
from bot.services.operators import Operators
from bot.services.refusals import Refusals
from bot.services.subscribers import Subscribers
from bot.signals import stopped_by_signals
from bot.storage.answers import AnswerRepository
from bot.storage.audit import AuditRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.engine import DATABASE_FAILURES, open_engine, sqlite_path
from bot.storage.erasures import ErasureFile
from bot.storage.home_lock import home_lock
from bot.storage.operators import OperatorId, OperatorRepository
from bot.storage.personal import PersonalRepository
from bot.storage.pictures import PictureRepository
from bot.storage.schema import prepare
from bot.storage.subscribers import SubscriberRepository
from bot.storage.turns import TurnRepository
from bot.storage.watch import DatabaseWatch
from bot.telegram.alerts import OperatorAlerts
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.contact import Contact, TokenRefusedError
from bot.telegram.departures import Departures
from bot.telegram.dispatcher import Staff, build_dispatcher
from bot.telegram.gate import Gate
from bot.telegram.i18n import Catalogues
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.profile import introduce
from bot.telegram.rendering.values import load_dates
from bot.telegram.session import JsonSession
from bot.telegram.shared_turns import SharedTurns
from bot.worker.loop import LEASE_S, Worker

log = get_logger(__name__)

_PURGE_EVERY_S = 24 * 60 * 60
_CHECK_HEALTH_EVERY_S = 5.0
# A paid broadcast has 500 messages on their way, and people must find a connection beside them.
_MAX_CONNECTIONS = 600


class TokenError(Exception):
    """The bot has no token to speak to Telegram with, or a malformed one."""


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
        async with assemble(settings) as (bot, dispatcher):
            await _introduce(bot, dispatcher)
            with stopped_by_signals(stop) if handle_signals else nullcontext():
                receiving = asyncio.create_task(receive(settings, bot, dispatcher, stop))
                working = asyncio.create_task(_work_along(settings, dispatcher["worker"], stop))
                try:
                    await asyncio.shield(receiving)
                except asyncio.CancelledError:
                    stop.set()
                    await receiving
                    raise
                finally:
                    stop.set()
                    await working


async def _work_along(settings: Settings, worker: Worker, stop: asyncio.Event) -> None:
    """Send broadcasts beside the answers; with a server that is for `saqbol worker`."""
    if sqlite_path(settings.database) is not None:
        await worker.run(stop)


async def work(settings: Settings, *, lease_s: float = LEASE_S) -> None:
    """Send broadcasts, and nothing else, until SIGINT or SIGTERM.

    Any number of processes may do so on one database.

    Args:
        lease_s: after so many seconds a recipient whose sender was not heard of is given up.

    Raises:
        TokenError: BOT_TOKEN is not set or is malformed.
        TokenRefusedError: Telegram does not know the token.
        StorageError: the people database is damaged, too new, or does not answer.
    """
    stop = asyncio.Event()
    contact = Contact()
    engine = open_engine(settings.database)
    bot = Bot(_token(settings), session=_session(settings, contact, engine))
    refusal = asyncio.create_task(contact.refused.wait())
    refusal.add_done_callback(lambda _: stop.set())
    try:
        await prepare(engine)
        broadcasts = Broadcasts(BroadcastRepository(engine))
        with stopped_by_signals(stop):
            log.info("worker_started")
            await _worker(bot, engine, broadcasts, lease_s).run(stop)
    finally:
        refusal.cancel()
        await bot.session.close()
        await engine.dispose()
    if contact.refused.is_set():
        raise TokenRefusedError


def _worker(bot: Bot, engine: AsyncEngine, broadcasts: Broadcasts, lease_s: float) -> Worker:
    deliveries = DeliveryRepository(engine, lease_s)
    return Worker(broadcasts, deliveries, BroadcastMessenger(bot), lease_s=lease_s)


async def _introduce(bot: Bot, dispatcher: Dispatcher) -> None:
    try:
        await introduce(bot, dispatcher["catalogues"])
    except TelegramAPIError as error:
        # Descriptions and commands are a courtesy; Telegram limits how often they are set.
        log.warning("profile_not_set", error=type(error).__name__)
    # What is loaded now stays: walking over it would stop every answer for 100 ms now and then.
    gc.collect()
    gc.freeze()
    try:
        me = await bot.me()
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise TokenRefusedError from None
    log.info("bot_known", username=me.username)


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[tuple[Bot, Dispatcher]]:
    """Build the whole bot; everything it opened is closed after the block."""
    token = _token(settings)
    content = load_content(SHARE)
    key, today = registry_key(settings), clock(settings)
    engine = open_engine(settings.database)
    contact = Contact()
    bot = Bot(token, session=_session(settings, contact, engine))
    try:
        with Registry(settings.home_dir, key) as registry:
            await prepare(engine)
            database = DatabaseWatch(engine)
            stored_answers, pictures = AnswerRepository(engine), PictureRepository(engine)
            erasures = _erasures(settings, key)
            subscribers = Subscribers(SubscriberRepository(engine), stored_answers, erasures)
            catalogues = Catalogues(content.translations)
            load_dates()
            audit = AuditLog(AuditRepository(engine), key.of_subscriber)
            named = frozenset(map(OperatorId, settings.operators))
            operators = Operators(OperatorRepository(engine, named), audit)
            staff = Staff(
                operators,
                OperatorChats(bot, operators, subscribers, catalogues),
                audit,
                Refusals(operators, audit),
            )
            alerts = OperatorAlerts(bot, operators, subscribers, catalogues)
            limits = Limits(
                settings.lookups_per_day, settings.misses_per_hour, alerts.guessing_noticed
            )
            answers = Answers(
                registry,
                key,
                stored_answers,
                content.parameters,
                today=today,
                policy=Policy(
                    settings.registry_max_age_days,
                    settings.disclosure,
                    rules_version(SHARE / "data" / "parameters"),
                ),
                limits=limits,
                on_unverified=alerts.figure_not_verified,
            )
            broadcasts = Broadcasts(BroadcastRepository(engine))
            health = partial(check_health, database, registry, today)
            chores = (
                asyncio.create_task(_purge_daily(stored_answers, pictures, audit)),
                asyncio.create_task(_verify_audit(audit, alerts)),
                asyncio.create_task(_show_commands(staff.chats)),
                asyncio.create_task(_watch_health(health, alerts)),
            )
            try:
                dispatcher = build_dispatcher(
                    answers, subscribers, pictures, content, catalogues, today, staff
                )
                dispatcher["exports"] = Exports(
                    PersonalRepository(engine), stored_answers, erasures, limits
                )
                dispatcher["contact"] = contact
                dispatcher["check_health"] = health
                dispatcher["broadcasts"] = broadcasts
                dispatcher["worker"] = _worker(bot, engine, broadcasts, LEASE_S)
                yield bot, dispatcher
            finally:
                for chore in chores:
                    chore.cancel()
                await asyncio.gather(*chores, return_exceptions=True)
                await staff.refusals.close()
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


def _session(settings: Settings, contact: Contact, engine: AsyncEngine) -> JsonSession:
    session = JsonSession(limit=_MAX_CONNECTIONS)
    if settings.bot_api_url is not None:
        session.api = TelegramAPIServer.from_base(settings.bot_api_url)
    # A SQLite file has one process that sends.
    is_alone = sqlite_path(settings.database) is not None
    turns = None if is_alone else SharedTurns(TurnRepository(engine))
    session.middleware(Gate(settings.broadcast_rate, turns=turns))
    session.middleware(contact)
    session.middleware(Departures())
    return session


def _erasures(settings: Settings, key: RegistryKey) -> ErasureFile | None:
    """Give what `saqbol db restore` reads; a server is restored by its own tools."""
    if sqlite_path(settings.database) is None:
        return None
    return ErasureFile(settings.erasures_file, key.of_subscriber, key.key_id)


async def _show_commands(chats: OperatorChats) -> None:
    """Put the commands of operators into their menus; nobody waits for that."""
    try:
        await chats.show_all()
    except DATABASE_FAILURES as error:
        log.warning("operator_commands_not_set", error=type(error).__name__)


async def _verify_audit(audit: AuditLog, alerts: OperatorAlerts) -> None:
    """Look for a break once; the hash in the log is the proof that the end was not cut off."""
    try:
        found = await audit.verify()
    except AuditBrokenError as error:
        log.error("audit_broken", row=error.row)
        alerts.audit_broken(error)
    except DATABASE_FAILURES as error:
        log.error("audit_not_verified", error=type(error).__name__)
    else:
        log.info("audit_verified", first=found.first, last=found.last, tip=found.tip)


async def _purge_daily(
    answers: AnswerRepository, pictures: PictureRepository, audit: AuditLog
) -> None:
    while True:
        if removed := await answers.purge():
            log.info("old_answers_removed", number=removed)
        if removed := await pictures.purge():
            log.info("old_pictures_removed", number=removed)
        if removed := await audit.cut():
            log.info("old_audit_rows_removed", number=removed)
        await asyncio.sleep(_PURGE_EVERY_S)


async def _watch_health(check: Callable[[], Awaitable[Health]], alerts: OperatorAlerts) -> None:
    while True:
        alerts.health_checked(await check())
        await asyncio.sleep(_CHECK_HEALTH_EVERY_S)
