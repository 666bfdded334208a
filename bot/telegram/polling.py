"""Long polling that confirms an update only when it and all before it are handled."""

import asyncio
import random
import time
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from bot.log import get_logger
from bot.telegram.contact import TokenRefusedError
from bot.telegram.intake import ALLOWED_UPDATES, MAX_IN_HAND, Intake

log = get_logger(__name__)

_POLL_S = 30
_ANSWER_S = _POLL_S + 10
_CONFIRM_S = 2
_DRAIN_S = 8.0
# To ask with the same offset within half a second makes Telegram give one update at a time.
_PAUSE_S = 0.6
# The next batch is fetched when few are left: a slow one must not keep the others waiting.
_FEW = 20
_FIRST_DELAY_S = 0.5
_LONGEST_DELAY_S = 30.0
_LOG_EVERY_S = 60.0
_Raw = dict[str, Any]


class AnotherPollerError(Exception):
    """Somebody else asks for the updates of the same bot."""

    def __init__(self) -> None:
        super().__init__(
            "another process receives the updates of this bot (409): stop that one, or use a token"
            " of another bot"
        )


class GetRawUpdates(TelegramMethod[list[_Raw]]):
    """getUpdates without a look inside: one odd update must not spoil a batch."""

    __returning__ = list[_Raw]
    __api_method__ = "getUpdates"

    offset: int
    limit: int = MAX_IN_HAND
    timeout: int = 0
    allowed_updates: tuple[str, ...] = ALLOWED_UPDATES


class Polling:
    """Fetches and confirms until it is stopped; updates run at the same time.

    Telegram shows up to 100 updates that are not confirmed. Those in hand come again with each
    fetch and are passed over, so nothing is lost however the process ends.
    """

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        # Unconfirmed updates, oldest first.
        self._window: dict[int, asyncio.Future[bool]] = {}
        self._offset = 0
        self._progress = asyncio.Event()
        self._outage = _Outage()

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until *stop* is set; then finish what is in hand and confirm it.

        Raises:
            TokenRefusedError: Telegram does not know the token.
            AnotherPollerError: another process receives the updates.
        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                asked = self._offset
                self._take(await self._fetch(stopping))
                await self._make_room(asked, stop)
        finally:
            stopping.cancel()
            await self._intake.drain(_DRAIN_S)
        # Not after a refusal: that would be one more call to whom it does not belong.
        await self._confirm()

    async def _fetch(self, stopping: "asyncio.Task[bool]") -> list[_Raw]:
        """Give the next updates; none when it failed, after a pause, or when it is time to stop."""
        # With updates in hand Telegram would answer at once, so nothing is waited for.
        ask = GetRawUpdates(offset=self._offset, timeout=0 if self._window else _POLL_S)
        fetching = asyncio.create_task(self._bot(ask, request_timeout=_ANSWER_S))
        await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.done():
            fetching.cancel()
            await asyncio.gather(fetching, return_exceptions=True)
            return []
        try:
            updates = fetching.result()
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise TokenRefusedError from None
        except TelegramConflictError:
            raise AnotherPollerError from None
        except TelegramAPIError as error:
            await asyncio.wait({stopping}, timeout=self._outage.delay_after(error))
            return []
        self._outage.end()
        return updates

    def _take(self, updates: list[_Raw]) -> None:
        for raw in updates:
            if raw["update_id"] in self._window:
                continue
            handling = self._intake.take(raw)
            if handling is None:
                # Nor the later ones: the offset must not pass over this one.
                return
            self._window[raw["update_id"]] = handling
            handling.add_done_callback(lambda _: self._progress.set())

    async def _make_room(self, asked: int, stop: asyncio.Event) -> None:
        """Wait until asking again can bring something new."""
        until = time.monotonic() + _PAUSE_S
        self._advance()
        while self._window and not stop.is_set():
            is_full = len(self._window) >= MAX_IN_HAND
            waiting_s = until - time.monotonic()
            if waiting_s <= 0 and not is_full:
                return
            if self._offset != asked and self._intake.in_hand <= _FEW and not is_full:
                return
            self._progress.clear()
            try:
                async with asyncio.timeout(max(waiting_s, _PAUSE_S / 2)):
                    await self._progress.wait()
            except TimeoutError:
                continue
            finally:
                self._advance()

    def _advance(self) -> None:
        """Move the offset over the updates at the front that are done with."""
        for update_id, handling in list(self._window.items()):
            if not handling.done() or handling.cancelled():
                return
            del self._window[update_id]
            self._offset = update_id + 1

    async def _confirm(self) -> None:
        """Tell Telegram what is done, so that the next process does not get it again."""
        self._advance()
        if not self._offset:
            return
        try:
            await self._bot(GetRawUpdates(offset=self._offset, limit=1), request_timeout=_CONFIRM_S)
        except TelegramAPIError as error:
            log.warning("updates_not_confirmed", error=type(error).__name__)


class _Outage:
    """Growing pauses while Telegram does not answer, and a line a minute about it."""

    def __init__(self) -> None:
        self._failures = 0
        self._began_at = 0.0
        self._logged_at = float("-inf")

    def delay_after(self, error: Exception) -> float:
        """Give the seconds to wait after one more failure."""
        now = time.monotonic()
        self._began_at = self._began_at if self._failures else now
        if now - self._logged_at >= _LOG_EVERY_S:
            self._logged_at = now
            log.warning(
                "telegram_unreachable",
                error=type(error).__name__,
                seconds=round(now - self._began_at),
            )
        self._failures += 1
        if isinstance(error, TelegramRetryAfter):
            return float(error.retry_after)
        backoff: float = min(_FIRST_DELAY_S * 2 ** min(self._failures - 1, 10), _LONGEST_DELAY_S)
        return backoff * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, hides nothing

    def end(self) -> None:
        """Telegram answers again."""
        if self._failures:
            log.info("telegram_reachable", seconds=round(time.monotonic() - self._began_at))
        self._failures = 0
