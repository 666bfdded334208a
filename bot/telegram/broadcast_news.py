"""Tells operators once what happened to a broadcast without them: it paused, or it is over."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError

from bot.domain.roles import Role
from bot.log import get_logger
from bot.services.control import Change, Control, Overview
from bot.services.operators import Operator, Operators
from bot.services.subscribers import Subscribers
from bot.storage.news import Item, NewsRepository
from bot.storage.subscribers import SubscriberId
from bot.telegram.boards import MAY_SEE
from bot.telegram.broadcast_reports import draw_report, send_report
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.i18n import Catalogues
from bot.telegram.sending import send_to
from bot.telegram.views.broadcasts import news_screen

log = get_logger(__name__)

# What is older was seen by other ways, or is of no use any more.
_NEWS_FOR = timedelta(days=7)
_LOOK_EVERY_S = 1.0
_REST_S = 10.0
_Send = Callable[[], Awaitable[object]]


class BroadcastNews:
    """Looks for news in the database, wherever the sending is done.

    An item is claimed there before its message leaves. So nobody hears it twice, whatever ends or
    begins anew; a kill within the call itself may leave somebody without it, and the card says it.
    """

    def __init__(
        self,
        bot: Bot,
        news: NewsRepository,
        control: Control,
        operators: Operators,
        subscribers: Subscribers,
        catalogues: Catalogues,
    ) -> None:
        self._bot = bot
        self._news = news
        self._control = control
        self._operators = operators
        self._subscribers = subscribers
        self._catalogues = catalogues
        self._settled: set[Change] = set()
        self._rest_until: dict[Change, float] = {}

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - what is wrong with one must not end all
                log.error("broadcast_news_not_told", error=type(error).__name__)
                await asyncio.sleep(_REST_S)
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _look(self) -> None:
        """Tell what nobody has told yet; what could not be told rests a while."""
        since = datetime.now(UTC) - _NEWS_FOR
        changes = await self._control.list_news(since)
        self._settled &= {*changes}
        for change in changes:
            if change in self._settled or time.monotonic() < self._rest_until.get(change, 0.0):
                continue
            if not await self._tell(change):
                self._rest_until[change] = time.monotonic() + _REST_S

    async def _tell(self, change: Change) -> bool:
        """Tell everybody who has not heard of it; False where somebody could not be told now."""
        broadcast_id, changed_at = change
        overview = await self._control.look(broadcast_id)
        if overview is None or overview.broadcast.changed_at != changed_at:
            return True
        if overview.has_ended and not overview.is_settled:
            # Its last numbers are not known yet.
            return True
        told = await self._news.told(broadcast_id, changed_at)
        untold = [each for each in await self._listeners(overview) if each.id not in told]
        are_well = [
            await self._tell_one(each, Item(broadcast_id, each.id, changed_at), overview)
            for each in untold
        ]
        if all(are_well):
            self._settled.add(change)
        return all(are_well)

    async def _listeners(self, overview: Overview) -> list[Operator]:
        """Give the author, and of a pause also who can resume; nobody who lost the role."""
        author = overview.broadcast.author
        return [
            each
            for each in await self._operators.all()
            if (each.id == author and each.roles & MAY_SEE)
            or (not overview.has_ended and Role.SENDER in each.roles)
        ]

    async def _tell_one(self, operator: Operator, item: Item, overview: Overview) -> bool:
        """Claim the item, send it; False where it surely was not sent and is to be tried again."""
        send = await self._prepared(operator, overview)
        if not await self._news.claim(item):
            return True
        try:
            await send()
        except TelegramAPIError as error:
            log.warning("operator_not_told", error=type(error).__name__)
            is_for_good = isinstance(error, TelegramBadRequest | TelegramForbiddenError)
            if is_for_good or delivery_after(error) is Delivery.MAYBE_SENT:
                return True
            await self._news.give_back(item)
            return False
        return True

    async def _prepared(self, operator: Operator, overview: Overview) -> _Send:
        """Draw all that takes time before the item is claimed."""
        subscriber = await self._subscribers.get(SubscriberId(operator.id), None)
        with self._catalogues.using(subscriber.locale):
            if not overview.has_ended:
                screen = news_screen(overview, operator.roles)
                return lambda: send_to(self._bot, operator.id, screen.text, screen.keyboard)
            report = await self._control.report(overview.broadcast.id)
            if report is None:
                raise RuntimeError("a broadcast is never removed")
            drawn = await draw_report(report)
        return lambda: send_report(self._bot, operator.id, drawn)
