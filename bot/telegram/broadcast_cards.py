"""The card of a broadcast for one operator, wherever it is shown."""

import asyncio
from dataclasses import dataclass

from cachetools import TTLCache

from bot.domain.roles import Roles
from bot.services.control import Control, Overview
from bot.services.operators import Operators
from bot.storage.boards import BoardRepository
from bot.storage.broadcasts import Broadcast
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.rendering.broadcasts import Names
from bot.telegram.screens import Screen
from bot.telegram.views.broadcasts import card_screen

# A name is asked of Telegram, which a card that changes every three seconds must not do.
_NAMES_KEPT_S = 60 * 60.0
_MAX_NAMES = 1000


class BroadcastCards:
    """Draws cards in the current locale, with the names of those who wrote and approved."""

    def __init__(self, operators: Operators, chats: OperatorChats) -> None:
        self._operators = operators
        self._chats = chats
        self._names: TTLCache[int, str] = TTLCache(_MAX_NAMES, _NAMES_KEPT_S)

    async def draw(self, overview: Overview, roles: Roles) -> Screen:
        return card_screen(overview, await self._names_in(overview.broadcast), roles)

    async def _names_in(self, broadcast: Broadcast) -> Names:
        people = [each for each in (broadcast.author, broadcast.approver) if each is not None]
        names = await asyncio.gather(*map(self._name, people))
        return dict(zip(people, names, strict=True))

    async def _name(self, telegram_id: int) -> str:
        name = self._names.get(telegram_id)
        if name is None:
            name = await self._chats.name(await self._operators.get(telegram_id))
            self._names[telegram_id] = name
        return name


@dataclass(frozen=True, slots=True)
class BroadcastDesk:
    """What the handlers of broadcasts work with."""

    control: Control
    cards: BroadcastCards
    boards: BoardRepository
