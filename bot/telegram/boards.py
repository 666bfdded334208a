"""The card that an operator opened last goes on by itself while its broadcast does."""

import asyncio
import time
from collections import defaultdict
from datetime import timedelta

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from cachetools import TTLCache

from bot.domain.broadcasts import BroadcastId
from bot.domain.roles import Role
from bot.log import get_logger
from bot.services.control import Overview
from bot.services.operators import Operators
from bot.storage.boards import Board
from bot.telegram.broadcast_cards import BroadcastDesk
from bot.telegram.gate import Traffic, sending
from bot.telegram.i18n import Catalogues
from bot.telegram.screens import Screen
from bot.telegram.sending import edit

log = get_logger(__name__)

MAY_SEE = frozenset({Role.AUTHOR, Role.SENDER})
# However many processes and presses there are, a message is edited by itself at most so often.
EDIT_EVERY = timedelta(seconds=3)
_WAKE_EVERY_S = 0.5
# What stands still is looked at so often, too.
_LOOK_EVERY_S = 3.0
# Counting a million people takes a second; it must not take more than a part of the time.
_REST_FACTOR = 20
_MAX_BOARDS = 1000
_REMEMBERED_S = 60 * 60.0


class LiveBoards:
    """Edits boards; they are kept in the database, so a restart changes nothing.

    Any number of processes may do so: each edit is one's turn.
    """

    def __init__(
        self,
        bot: Bot,
        desk: BroadcastDesk,
        operators: Operators,
        catalogues: Catalogues,
    ) -> None:
        self._bot = bot
        self._boards = desk.boards
        self._control = desk.control
        self._cards = desk.cards
        self._operators = operators
        self._catalogues = catalogues
        self._shown: TTLCache[Board, Screen] = TTLCache(_MAX_BOARDS, _REMEMBERED_S)
        self._look_at: TTLCache[BroadcastId, float] = TTLCache(_MAX_BOARDS, _REMEMBERED_S)

    async def run(self) -> None:
        """Go on until cancelled."""
        fails = False
        while True:
            try:
                await self._refresh_all()
                fails = False
            except Exception as error:  # noqa: BLE001 - what is wrong with one must not end all
                if not fails:
                    log.error("boards_not_refreshed", error=type(error).__name__)
                fails = True
            await asyncio.sleep(_WAKE_EVERY_S)

    async def _refresh_all(self) -> None:
        by_broadcast: defaultdict[BroadcastId, list[Board]] = defaultdict(list)
        for board in await self._boards.list_due(EDIT_EVERY):
            by_broadcast[board.broadcast_id].append(board)
        for broadcast_id, its_boards in by_broadcast.items():
            began = time.monotonic()
            if began < self._look_at.get(broadcast_id, began):
                continue
            overview = await self._control.look(broadcast_id)
            took = time.monotonic() - began
            self._look_at[broadcast_id] = began + max(_LOOK_EVERY_S, _REST_FACTOR * took)
            if overview is not None:
                await asyncio.gather(*(self._refresh(board, overview) for board in its_boards))

    async def _refresh(self, board: Board, overview: Overview) -> None:
        """Edit one board, unless it shows what is true already; leave off where that is over."""
        operator = await self._operators.get(board.operator_id)
        if not operator.roles & MAY_SEE:
            await self._leave_off(board)
            return
        with self._catalogues.using(board.locale):
            screen = await self._cards.draw(overview, operator.roles)
        if screen != self._shown.get(board):
            if not await self._boards.claim(board, EDIT_EVERY):
                return
            try:
                with sending(Traffic.BOARD):
                    await edit(self._bot, board.operator_id, board.message_id, screen)
            except (TelegramBadRequest, TelegramForbiddenError) as error:
                # Deleted, too old, or the bot is blocked: that does not pass.
                log.info("board_given_up", error=type(error).__name__)
                await self._leave_off(board)
                return
            except TelegramAPIError as error:
                log.info("board_not_edited", error=type(error).__name__)
                return
            self._shown[board] = screen
        if not overview.is_live:
            await self._leave_off(board)

    async def _leave_off(self, board: Board) -> None:
        await self._boards.drop(board.operator_id, board.message_id)
