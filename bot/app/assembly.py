"""Joins adapters and services into the whole bot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from aiogram import Bot, Dispatcher

from bot.app import chores
from bot.app.ground import Ground, build_answers, lay_ground
from bot.app.memory import give_back
from bot.app.sending import build_reminder_worker, build_worker
from bot.config import Settings
from bot.registry.generations import Generations
from bot.registry.summary import read_summary
from bot.services.audit import AuditLog
from bot.services.broadcasts import Broadcasts
from bot.services.clock import clock
from bot.services.control import Control
from bot.services.drafts import Drafts
from bot.services.exports import Exports
from bot.services.freshness import Freshness
from bot.services.health import Health, check_health
from bot.services.inbox import Inbox
from bot.services.limits import Limits
from bot.services.operators import Operators
from bot.services.refusals import Refusals
from bot.services.reminders import Reminders
from bot.services.stats import CLOSED_AFTER, Stats
from bot.services.subscribers import Subscribers
from bot.storage.answers import AnswerRepository
from bot.storage.audit import AuditRepository
from bot.storage.boards import BoardRepository
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.counters import CounterRepository
from bot.storage.drafts import DraftRepository
from bot.storage.engine import sqlite_path
from bot.storage.erasures import ErasureFile
from bot.storage.inbox import InboxRepository
from bot.storage.news import NewsRepository
from bot.storage.operators import OperatorId, OperatorRepository
from bot.storage.personal import PersonalRepository
from bot.storage.pictures import PictureRepository
from bot.storage.register_news import RegisterNewsRepository
from bot.storage.reminders import ReminderRepository
from bot.storage.reports import ReportRepository
from bot.storage.subscribers import SubscriberRepository
from bot.storage.watch import DatabaseWatch
from bot.telegram.alerts import OperatorAlerts
from bot.telegram.approvals import Approvals
from bot.telegram.boards import LiveBoards
from bot.telegram.broadcast_cards import BroadcastCards, BroadcastDesk
from bot.telegram.broadcast_news import BroadcastNews
from bot.telegram.canned import Canned
from bot.telegram.contact import Contact
from bot.telegram.desk import Desk
from bot.telegram.dispatcher import BroadcastParts, InboxParts, Residents, Staff, build_dispatcher
from bot.telegram.draft_cards import DraftCards
from bot.telegram.forum import Forum
from bot.telegram.i18n import Catalogues
from bot.telegram.mirror import Mirror
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.register_news import RegisterNews
from bot.worker.loop import LEASE_S, Worker
from bot.worker.reminding import ReminderWorker


@dataclass(frozen=True, slots=True)
class App:
    """The whole bot.

    Attributes:
        desk: knows the operators' group, if there is one.
        workers: what sends by itself; with a database server that is for `saqbol worker`.
    """

    bot: Bot
    dispatcher: Dispatcher
    contact: Contact
    catalogues: Catalogues
    check_health: Callable[[], Awaitable[Health]]
    desk: Desk
    workers: tuple[Worker, ReminderWorker]


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[App]:
    """Build the whole bot; everything it opened is closed after the block."""
    async with AsyncExitStack() as stack:
        ground = await stack.enter_async_context(lay_ground(settings))
        engine = ground.engine
        stored_answers, pictures = AnswerRepository(engine), PictureRepository(engine)
        stack.push_async_callback(stored_answers.close)
        erasures = _erasures(ground)
        subscribers = Subscribers(
            SubscriberRepository(engine), stored_answers, ground.counters, erasures
        )
        staff = _staff(ground, subscribers)
        stack.push_async_callback(staff.refusals.close)
        alerts = OperatorAlerts(ground.bot, staff.operators, subscribers, ground.catalogues)
        limits = Limits(settings.lookups_per_day, settings.misses_per_hour, alerts.guessing_noticed)
        answers = build_answers(
            settings,
            ground.registry,
            ground.key,
            stored_answers,
            ground.content,
            limits=limits,
            counters=ground.counters,
            on_unverified=alerts.figure_not_verified,
        )
        residents = Residents(
            answers=answers,
            subscribers=subscribers,
            reminders=Reminders(ReminderRepository(engine), answers),
            exports=Exports(
                PersonalRepository(engine), stored_answers, erasures, limits, ground.counters
            ),
            pictures=pictures,
        )
        broadcasting = _broadcasting(ground, staff, subscribers)
        inbox = _inbox(ground, staff, residents, alerts)
        dispatcher = build_dispatcher(
            ground.content,
            ground.catalogues,
            ground.today,
            residents=residents,
            staff=staff,
            broadcasting=broadcasting,
            inbox=inbox,
        )
        health = partial(
            check_health,
            DatabaseWatch(engine),
            ground.registry,
            ground.today,
            settings.registry_max_age_days,
        )
        stored_news = NewsRepository(engine)
        news = BroadcastNews(
            ground.bot,
            stored_news,
            broadcasting.desk.control,
            staff.operators,
            subscribers,
            ground.catalogues,
        )
        stored_register_news = RegisterNewsRepository(engine)
        register_news = RegisterNews(
            ground.bot,
            stored_register_news,
            staff.operators,
            subscribers,
            ground.catalogues,
            generation=lambda: ground.registry.info.generation,
            read=partial(read_summary, Generations(settings.home_dir)),
        )
        boards = LiveBoards(ground.bot, broadcasting.desk, staff.operators, ground.catalogues)
        await stack.enter_async_context(ground.counters.writing_behind())
        await stack.enter_async_context(
            chores.doing(
                purging=chores.purge_daily(
                    answers=stored_answers.purge,
                    pictures=pictures.purge,
                    audit=staff.audit.cut,
                    counters=ground.counters.purge,
                    news=stored_news.purge,
                    register_news=stored_register_news.purge,
                ),
                audit=chores.verify_audit(staff.audit, alerts),
                memory=give_back(),
                commands=chores.show_commands(staff.chats),
                health=chores.watch_health(health, Freshness(AuditRepository(engine)), alerts),
                register=chores.note_age_of_register(
                    ground.registry, ground.today, ground.counters
                ),
                forum=chores.watch_forum(inbox.desk),
                inbox=chores.tidy_inbox(inbox.desk, inbox.inbox),
                boards=boards.run(),
                news=news.run(),
                register_news=register_news.run(),
            )
        )
        yield App(
            bot=ground.bot,
            dispatcher=dispatcher,
            contact=ground.contact,
            catalogues=ground.catalogues,
            check_health=health,
            desk=inbox.desk,
            workers=(
                build_worker(ground.bot, engine, LEASE_S),
                build_reminder_worker(ground.bot, engine, answers, ground.today, ground.catalogues),
            ),
        )


def _erasures(ground: Ground) -> ErasureFile | None:
    """Give what `saqbol db restore` reads; a server is restored by its own tools."""
    if sqlite_path(ground.settings.database) is None:
        return None
    path, key = ground.settings.erasures_file, ground.key
    return ErasureFile(path, key.of_subscriber, key.key_id)


def _staff(ground: Ground, subscribers: Subscribers) -> Staff:
    audit = AuditLog(AuditRepository(ground.engine), ground.key.of_subscriber)
    named = frozenset(map(OperatorId, ground.settings.operators))
    operators = Operators(OperatorRepository(ground.engine, named), audit)
    return Staff(
        operators=operators,
        chats=OperatorChats(ground.bot, operators, subscribers, ground.catalogues),
        audit=audit,
        refusals=Refusals(operators, audit),
        counters=ground.counters,
        stats=Stats(CounterRepository(ground.engine), clock(ground.settings, behind=CLOSED_AFTER)),
    )


def _broadcasting(ground: Ground, staff: Staff, subscribers: Subscribers) -> BroadcastParts:
    repository = BroadcastRepository(ground.engine)
    broadcasts = Broadcasts(repository)
    drafts = Drafts(
        DraftRepository(ground.engine),
        broadcasts,
        ground.settings.broadcast_approval_above,
        ground.today,
    )
    return BroadcastParts(
        broadcasts=broadcasts,
        desk=BroadcastDesk(
            Control(repository, ReportRepository(ground.engine)),
            BroadcastCards(staff.operators, staff.chats),
            BoardRepository(ground.engine),
        ),
        drafts=drafts,
        draft_cards=DraftCards(ground.bot, drafts, ground.content.guides),
        approvals=Approvals(
            ground.bot, staff.operators, subscribers, broadcasts, ground.catalogues
        ),
    )


def _inbox(
    ground: Ground, staff: Staff, residents: Residents, alerts: OperatorAlerts
) -> InboxParts:
    bot, chat, catalogues = ground.bot, ground.settings.inbox_chat, ground.catalogues
    kept = InboxRepository(ground.engine)
    inbox = Inbox(kept, ground.content.inbox.hours, staff.audit)
    desk = Desk(
        bot,
        Forum(bot, chat) if chat is not None else None,
        kept,
        residents.answers,
        staff.operators,
        residents.subscribers,
        catalogues,
        on_problem=alerts.forum_checked,
    )
    return InboxParts(
        inbox,
        kept,
        desk,
        Mirror(bot, desk, kept, catalogues),
        Canned(ground.content, catalogues, inbox, ground.today, lambda: ground.registry.info.as_of),
    )
