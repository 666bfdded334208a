"""Questions in plain words: in the private chat, and inline in any chat; never a status."""

from aiogram import Bot, Router
from aiogram.types import InlineQuery, Message

from bot.content.search import Search
from bot.services.counters import Counters
from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.filters import OwnWords, ThroughBot, UnknownCommand
from bot.telegram.reading import read_attempt
from bot.telegram.rendering.notices import unknown_message_text
from bot.telegram.rights import everybody
from bot.telegram.sending import reply, send
from bot.telegram.views.cards import Cards
from bot.telegram.views.general import menu, welcome
from bot.telegram.views.services import ServiceViews

_INLINE_CARDS = 10
# Guides change with the day's amounts at most.
_INLINE_CACHE_S = 300


async def find_answer(
    message: Message,
    subscriber: Subscriber,
    search: Search,
    services: ServiceViews,
    counters: Counters,
) -> None:
    """Offer the guides and services that fit a question best."""
    text = message.text or ""
    found = search.find(text)
    is_small_talk = search.is_small_talk(text)
    if not is_small_talk:
        counters.searched(subscriber.locale, is_found=bool(found))
    if is_small_talk or (not found and not has_consented(subscriber)):
        await send(message, menu() if has_consented(subscriber) else welcome(subscriber))
        return
    await send(message, services.found(found))


async def leave_card(_message: Message) -> None:
    """Say nothing to a card that came through a bot, our own in most cases."""


async def say_what_to_send(message: Message, subscriber: Subscriber) -> None:
    """Tell somebody who sent something else what the bot understands."""
    screen = menu() if has_consented(subscriber) else welcome(subscriber)
    await reply(message, f"{unknown_message_text()}\n\n{screen.text}", screen.keyboard)


async def offer_cards(query: InlineQuery, bot: Bot, search: Search, cards: Cards) -> None:
    """Give cards of guides and services; nothing for a number."""
    if read_attempt(query.query) is not None:
        await query.answer([], cache_time=0, is_personal=True)
        return
    found = search.find(query.query, _INLINE_CARDS) if query.query.strip() else None
    username = (await bot.me()).username or ""
    await query.answer(
        [*cards.of(found, username)],
        cache_time=_INLINE_CACHE_S,
        is_personal=True,
    )


def build_router() -> Router:
    router = Router(name="questions")
    router.inline_query.register(offer_cards, flags=everybody())
    router.message.register(leave_card, ThroughBot(), flags=everybody())
    router.message.register(say_what_to_send, UnknownCommand(), flags=everybody())
    router.message.register(find_answer, OwnWords(), flags=everybody())
    router.message.register(say_what_to_send, flags=everybody())
    return router
