"""The one way out to Telegram: every call waits here for its turn, and is made again where safe.

Telegram's limits are not documented and change; what is known (https://core.telegram.org/bots/faq,
"My bot is hitting limits"): about one message a second to a chat with short bursts, twenty a
minute to a group, thirty a second of messages that nobody asked for. An answer to somebody is not
under the last one. Whatever the limits are, Telegram says by ``retry_after`` when one was met.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from cachetools import LRUCache

from bot.log import get_logger
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.pace import Pace, Ticks
from bot.telegram.shared_turns import Bucket, SharedTurns

log = get_logger(__name__)

BULK_PER_S = 25.0
# What Telegram allows where each message is paid for (the Bot API's ``allow_paid_broadcast``).
_PAID_PER_S = 1000.0
_ATTEMPTS = 4
_FIRST_DELAY_S = 0.3
# A person does not wait longer for an answer; the message can be sent again by hand.
_ANSWER_WAITS_S = 30.0
# A broadcast has time; what takes longer is its operators' decision.
BULK_WAITS_S = 15 * 60.0
_CHAT_INTERVAL_S = 1.0
_CHAT_BURST = 5
_GROUP_INTERVAL_S = 3.0
_MESSAGES = ("send", "copy", "forward")
# At the highest rate that is 50 seconds, after which a chat has all its turns again.
_MAX_CHATS = 50_000
# Ten messages of a paid broadcast, and one of another.
_TICK_S = 0.01
# An answer has to do with the bot some ten times, and waits each time until so many have left.
_AT_ONCE = 4
_FAILURES = (TelegramNetworkError, TelegramServerError)


class Traffic(StrEnum):
    """Why something is sent; a limit met by one kind does not hold up the others."""

    ANSWER = "answer"  # somebody wrote or pressed and waits
    REMINDER = "reminder"  # somebody asked for it earlier
    BROADCAST = "broadcast"  # nobody asked for it
    BOARD = "board"  # what is on the screen brought up to date; the next one brings the same


# A chat, a query that is answered, a method without either, or a whole kind of traffic.
_Holder = int | str
_BULK = (Traffic.REMINDER, Traffic.BROADCAST)
_WAITS_S = {
    Traffic.ANSWER: _ANSWER_WAITS_S,
    Traffic.REMINDER: BULK_WAITS_S,
    Traffic.BROADCAST: BULK_WAITS_S,
    Traffic.BOARD: 0.0,
}
_traffic: ContextVar[Traffic] = ContextVar("traffic", default=Traffic.ANSWER)
_is_paid: ContextVar[bool] = ContextVar("is_paid", default=False)


@contextmanager
def sending(traffic: Traffic, *, is_paid: bool = False) -> Iterator[None]:
    """Say what the calls in the block are; without it they are answers."""
    tokens = _traffic.set(traffic), _is_paid.set(is_paid)
    try:
        yield
    finally:
        _traffic.reset(tokens[0])
        _is_paid.reset(tokens[1])


def current_traffic() -> Traffic:
    """Give why the call at hand is made."""
    return _traffic.get()


class Gate(BaseRequestMiddleware):
    """Spaces messages, waits exactly as long as Telegram asks, and repeats what is safe to repeat.

    Calls of reminders and broadcasts share one bucket, deletions too, and what is paid for has
    another; with a database server these are one for all processes. Messages to a chat have one of
    the chat. A ``retry_after`` holds back the chat of an answer, since one person who floods must
    not silence the bot, the whole of reminders or broadcasts in all processes, and of boards those
    of the chat, which do not wait at all. Calls that are no message, edits and answers to buttons
    among them, are repeated after any failure; a message only when it surely was not sent.

    Args:
        bulk_per_s: messages a second of reminders and broadcasts together.
        turns: where processes share their buckets; None for a process that is alone.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        bulk_per_s: float = BULK_PER_S,
        *,
        turns: SharedTurns | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._bulk = Pace(1 / bulk_per_s)
        self._paid = Pace(1 / _PAID_PER_S)
        self._turns = turns
        self._chats: LRUCache[_Holder, Pace] = LRUCache(_MAX_CHATS)
        self._ticks = Ticks(_TICK_S, _AT_ONCE)
        self._held_until: dict[_Holder, float] = {}

    async def __call__(
        self, make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
    ) -> Any:
        if method.__api_method__ == "getUpdates":
            # Long polling has its own patience.
            return await make_request(bot, method)
        for attempt in range(1, _ATTEMPTS + 1):
            await self._turn(method)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                await self._hold(method, error.retry_after)
                if attempt == _ATTEMPTS:
                    raise
            except _FAILURES as error:
                if attempt == _ATTEMPTS or not _is_repeatable(method, error):
                    raise
                backoff = _FIRST_DELAY_S * 2 ** (attempt - 1)
                await asyncio.sleep(backoff * random.uniform(1, 1.5))  # noqa: S311 - spreads retries
            log.info("call_repeated", method=method.__api_method__, attempt=attempt)
        raise AssertionError("the last attempt returns or raises")

    async def _turn(self, method: TelegramMethod[Any]) -> None:
        """Wait until the call may be made.

        Raises:
            TelegramRetryAfter: that is longer than its kind of traffic can wait.
        """
        wait_s = self._reserved(method)
        if self._turns is not None and _traffic.get() in _BULK:
            wait_s = max(wait_s, await self._shared(self._turns))
        # While one waits another may be refused.
        while (wait_s := max(wait_s, self._held_for(method))) > 0:
            if wait_s > _WAITS_S[_traffic.get()]:
                message = "too many messages"
                raise TelegramRetryAfter(method, message, retry_after=int(wait_s) + 1)
            # An answer does not queue up with what nobody waits for.
            await (self._ticks.wait if _traffic.get() in _BULK else asyncio.sleep)(wait_s)
            wait_s = 0.0

    def _reserved(self, method: TelegramMethod[Any]) -> float:
        """Take the turns that the call needs; give the seconds to wait for the last of them."""
        now = self._clock()
        bulk_s = 0.0
        if _traffic.get() in _BULK:
            bulk_s = (self._paid if _is_paid.get() else self._bulk).reserve(now)
        if not method.__api_method__.startswith(_MESSAGES):
            return bulk_s
        chat = _held_alone(method)
        is_group = isinstance(chat, int) and chat < 0
        pace = self._chats.get(chat) or Pace(
            _GROUP_INTERVAL_S if is_group else _CHAT_INTERVAL_S, _CHAT_BURST
        )
        self._chats[chat] = pace
        return max(pace.reserve(now), bulk_s)

    async def _shared(self, turns: SharedTurns) -> float:
        """Take a turn among all processes, and learn what Telegram told the others."""
        traffic = _traffic.get()
        pace, name = (self._paid, "paid") if _is_paid.get() else (self._bulk, "bulk")
        turn = await turns.take(Bucket(name, pace.interval_s, traffic.value))
        if turn.held_s > 0:
            self._hold_back(traffic, turn.held_s)
        return turn.wait_s

    async def _hold(self, method: TelegramMethod[Any], retry_after_s: float) -> None:
        traffic = _traffic.get()
        log.warning("too_many_messages", traffic=traffic.value, seconds=retry_after_s)
        self._hold_back(_held_together(method), retry_after_s)
        if self._turns is not None and traffic in _BULK:
            await self._turns.hold(traffic.value, retry_after_s)

    def _hold_back(self, holder: _Holder, seconds: float) -> None:
        now = self._clock()
        still = {each: until for each, until in self._held_until.items() if until > now}
        until = max(still.get(holder, now), now + seconds)
        self._held_until = {**still, holder: until}

    def _held_for(self, method: TelegramMethod[Any]) -> float:
        until = self._held_until.get(_held_together(method), float("-inf"))
        if _traffic.get() is Traffic.BOARD:
            # Where an answer has to wait, this has to as well; never the other way round.
            until = max(until, self._held_until.get(_held_alone(method), float("-inf")))
        return until - self._clock()


def _held_together(method: TelegramMethod[Any]) -> _Holder:
    """Give what all calls have in common that a ``retry_after`` for this one holds back."""
    traffic = _traffic.get()
    match traffic:
        case Traffic.ANSWER:
            return _held_alone(method)
        case Traffic.BOARD:
            return f"{traffic} {_held_alone(method)}"
        case _:
            return traffic


def _held_alone(method: TelegramMethod[Any]) -> _Holder:
    """Give the chat; for a call without one what it answers, else its name."""
    for name in ("chat_id", "callback_query_id", "inline_query_id"):
        if (value := getattr(method, name, None)) is not None:
            return value  # type: ignore[no-any-return]  # a number or a name
    return method.__api_method__


def _is_repeatable(
    method: TelegramMethod[Any], error: TelegramNetworkError | TelegramServerError
) -> bool:
    # A topic that was opened twice would be there twice, too.
    is_message = method.__api_method__.startswith((*_MESSAGES, "create"))
    return not is_message or delivery_after(error) is Delivery.NOT_SENT
