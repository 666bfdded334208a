"""The composition root: wires adapters to services; the only place that knows all of them."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager, nullcontext
from datetime import date
from functools import partial

from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.utils.token import TokenValidationError, validate_token
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import SHARE, Settings
from bot.content.library import Content, load_content
from bot.content.rules_version import rules_version
from bot.domain.audit import AuditBrokenError
from bot.domain.parameters import ParameterNotInForceError
from bot.log import get_logger
from bot.receiving import receive
from bot.registry.errors import RegistryError
from bot.registry.generations import Generations
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.audit import AuditLog
from bot.services.broadcasts import Broadcasts
from bot.services.clock import clock
from bot.services.control import Control
from bot.services.counters import Counters
from bot.services.drafts import Drafts
from bot.services.exports import Exports
from bot.services.health import Health, check_health
from bot.services.inbox import Inbox
from bot.services.limits import Limits
from bot.services.operators import Operators
from bot.services.refusals import Refusals
from bot.services.reminders import Reminders
from bot.services.reminding import Reminding
from bot.services.stats import CLOSED_AFTER, Stats
from bot.services.subscribers import Subscribers
from bot.signals import stopped_by_signals
from bot.storage.answers import AnswerRepository
from bot.storage.audit import AuditRepository
from bot.storage.boards import BoardRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.counters import CounterRepository
from bot.storage.deliveries import DeliveryRepository
from bot.storage.drafts import DraftRepository
from bot.storage.engine import DATABASE_FAILURES, open_engine, sqlite_path
from bot.storage.erasures import ErasureFile
from bot.storage.home_lock import home_lock
from bot.storage.inbox import InboxRepository
from bot.storage.news import NewsRepository
from bot.storage.operators import OperatorId, OperatorRepository
from bot.storage.personal import PersonalRepository
from bot.storage.pictures import PictureRepository
from bot.storage.reminder_notices import NoticeRepository
from bot.storage.reminders import ReminderRepository
from bot.storage.reports import ReportRepository
from bot.storage.schema import prepare
from bot.storage.subscribers import SubscriberRepository
from bot.storage.turns import TurnRepository
from bot.storage.watch import DatabaseWatch
from bot.telegram.alerts import OperatorAlerts
from bot.telegram.approvals import Approvals
from bot.telegram.boards import LiveBoards
from bot.telegram.broadcast_cards import BroadcastCards, BroadcastDesk
from bot.telegram.broadcast_news import BroadcastNews
from bot.telegram.broadcasting import BroadcastMessenger
from bot.telegram.canned import Canned
from bot.telegram.contact import Contact, TokenRefusedError
from bot.telegram.departures import Departures
from bot.telegram.desk import Desk
from bot.telegram.dispatcher import InboxParts, Staff, build_dispatcher
from bot.telegram.draft_cards import DraftCards
from bot.telegram.forum import Forum
from bot.telegram.gate import Gate
from bot.telegram.i18n import Catalogues
from bot.telegram.mirror import Mirror
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.outcomes import Outcomes
from bot.telegram.profile import introduce
from bot.telegram.reminding import TelegramReminders
from bot.telegram.rendering.values import load_dates
from bot.telegram.session import JsonSession
from bot.telegram.shared_turns import SharedTurns
from bot.worker.loop import LEASE_S, Worker
from bot.worker.reminding import REMINDER_LEASE_S, ReminderWorker

log = get_logger(__name__)

_PURGE_EVERY_S = 24 * 60 * 60
_CHECK_HEALTH_EVERY_S = 5.0
_NOTE_AGE_EVERY_S = 60 * 60
_CHECK_FORUM_EVERY_S = 60.0
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
            _keep_loaded()
            with stopped_by_signals(stop) if handle_signals else nullcontext():
                receiving = asyncio.create_task(receive(settings, bot, dispatcher, stop))
                working = asyncio.create_task(_work_along(settings, dispatcher, stop))
                try:
                    await asyncio.shield(receiving)
                except asyncio.CancelledError:
                    stop.set()
                    await receiving
                    raise
                finally:
                    stop.set()
                    await working


async def _work_along(settings: Settings, dispatcher: Dispatcher, stop: asyncio.Event) -> None:
    """Send broadcasts and reminders beside the answers; with a server that is `saqbol worker`'s."""
    if sqlite_path(settings.database) is not None:
        await asyncio.gather(
            dispatcher["worker"].run(stop), dispatcher["reminder_worker"].run(stop)
        )


async def work(settings: Settings, *, lease_s: float = LEASE_S) -> None:
    """Send broadcasts and reminders, and nothing else, until SIGINT or SIGTERM.

    Any number of processes may do so on one database. One without a register sends no reminders.

    Args:
        lease_s: after so many seconds a recipient whose sender was not heard of is given up.

    Raises:
        TokenError: BOT_TOKEN is not set or is malformed.
        TokenRefusedError: Telegram does not know the token.
        StorageError: the people database is damaged, too new, or does not answer.
    """
    stop = asyncio.Event()
    contact = Contact()
    token = _token(settings)
    engine = open_engine(settings.database)
    counters = Counters(CounterRepository(engine), clock(settings))
    bot = Bot(token, session=_session(settings, contact, counters, engine))
    refusal = asyncio.create_task(contact.refused.wait())
    refusal.add_done_callback(lambda _: stop.set())
    try:
        await prepare(engine)
        broadcasts = Broadcasts(BroadcastRepository(engine))
        with ExitStack() as stack:
            workers = [_worker(bot, engine, broadcasts, lease_s).run(stop)]
            if (register := _register(settings, stack)) is not None:
                reminders = _remind_alone(settings, bot, engine, counters, *register)
                workers.append(reminders.run(stop))
            stack.enter_context(stopped_by_signals(stop))
            log.info("worker_started")
            async with counters.writing_behind():
                await asyncio.gather(*workers)
    finally:
        refusal.cancel()
        await bot.session.close()
        await engine.dispose()
    if contact.refused.is_set():
        raise TokenRefusedError


def _worker(bot: Bot, engine: AsyncEngine, broadcasts: Broadcasts, lease_s: float) -> Worker:
    deliveries = DeliveryRepository(engine, lease_s)
    return Worker(broadcasts, deliveries, BroadcastMessenger(bot), lease_s=lease_s)


def _reminder_worker(
    bot: Bot, engine: AsyncEngine, reminding: Reminding, catalogues: Catalogues
) -> ReminderWorker:
    notices = NoticeRepository(engine, REMINDER_LEASE_S)
    return ReminderWorker(reminding, notices, TelegramReminders(bot, catalogues))


def _register(settings: Settings, stack: ExitStack) -> tuple[Registry, RegistryKey] | None:
    """Open the register for the reminders; a worker without one still sends broadcasts."""
    # Where there is no register no pepper is made either.
    if Generations(settings.home_dir).pointer.exists():
        try:
            key = registry_key(settings)
            return stack.enter_context(Registry(settings.home_dir, key)), key
        except RegistryError as error:
            log.error("register_not_opened", reason=str(error))
    log.warning("no_reminders_without_register")
    return None


def _remind_alone(
    settings: Settings,
    bot: Bot,
    engine: AsyncEngine,
    counters: Counters,
    registry: Registry,
    key: RegistryKey,
) -> ReminderWorker:
    """Build what sends reminders in a process that answers nobody."""
    content, today = load_content(SHARE), clock(settings)
    load_dates()
    limits = Limits(settings.lookups_per_day, settings.misses_per_hour, lambda *_: None)
    # The operators hear of missing figures from those who answer.
    answers = _answers(
        settings,
        registry,
        key,
        AnswerRepository(engine),
        content,
        today,
        limits,
        counters,
        lambda _: None,
    )
    catalogues = Catalogues(content.translations)
    return _reminder_worker(bot, engine, Reminding(answers, today), catalogues)


def _answers(  # noqa: PLR0913, PLR0917 - all that an answer needs
    settings: Settings,
    registry: Registry,
    key: RegistryKey,
    repository: AnswerRepository,
    content: Content,
    today: Callable[[], date],
    limits: Limits,
    counters: Counters,
    on_unverified: Callable[[ParameterNotInForceError], None],
) -> Answers:
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
        today=today,
        policy=policy,
        limits=limits,
        counters=counters,
        on_unverified=on_unverified,
    )


async def _introduce(bot: Bot, dispatcher: Dispatcher) -> None:
    """Tell Telegram what the bot is, and hear from it who the bot is."""
    try:
        await introduce(bot, dispatcher["catalogues"])
    except TelegramAPIError as error:
        # Descriptions and commands are a courtesy; Telegram limits how often they are set.
        log.warning("profile_not_set", error=type(error).__name__)
    await dispatcher["desk"].check()
    try:
        me = await bot.me()
    except (TelegramUnauthorizedError, TelegramNotFound):
        raise TokenRefusedError from None
    log.info("bot_known", username=me.username)


def _keep_loaded() -> None:
    """Spare the garbage collector what stays: walking over it stops all answers for 100 ms."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[tuple[Bot, Dispatcher]]:
    """Build the whole bot; everything it opened is closed after the block."""
    token = _token(settings)
    content = load_content(SHARE)
    key, today = registry_key(settings), clock(settings)
    engine = open_engine(settings.database)
    contact = Contact()
    counter_repository = CounterRepository(engine)
    counters = Counters(counter_repository, today)
    bot = Bot(token, session=_session(settings, contact, counters, engine))
    try:
        with Registry(settings.home_dir, key) as registry:
            await prepare(engine)
            database = DatabaseWatch(engine)
            stored_answers, pictures = AnswerRepository(engine), PictureRepository(engine)
            erasures = _erasures(settings, key)
            subscribers = Subscribers(
                SubscriberRepository(engine), stored_answers, counters, erasures
            )
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
                counters,
                Stats(counter_repository, clock(settings, behind=CLOSED_AFTER)),
            )
            alerts = OperatorAlerts(bot, operators, subscribers, catalogues)
            limits = Limits(
                settings.lookups_per_day, settings.misses_per_hour, alerts.guessing_noticed
            )
            answers = _answers(
                settings,
                registry,
                key,
                stored_answers,
                content,
                today,
                limits,
                counters,
                alerts.figure_not_verified,
            )
            reminders = Reminders(ReminderRepository(engine), answers)
            broadcast_desk = _broadcast_desk(engine, staff)
            stored_news = NewsRepository(engine)
            parts = _inbox(
                settings,
                bot,
                InboxRepository(engine),
                content,
                catalogues,
                today,
                answers=answers,
                audit=audit,
                operators=operators,
                subscribers=subscribers,
                alerts=alerts,
                registry=registry,
            )
            broadcasts = Broadcasts(BroadcastRepository(engine))
            drafts = Drafts(
                DraftRepository(engine), broadcasts, settings.broadcast_approval_above, today
            )
            health = partial(check_health, database, registry, today)
            chores = (
                asyncio.create_task(
                    _purge_daily(stored_answers, pictures, audit, counters, stored_news)
                ),
                asyncio.create_task(_verify_audit(audit, alerts)),
                asyncio.create_task(_show_commands(staff.chats)),
                asyncio.create_task(_watch_health(health, alerts)),
                asyncio.create_task(_note_age_of_register(registry, today, counters)),
                asyncio.create_task(LiveBoards(bot, broadcast_desk, operators, catalogues).run()),
                asyncio.create_task(
                    BroadcastNews(
                        bot, stored_news, broadcast_desk.control, operators, subscribers, catalogues
                    ).run()
                ),
                asyncio.create_task(_watch_forum(parts.desk)),
                asyncio.create_task(_tidy_inbox(parts)),
            )
            try:
                dispatcher = build_dispatcher(
                    answers,
                    reminders,
                    subscribers,
                    pictures,
                    content,
                    catalogues,
                    today,
                    staff,
                    parts=parts,
                )
                dispatcher["exports"] = Exports(
                    PersonalRepository(engine), stored_answers, erasures, limits, counters
                )
                dispatcher["contact"] = contact
                dispatcher["check_health"] = health
                dispatcher["broadcasts"] = broadcasts
                dispatcher["broadcast_desk"] = broadcast_desk
                dispatcher["drafts"] = drafts
                dispatcher["draft_cards"] = DraftCards(bot, drafts, content.guides)
                dispatcher["approvals"] = Approvals(
                    bot, operators, subscribers, broadcasts, catalogues
                )
                dispatcher["worker"] = _worker(bot, engine, broadcasts, LEASE_S)
                dispatcher["reminder_worker"] = _reminder_worker(
                    bot, engine, Reminding(answers, today), catalogues
                )
                async with counters.writing_behind():
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


def _broadcast_desk(engine: AsyncEngine, staff: Staff) -> BroadcastDesk:
    return BroadcastDesk(
        Control(BroadcastRepository(engine), ReportRepository(engine), staff.audit),
        BroadcastCards(staff.operators, staff.chats),
        BoardRepository(engine),
    )


def _inbox(  # noqa: PLR0913 - what it is joined of
    settings: Settings,
    bot: Bot,
    kept: InboxRepository,
    content: Content,
    catalogues: Catalogues,
    today: Callable[[], date],
    *,
    answers: Answers,
    audit: AuditLog,
    operators: Operators,
    subscribers: Subscribers,
    alerts: OperatorAlerts,
    registry: Registry,
) -> InboxParts:
    inbox = Inbox(kept, content.inbox.hours, audit)
    forum = Forum(bot, settings.inbox_chat) if settings.inbox_chat is not None else None
    desk = Desk(
        bot,
        forum,
        kept,
        answers,
        operators,
        subscribers,
        catalogues,
        on_problem=alerts.forum_checked,
    )
    return InboxParts(
        inbox,
        kept,
        desk,
        Mirror(bot, desk, kept, catalogues),
        Canned(content, catalogues, inbox, today, lambda: registry.info.as_of),
    )


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


def _session(
    settings: Settings, contact: Contact, counters: Counters, engine: AsyncEngine
) -> JsonSession:
    session = JsonSession(limit=_MAX_CONNECTIONS)
    if settings.bot_api_url is not None:
        session.api = TelegramAPIServer.from_base(settings.bot_api_url)
    session.middleware(Outcomes(counters))
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
    answers: AnswerRepository,
    pictures: PictureRepository,
    audit: AuditLog,
    counters: Counters,
    news: NewsRepository,
) -> None:
    while True:
        if removed := await answers.purge():
            log.info("old_answers_removed", number=removed)
        if removed := await pictures.purge():
            log.info("old_pictures_removed", number=removed)
        if removed := await audit.cut():
            log.info("old_audit_rows_removed", number=removed)
        if removed := await counters.purge():
            log.info("old_counters_removed", number=removed)
        await news.purge()
        await asyncio.sleep(_PURGE_EVERY_S)


async def _note_age_of_register(
    registry: Registry, today: Callable[[], date], counters: Counters
) -> None:
    while True:
        counters.register_is((today() - registry.info.as_of).days)
        await asyncio.sleep(_NOTE_AGE_EVERY_S)


async def _watch_forum(desk: Desk) -> None:
    while True:
        await asyncio.sleep(_CHECK_FORUM_EVERY_S)
        await desk.check()


async def _tidy_inbox(parts: InboxParts) -> None:
    while True:
        await parts.desk.tidy(parts.inbox)
        await asyncio.sleep(_PURGE_EVERY_S)


async def _watch_health(check: Callable[[], Awaitable[Health]], alerts: OperatorAlerts) -> None:
    while True:
        alerts.health_checked(await check())
        await asyncio.sleep(_CHECK_HEALTH_EVERY_S)
