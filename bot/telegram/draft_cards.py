"""Keeps the one card of each draft up to date."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from cachetools import TTLCache

from bot.content.guides import Guides
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.roles import Role
from bot.services.drafts import Drafts
from bot.services.operators import Operator
from bot.storage.drafts import Draft
from bot.telegram.draft_callbacks import Page
from bot.telegram.rendering.approvals import late_text, nobody_text
from bot.telegram.rendering.drafts import missing_lines
from bot.telegram.screens import Screen
from bot.telegram.sending import edit, send_to
from bot.telegram.views.audiences import people_screen
from bot.telegram.views.drafts import (
    awaited_screen,
    confirm_screen,
    discard_screen,
    main_screen,
    sending_screen,
)

# The files of an album come one after the other, and one word about them is enough.
_ALBUM_S = 60


class DraftCards:
    """Draws the pages of a draft and puts them on its card."""

    def __init__(self, bot: Bot, drafts: Drafts, guides: Guides) -> None:
        self._bot = bot
        self._drafts = drafts
        self.guides = guides
        self._albums: TTLCache[str, bool] = TTLCache(1000, _ALBUM_S)

    async def page(self, draft: Draft, page: Page, operator: Operator) -> Screen:
        """Draw a page; whatever counts people counts them now."""
        if page is Page.DISCARD:
            return discard_screen(draft)
        if page is Page.START:
            return awaited_screen(draft, Awaited(AwaitedKind.START))
        counts = await self._drafts.count(draft)
        if page is Page.MAIN:
            return main_screen(draft, counts)
        if page is Page.SENDING:
            return sending_screen(draft, counts)
        if page is not Page.CONFIRM:
            uncertain = await self._drafts.uncertain() if page is Page.UNCERTAIN else ()
            return people_screen(draft, counts, page, uncertain)
        people, is_sender = sum(counts.values()), Role.SENDER in operator.roles
        obstacles = missing_lines(draft.wordings, counts)
        obstacles += [nobody_text()] if not people else []
        obstacles += [late_text()] if self._drafts.is_late(draft) else []
        return confirm_screen(
            draft,
            counts,
            obstacles,
            is_sender=is_sender,
            needs_approval=not is_sender or self._drafts.needs_approval(people),
        )

    async def put(self, draft: Draft, screen: Screen) -> None:
        """Show a screen on the card; where somebody deleted that, on a new one."""
        chat = draft.broadcast.author
        if draft.card is not None:
            try:
                await edit(self._bot, chat, draft.card, screen)
            except TelegramBadRequest as error:
                if "message to edit not found" not in error.message:
                    raise
            else:
                return
        sent = await send_to(self._bot, chat, screen.text, screen.keyboard)
        await self._drafts.place(draft, sent.message_id, draft.awaited)

    def is_new_album(self, album: str) -> bool:
        """Tell whether this is the first file of an album."""
        if album in self._albums:
            return False
        self._albums[album] = True
        return True
