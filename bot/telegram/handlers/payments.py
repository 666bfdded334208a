"""The payment card starts in a message of its own, so that it stays while the person pays."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenPayments, StartPayments
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rights import everybody
from bot.telegram.sending import acknowledge, send
from bot.telegram.views.views import Views


async def start_payments(
    query: CallbackQuery, callback_data: StartPayments, subscriber: Subscriber, views: Views
) -> None:
    """Send the payment card of a way."""
    view = OpenPayments(
        answer_id=callback_data.answer_id, way=callback_data.way, first=0, ticks="0"
    )
    screen = await views.open(view, subscriber)
    if screen is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await send(query.message, screen)


def build_router() -> Router:
    router = Router(name="payments")
    router.callback_query.register(start_payments, StartPayments.filter(), flags=everybody())
    return router
