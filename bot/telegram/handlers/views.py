"""Buttons that open a view, change its language, or are out of date."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.services.subscribers import Subscribers
from bot.storage.pictures import PictureRepository
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import ChooseLocale
from bot.telegram.filters import ViewButton
from bot.telegram.i18n import Catalogues
from bot.telegram.pictures.sending import show_with_picture
from bot.telegram.rendering.notices import stale_button_text
from bot.telegram.rights import everybody
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge
from bot.telegram.views.views import Views


async def open_view(
    query: CallbackQuery, subscriber: Subscriber, views: Views, pictures: PictureRepository
) -> None:
    """Turn the message into the view of the button."""
    screen = await views.open(query.data or "", subscriber)
    await _show(query, screen, pictures)


async def choose_locale(
    query: CallbackQuery,
    callback_data: ChooseLocale,
    subscriber: Subscriber,
    subscribers: Subscribers,
    views: Views,
    pictures: PictureRepository,
    catalogues: Catalogues,
) -> None:
    """Remember the language and show the same view in it."""
    changed = await subscribers.choose_locale(subscriber, callback_data.locale)
    with catalogues.using(changed.locale):
        screen = await views.open(callback_data.view, changed)
        await _show(query, screen, pictures)


async def refuse_button(query: CallbackQuery) -> None:
    """Say that a button is unknown or out of date."""
    await query.answer(stale_button_text(), show_alert=True)


async def _show(query: CallbackQuery, screen: Screen | None, pictures: PictureRepository) -> None:
    if screen is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show_with_picture(query.message, screen, pictures)


def build_router(prefixes: frozenset[str]) -> Router:
    router = Router(name="views")
    router.callback_query.register(open_view, ViewButton(prefixes), flags=everybody())
    router.callback_query.register(choose_locale, ChooseLocale.filter(), flags=everybody())
    return router


def build_fallback_router() -> Router:
    router = Router(name="stale_buttons")
    router.callback_query.register(refuse_button, flags=everybody())
    return router
