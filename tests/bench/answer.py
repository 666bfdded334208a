"""What one status answer costs, from the update to sendMessage."""

import csv
import gc
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time_ns
from typing import Any

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardMarkup, Message

from bot.app import assemble
from bot.config import SHARE, Settings
from bot.domain.assess import assess
from bot.domain.iin import Iin, parse_iin
from bot.domain.locales import Locale
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.subscribers import Subscriber, SubscriberId
from bot.telegram.intake import ALLOWED_UPDATES
from bot.telegram.views.answers import answer_screen

_AS_OF = date(2026, 11, 21)
_PAIRS = 400
_WARM_UP = 50
_TOKEN = "7000000000:bench-token-that-opens-nothing-anywhere"


@dataclass(frozen=True)
class Row:
    name: str
    microseconds: float
    ratio: float | None = None


class _Stamps:
    """CPU time at which sendMessage was answered."""

    def __init__(self) -> None:
        self.sent_at = 0

    async def __call__(
        self,
        make_request: Callable[[Bot, TelegramMethod[Any]], Awaitable[Any]],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Any:
        result = await make_request(bot, method)
        if isinstance(method, SendMessage) and not self.sent_at:
            self.sent_at = process_time_ns()
        return result


async def measure(url: str, home: Path) -> list[Row]:
    """Measure the stages alone, then whole answers and bare ones in turn."""
    settings = Settings(
        _env_file=None,
        home_dir=home,
        bot_token=_TOKEN,
        bot_api_url=url,
        today=_AS_OF,
        lookups_per_day=10_000,
    )
    sample = SHARE / "data" / "sample" / "register.csv"
    import_csv(sample, as_of=_AS_OF, home=home, key=registry_key(settings))
    with sample.open(encoding="utf-8") as file:
        iins = [parse_iin(row["iin"]) for row in csv.DictReader(file)]
    async with assemble(settings) as app, aiohttp.ClientSession(url) as session:
        bot, dispatcher = app.bot, app.dispatcher
        rows = _stages(settings, dispatcher, iins)
        person = await _let_in(session, bot, dispatcher)
        gc.collect()
        gc.freeze()
        rows += await _whole(bot, dispatcher, session, person, iins)
    return rows


def _stages(settings: Settings, dispatcher: Dispatcher, iins: list[Iin]) -> list[Row]:
    """Time look-up, assess and rendering, each person once and in a fresh registry."""
    answers, catalogues = dispatcher["answers"], dispatcher["catalogues"]
    parameters = answers._parameters
    subscriber = Subscriber(SubscriberId(1), Locale.RU, CONSENT_VERSION)
    costs: dict[str, list[int]] = {"look-up": [], "assess": [], "render": [], "together": []}
    with Registry(settings.home_dir, registry_key(settings)) as registry:
        for iin in iins:
            with catalogues.using(Locale.RU):
                start = process_time_ns()
                entry = registry.find(iin)
                found = process_time_ns()
                assert entry is not None
                assess(entry.person, _AS_OF, parameters)
                assessed = process_time_ns()
                answer = answers._answer(None, iin.last4, entry, subscriber)
                answered = process_time_ns()
                answer_screen(answer)
                rendered = process_time_ns()
            costs["look-up"].append(found - start)
            costs["assess"].append(assessed - found)
            costs["render"].append(rendered - answered)
            costs["together"].append((found - start) + (assessed - found) + (rendered - answered))
    return [
        Row(f"stage: {name}, {kind}", pick(values) / 1000)
        for name, values in costs.items()
        for kind, pick in (
            ("median", statistics.median),
            ("worst after the first", lambda costs: max(costs[1:])),
            ("the first of the process", lambda costs: costs[0]),
        )
    ]


async def _let_in(
    session: aiohttp.ClientSession, bot: Bot, dispatcher: Dispatcher
) -> dict[str, Any]:
    await bot.me()
    body = {"first_name": "Bench", "language_code": "ru"}
    async with session.post("/client/people", json=body) as response:
        person: dict[str, Any] = await response.json()
    subscribers = dispatcher["subscribers"]
    known = await subscribers.get(SubscriberId(person["id"]), "ru")
    await subscribers.give_consent(known)
    return person


async def _whole(
    bot: Bot,
    dispatcher: Dispatcher,
    session: aiohttp.ClientSession,
    person: dict[str, Any],
    iins: list[Iin],
) -> list[Row]:
    """Answer everybody of the sample in turn, each time beside a handler that knows the answer."""
    stock = Bot(_TOKEN, session=AiohttpSession(api=bot.session.api))
    ours, bare = _Stamps(), _Stamps()
    bot.session.middleware(ours)
    stock.session.middleware(bare)
    known = await _known_answers(dispatcher, person, iins)
    floor = _bare_dispatcher(known)
    costs: dict[str, list[int]] = {"ours": [], "whole": [], "bare": []}
    async for update in _updates(session, bot, person, iins):
        for name, stamps, sender, handler in (
            ("ours", ours, bot, dispatcher),
            ("bare", bare, stock, floor),
        ):
            stamps.sent_at = 0
            start = process_time_ns()
            await handler.feed_raw_update(sender, update)
            costs[name].append(stamps.sent_at - start)
            if name == "ours":
                costs["whole"].append(process_time_ns() - start)
    await stock.session.close()
    medians = {name: statistics.median(values[_WARM_UP:]) / 1000 for name, values in costs.items()}
    return [
        Row("bare aiogram handler, the same text and keyboard", medians["bare"], 1.0),
        Row("update in, sendMessage out", medians["ours"], medians["ours"] / medians["bare"]),
        Row(
            "the same and the IIN message deleted",
            medians["whole"],
            medians["whole"] / medians["bare"],
        ),
    ]


_Known = dict[str, tuple[str, InlineKeyboardMarkup | None]]


async def _known_answers(dispatcher: Dispatcher, person: dict[str, Any], iins: list[Iin]) -> _Known:
    subscriber = await dispatcher["subscribers"].get(SubscriberId(person["id"]), "ru")
    known: _Known = {}
    with dispatcher["catalogues"].using(Locale.RU):
        for iin in iins:
            screen = answer_screen(dispatcher["answers"].ask(iin, subscriber))
            known[iin.digits] = (screen.text, screen.keyboard)
    return known


def _bare_dispatcher(known: _Known) -> Dispatcher:
    dispatcher = Dispatcher(disable_fsm=True)

    async def answer(message: Message) -> None:
        text, keyboard = known[message.text or ""]
        await message.answer(text, parse_mode="HTML", reply_markup=keyboard)

    dispatcher.message.register(answer)
    return dispatcher


async def _updates(
    session: aiohttp.ClientSession, bot: Bot, person: dict[str, Any], iins: list[Iin]
) -> AsyncIterator[dict[str, Any]]:
    """Let the person write number after number; give each update as it comes in."""
    path = f"/client/chats/{person['id']}/messages"
    offset = 0
    for number in range(_PAIRS + _WARM_UP):
        body = {"from_id": person["id"], "text": iins[number % len(iins)].digits}
        async with session.post(path, json=body):
            pass
        question = {"offset": offset, "timeout": 1, "allowed_updates": ALLOWED_UPDATES}
        async with session.post(f"/bot{bot.token}/getUpdates", json=question) as response:
            for update in (await response.json())["result"]:
                offset = update["update_id"] + 1
                yield update
