"""Tells administrators once what a new generation of the register brought."""

import asyncio
from collections.abc import Callable

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot.domain.diff import Diff
from bot.log import get_logger
from bot.services.operators import Operators
from bot.services.subscribers import Subscribers
from bot.storage.register_news import RegisterNewsRepository
from bot.storage.subscribers import SubscriberId
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.register_news import register_news_text
from bot.telegram.sending import send_to

log = get_logger(__name__)

_LOOK_EVERY_S = 2.0
_REST_S = 10.0


class RegisterNews:
    """Looks whether the register in use has news that the import left beside it.

    What it says was counted by the import. It is claimed in the database before it leaves, so
    nobody hears it twice, whatever ends or begins anew.

    Args:
        generation: gives the file name of the generation in use.
        read: reads what its import changed; None where that is not known, or not yet.
    """

    def __init__(
        self,
        bot: Bot,
        news: RegisterNewsRepository,
        operators: Operators,
        subscribers: Subscribers,
        catalogues: Catalogues,
        *,
        generation: Callable[[], str],
        read: Callable[[str], Diff | None],
    ) -> None:
        self._bot = bot
        self._news = news
        self._operators = operators
        self._subscribers = subscribers
        self._catalogues = catalogues
        self._generation = generation
        self._read = read
        self._settled: str | None = None

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - what is wrong with one must not end all
                log.error("register_news_not_told", error=type(error).__name__)
                await asyncio.sleep(_REST_S)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _look(self) -> None:
        generation = self._generation()
        if generation == self._settled:
            return
        diff = await asyncio.to_thread(self._read, generation)
        if diff is None:
            return
        administrators = await self._operators.administrators()
        are_well = [await self._tell(generation, each, diff) for each in administrators]
        if all(are_well):
            self._settled = generation
        else:
            await asyncio.sleep(_REST_S)

    async def _tell(self, generation: str, operator: int, diff: Diff) -> bool:
        """Claim and send it; False where it surely was not sent and is to be tried again."""
        subscriber = await self._subscribers.get(SubscriberId(operator), None)
        with self._catalogues.using(subscriber.locale):
            text = register_news_text(diff)
        if not await self._news.claim(generation, operator):
            return True
        try:
            await send_to(self._bot, operator, text)
        except TelegramAPIError as error:
            log.warning("operator_not_told", error=type(error).__name__)
            is_for_good = isinstance(error, TelegramBadRequest | TelegramForbiddenError)
            if is_for_good or delivery_after(error) is Delivery.MAYBE_SENT:
                return True
            await self._news.give_back(generation, operator)
            return False
        return True
