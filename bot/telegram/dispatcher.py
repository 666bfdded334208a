"""Puts the handlers together, in the order in which an update meets them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from aiogram import Dispatcher

from bot.content.library import Content
from bot.content.questions import build_search
from bot.services.answers import Answers
from bot.services.audit import AuditLog
from bot.services.broadcasts import Broadcasts
from bot.services.counters import Counters
from bot.services.drafts import Drafts
from bot.services.exports import Exports
from bot.services.inbox import Inbox
from bot.services.operators import Operators
from bot.services.refusals import Refusals
from bot.services.reminders import Reminders
from bot.services.stats import Stats
from bot.services.subscribers import Subscribers
from bot.storage.inbox import InboxRepository
from bot.storage.pictures import PictureRepository
from bot.telegram.approvals import Approvals
from bot.telegram.asking import AskingMiddleware
from bot.telegram.broadcast_cards import BroadcastDesk
from bot.telegram.canned import Canned
from bot.telegram.desk import Desk
from bot.telegram.draft_cards import DraftCards
from bot.telegram.handlers import (
    consent,
    elsewhere,
    errors,
    export,
    letters,
    look_up,
    operators,
    owner,
    payments,
    presence,
    questions,
    views,
)
from bot.telegram.handlers import (
    reminders as reminder_handlers,
)
from bot.telegram.handlers.inbox import group, resident
from bot.telegram.i18n import Catalogues
from bot.telegram.last_views import LastViewMiddleware
from bot.telegram.middlewares import OrderMiddleware, SubscriberMiddleware
from bot.telegram.mirror import Mirror
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.repeats import Repeats
from bot.telegram.rights import RightsMiddleware
from bot.telegram.views.answers import AnswerViews
from bot.telegram.views.calculator import CalculatorViews
from bot.telegram.views.calendar import CalendarViews
from bot.telegram.views.cards import Cards
from bot.telegram.views.general import GeneralViews
from bot.telegram.views.guides import GuideViews
from bot.telegram.views.inbox import InboxViews
from bot.telegram.views.outlook import OutlookViews
from bot.telegram.views.payments import PaymentViews
from bot.telegram.views.reminders import ReminderViews
from bot.telegram.views.screener import ScreenerViews
from bot.telegram.views.services import ServiceViews
from bot.telegram.views.views import Views


@dataclass(frozen=True, slots=True)
class Residents:
    """What the handlers for residents work with."""

    answers: Answers
    subscribers: Subscribers
    reminders: Reminders
    exports: Exports
    pictures: PictureRepository


@dataclass(frozen=True, slots=True)
class Staff:
    """What the handlers for operators work with."""

    operators: Operators
    chats: OperatorChats
    audit: AuditLog
    refusals: Refusals
    counters: Counters
    stats: Stats


@dataclass(frozen=True, slots=True)
class BroadcastParts:
    """What the handlers of broadcasts work with."""

    broadcasts: Broadcasts
    desk: BroadcastDesk
    drafts: Drafts
    draft_cards: DraftCards
    approvals: Approvals


@dataclass(frozen=True, slots=True)
class InboxParts:
    """What the handlers of the inbox work with."""

    inbox: Inbox
    kept: InboxRepository
    desk: Desk
    mirror: Mirror
    canned: Canned


def build_dispatcher(
    content: Content,
    catalogues: Catalogues,
    today: Callable[[], date],
    *,
    residents: Residents,
    staff: Staff,
    broadcasting: BroadcastParts,
    inbox: InboxParts,
) -> Dispatcher:
    """Put handlers, middlewares and what they work with together."""
    answers, reminders = residents.answers, residents.reminders
    search = build_search(
        content.guides, content.questions, content.services, content.small_talk, content.alarms
    )
    guides, services = GuideViews(answers, content, today), ServiceViews(content, search)
    all_views = Views(
        (
            GeneralViews(),
            AnswerViews(answers, content, reminders),
            ReminderViews(reminders),
            CalendarViews(answers),
            PaymentViews(answers, content),
            OutlookViews(answers),
            guides,
            services,
            CalculatorViews(content, today),
            ScreenerViews(content, today),
            InboxViews(inbox.inbox, inbox.desk),
        )
    )
    dispatcher = Dispatcher(
        disable_fsm=True,
        answers=answers,
        reminders=reminders,
        subscribers=residents.subscribers,
        exports=residents.exports,
        pictures=residents.pictures,
        catalogues=catalogues,
        search=search,
        views=all_views,
        repeats=Repeats(),
        guides=guides,
        services=services,
        cards=Cards(content, today),
        operators=staff.operators,
        operator_chats=staff.chats,
        audit=staff.audit,
        counters=staff.counters,
        stats=staff.stats,
        broadcasts=broadcasting.broadcasts,
        broadcast_desk=broadcasting.desk,
        drafts=broadcasting.drafts,
        draft_cards=broadcasting.draft_cards,
        approvals=broadcasting.approvals,
        inbox=inbox.inbox,
        inbox_kept=inbox.kept,
        desk=inbox.desk,
        mirror=inbox.mirror,
        canned=inbox.canned,
    )
    dispatcher.update.outer_middleware(OrderMiddleware())
    dispatcher.update.outer_middleware(AskingMiddleware(lambda: inbox.desk.is_on))
    middleware = SubscriberMiddleware(residents.subscribers, catalogues)
    for observer in (
        dispatcher.message,
        dispatcher.edited_message,
        dispatcher.callback_query,
        dispatcher.inline_query,
    ):
        observer.outer_middleware(middleware)
    rights = RightsMiddleware(staff.audit, staff.refusals)
    for name, observer in dispatcher.observers.items():
        if name not in {"update", "error"}:
            observer.middleware(rights)
    last_views = LastViewMiddleware(staff.counters)
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.middleware(last_views)
    operator_commands, operator_texts, operator_buttons = operators.build_routers()
    dispatcher.include_routers(
        group.build_router(),
        elsewhere.build_router(),
        presence.build_router(),
        operator_commands,
        operator_texts,
        resident.build_router(),
        look_up.build_router(),
        views.build_router(all_views.prefixes),
        payments.build_router(),
        letters.build_router(),
        reminder_handlers.build_router(),
        consent.build_router(),
        export.build_router(),
        owner.build_router(),
        questions.build_router(),
        operator_buttons,
        views.build_fallback_router(),
        errors.build_router(),
    )
    return dispatcher
