"""Puts the handlers together, in the order in which an update meets them."""

from aiogram import Dispatcher

from bot.services.answers import Answers
from bot.services.subscribers import Subscribers
from bot.telegram.handlers import consent, elsewhere, errors, look_up, owner, views
from bot.telegram.i18n import Catalogues
from bot.telegram.middlewares import OrderMiddleware, SubscriberMiddleware
from bot.telegram.views import Views

# Everything else is never asked for: edits, channel posts, business messages, guests.
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member", "inline_query"]


def build_dispatcher(
    answers: Answers, subscribers: Subscribers, views_: Views, catalogues: Catalogues
) -> Dispatcher:
    dispatcher = Dispatcher(
        disable_fsm=True,
        answers=answers,
        subscribers=subscribers,
        views=views_,
        catalogues=catalogues,
    )
    order = OrderMiddleware()
    dispatcher["order"] = order
    dispatcher.update.outer_middleware(order)
    middleware = SubscriberMiddleware(subscribers, catalogues)
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(middleware)
    dispatcher.include_routers(
        elsewhere.build_group_router(),
        look_up.build_router(),
        views.build_router(),
        consent.build_router(),
        owner.build_router(),
        elsewhere.build_fallback_router(),
        views.build_fallback_router(),
        errors.build_router(),
    )
    return dispatcher
