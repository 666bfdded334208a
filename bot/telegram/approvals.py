"""Asks senders for an approval and tells authors what became of it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.domain.broadcasts import BroadcastId
from bot.domain.roles import Role
from bot.log import get_logger
from bot.services.broadcasts import Broadcasts
from bot.services.operators import Operator, Operators
from bot.services.subscribers import Subscribers
from bot.storage.operators import OperatorId
from bot.storage.subscribers import SubscriberId
from bot.telegram.i18n import Catalogues
from bot.telegram.screens import Screen
from bot.telegram.sending import send_to
from bot.telegram.views.approvals import news_screen, request_screen

log = get_logger(__name__)


class Approvals:
    """Writes to each operator in the own language."""

    def __init__(
        self,
        bot: Bot,
        operators: Operators,
        subscribers: Subscribers,
        broadcasts: Broadcasts,
        catalogues: Catalogues,
    ) -> None:
        self._bot = bot
        self._operators = operators
        self._subscribers = subscribers
        self._broadcasts = broadcasts
        self._catalogues = catalogues

    async def others(self, author: int) -> list[OperatorId]:
        """List who may approve what this author wrote."""
        everybody = await self._operators.all()
        return [each.id for each in everybody if Role.SENDER in each.roles and each.id != author]

    async def ask(self, broadcast_id: BroadcastId, author: Operator) -> int:
        """Ask everybody who may approve; give how many were reached."""
        broadcast = await self._broadcasts.get(broadcast_id)
        if broadcast is None:
            return 0
        name = await self._name(author.id)
        senders = await self.others(author.id)
        told = await asyncio.gather(
            *(
                self._send(each, lambda: request_screen(broadcast, name, datetime.now(UTC)))
                for each in senders
            )
        )
        return sum(told)

    async def tell_author(
        self, broadcast_id: BroadcastId, by: Operator, *, is_approved: bool
    ) -> None:
        """Tell the author who decided what."""
        broadcast = await self._broadcasts.get(broadcast_id)
        if broadcast is None:
            return
        name = await self._name(by.id)
        await self._send(
            broadcast.author,
            lambda: news_screen(broadcast, name, datetime.now(UTC), is_approved=is_approved),
        )

    async def _name(self, telegram_id: int) -> str:
        try:
            return (await self._bot.get_chat(telegram_id)).full_name
        except TelegramAPIError:
            return str(telegram_id)

    async def _send(self, telegram_id: int, draw: Callable[[], Screen]) -> bool:
        subscriber = await self._subscribers.get(SubscriberId(telegram_id), None)
        with self._catalogues.using(subscriber.locale):
            screen = draw()
        try:
            await send_to(self._bot, telegram_id, screen.text, screen.keyboard)
        except TelegramAPIError as error:
            log.warning("operator_not_told", error=type(error).__name__)
            return False
        return True
