"""Every update is handled once, whoever brings it and however often."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from cachetools import FIFOCache

from bot.log import get_logger

log = get_logger(__name__)

# Everything else is never asked for: channel posts, business messages, guests. What comes all the
# same stops here: aiogram would print an update of an unknown kind with all its text. Edits matter
# where an operator writes a broadcast, and in the conversations of the inbox.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "inline_query",
)
# Also the most that getUpdates gives, so that polling never meets the limit.
MAX_IN_HAND = 100
# Telegram repeats an update that was not taken within two minutes.
_REMEMBERED = 20_000
# Longer than a call to Telegram may take; without an end one update could hold up a whole queue.
_HANDLING_S = 90.0


class Intake:
    """Takes updates as they come from Telegram and hands them to the dispatcher.

    An update that is in hand or was handled already is not handled again. One that fails is given
    up after some tries: the person was asked to try later, the log has its number and the error.

    Args:
        tries: how often an update that fails is worth handling; only a webhook brings it again.
    """

    def __init__(self, bot: Bot, dispatcher: Dispatcher, *, tries: int) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._tries = tries
        self._in_hand: dict[int, asyncio.Task[bool]] = {}
        self._done: FIFOCache[int, None] = FIFOCache(_REMEMBERED)
        self._failures: FIFOCache[int, int] = FIFOCache(_REMEMBERED)

    def take(self, raw: Mapping[str, Any]) -> "asyncio.Future[bool] | None":
        """Begin to handle an update; None when too many are in hand.

        The result says whether it is done with; False asks for it once more. To give up waiting
        for the result does not stop the handling.
        """
        update_id: int = raw["update_id"]
        if update_id in self._done:
            known = asyncio.get_running_loop().create_future()
            known.set_result(True)
            return known
        if update_id in self._in_hand:
            return self._in_hand[update_id]
        if len(self._in_hand) >= MAX_IN_HAND:
            return None
        task = asyncio.create_task(self._handle(update_id, raw))
        self._in_hand[update_id] = task
        task.add_done_callback(lambda _: self._in_hand.pop(update_id))
        return task

    @property
    def in_hand(self) -> int:
        """How many updates are being handled."""
        return len(self._in_hand)

    async def drain(self, timeout_s: float) -> None:
        """Let what is in hand be finished; what takes longer is stopped and not done."""
        tasks = set(self._in_hand.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=timeout_s)
        if late:
            log.warning("updates_left_unfinished", number=len(late))
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _handle(self, update_id: int, raw: Mapping[str, Any]) -> bool:
        failures = self._failures.get(update_id, 0) + 1
        is_last_try = failures >= self._tries
        try:
            async with asyncio.timeout(_HANDLING_S):
                await self._feed(raw, is_last_try=is_last_try)
        except Exception as error:  # noqa: BLE001 - whatever it is must not stop other updates
            # Its text is not logged: it may quote the update.
            kind = type(error).__name__
            if not is_last_try:
                self._failures[update_id] = failures
                log.warning("update_will_be_repeated", update_id=update_id, error=kind)
                return False
            log.error("update_given_up", update_id=update_id, error=kind)
        self._failures.pop(update_id, None)
        self._done[update_id] = None
        return True

    async def _feed(self, raw: Mapping[str, Any], *, is_last_try: bool) -> None:
        if raw.keys().isdisjoint(ALLOWED_UPDATES):
            log.info("update_ignored", update_id=raw["update_id"])
            return
        update = Update.model_validate(raw, context={"bot": self._bot})
        await self._dispatcher.feed_update(self._bot, update, is_last_try=is_last_try)
