"""A broadcast that is let go, and the request for its approval."""

from datetime import datetime

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.broadcasts import BroadcastState
from bot.domain.locales import Locale
from bot.storage.broadcasts import Broadcast
from bot.telegram.draft_callbacks import (
    ApproveBroadcast,
    AskAgain,
    DeclineBroadcast,
    ShowWording,
    StartFrom,
)
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button
from bot.telegram.operator_callbacks import OpenBroadcast
from bot.telegram.rendering.approvals import (
    decided_text,
    news_text,
    released_text,
    request_text,
)
from bot.telegram.screens import Screen


def released_screen(broadcast: Broadcast, now: datetime) -> Screen:
    """Close the author's card: one line, and the way to the broadcast."""
    again = StartFrom(broadcast_id=broadcast.id, is_follow_up=False)
    rows = [[_open(broadcast)], [button(_("New draft with these texts"), again)]]
    if broadcast.state is BroadcastState.AWAITING_APPROVAL:
        rows.insert(1, [button(_("Ask the senders again"), AskAgain(broadcast_id=broadcast.id))])
    return Screen(released_text(broadcast, now), InlineKeyboardMarkup(inline_keyboard=rows))


def request_screen(broadcast: Broadcast, author: str, now: datetime) -> Screen:
    shown = [
        [
            button(
                _("Show me: {name}").format(name=locale.own_name),
                ShowWording(broadcast_id=broadcast.id, locale=locale),
            )
        ]
        for locale in Locale
        if broadcast.wordings.of(locale) is not None
    ]
    decide = [
        button(_("Approve"), ApproveBroadcast(broadcast_id=broadcast.id)),
        button(_("Decline"), DeclineBroadcast(broadcast_id=broadcast.id)),
    ]
    text = request_text(broadcast, author, now)
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=[*shown, decide]))


def decided_screen(broadcast: Broadcast, now: datetime, *, is_approved: bool) -> Screen:
    rows = [[_open(broadcast)]] if is_approved else []
    text = decided_text(broadcast, is_approved=is_approved, now=now)
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=rows))


def news_screen(broadcast: Broadcast, who: str, now: datetime, *, is_approved: bool) -> Screen:
    rows = [[_open(broadcast)]] if is_approved else []
    text = news_text(broadcast, who, is_approved=is_approved, now=now)
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _open(broadcast: Broadcast) -> InlineKeyboardButton:
    return button(_("Open the broadcast"), OpenBroadcast(broadcast_id=broadcast.id))
