"""The card of a broadcast with the buttons that its state and the operator's roles allow."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.broadcasts import BroadcastState, DeliveryState
from bot.domain.roles import Role, Roles
from bot.services.control import PAGE_SIZE, Overview, Report, Share
from bot.storage.broadcasts import Broadcast
from bot.telegram.draft_callbacks import StartFrom
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button, in_rows
from bot.telegram.operator_callbacks import (
    AskWithdrawal,
    OpenBroadcast,
    OpenBroadcasts,
    PauseBroadcast,
    ResumeBroadcast,
    SendReport,
    SendTable,
    ShowWordings,
    StopBroadcast,
    WithdrawBroadcast,
)
from bot.telegram.rendering.broadcasts import (
    Names,
    card_text,
    history_text,
    news_text,
    report_text,
    state_name,
    withdrawal_question,
)
from bot.telegram.screens import Screen

_Buttons = list[InlineKeyboardButton]
_STARTED = (
    BroadcastState.RUNNING,
    BroadcastState.PAUSED,
    BroadcastState.STOPPED,
    BroadcastState.DONE,
)
_PAUSABLE = (BroadcastState.SCHEDULED, BroadcastState.RUNNING)
_STOPPABLE = (*_PAUSABLE, BroadcastState.AWAITING_APPROVAL, BroadcastState.PAUSED)


def card_screen(overview: Overview, names: Names, roles: Roles) -> Screen:
    rows = [
        _steering(overview) if Role.SENDER in roles else [],
        _withdrawing(overview) if Role.SENDER in roles else [],
        _following(overview) if Role.AUTHOR in roles else [],
        *in_rows(_looking(overview), 2),
        [button(_("All broadcasts"), OpenBroadcasts(before=0))],
    ]
    return Screen(card_text(overview, names), _keyboard(rows))


def withdrawal_screen(overview: Overview) -> Screen:
    broadcast_id = overview.broadcast.id
    rows = [
        [button(_("Yes, delete for everyone"), WithdrawBroadcast(broadcast_id=broadcast_id))],
        [button(_("No, back"), OpenBroadcast(broadcast_id=broadcast_id))],
    ]
    return Screen(withdrawal_question(overview), _keyboard(rows))


def news_screen(overview: Overview, roles: Roles) -> Screen:
    """Show somebody why a broadcast paused by itself, with what to do about it."""
    rows = [_steering(overview) if Role.SENDER in roles else [], [_card(overview.broadcast)]]
    return Screen(news_text(overview), _keyboard(rows))


def report_screen(report: Report) -> Screen:
    broadcast = report.overview.broadcast
    csv = button(_("Table (CSV)"), SendTable(broadcast_id=broadcast.id))
    return Screen(report_text(report), _keyboard([[csv, _card(broadcast)]]))


def history_screen(shares: Sequence[Share], *, before: int) -> Screen:
    """Show broadcasts, newest first; *before* is 0 on the first page."""
    turns: _Buttons = []
    if len(shares) == PAGE_SIZE:
        turns.append(button(_("Older"), OpenBroadcasts(before=shares[-1].broadcast.id)))
    if before:
        turns.append(button(_("Newest"), OpenBroadcasts(before=0)))
    rows = [*in_rows([_entry(share.broadcast) for share in shares], 2), turns]
    return Screen(history_text(shares), _keyboard(rows))


def _steering(overview: Overview) -> _Buttons:
    broadcast = overview.broadcast
    buttons = []
    if broadcast.state in _PAUSABLE:
        buttons.append(button(_("Pause"), PauseBroadcast(broadcast_id=broadcast.id)))
    if broadcast.state is BroadcastState.PAUSED:
        buttons.append(button(_("Resume"), ResumeBroadcast(broadcast_id=broadcast.id)))
    if broadcast.state in _STOPPABLE:
        buttons.append(button(_("Stop"), StopBroadcast(broadcast_id=broadcast.id)))
    return buttons


def _withdrawing(overview: Overview) -> _Buttons:
    broadcast = overview.broadcast
    if broadcast.withdrawn_at is not None or not overview.deletable:
        return []
    return [button(_("Delete for everyone"), AskWithdrawal(broadcast_id=broadcast.id))]


def _following(overview: Overview) -> _Buttons:
    uncertain = overview.progress.by_state[DeliveryState.UNCERTAIN]
    if not overview.has_ended or not overview.is_settled or not uncertain:
        return []
    follow = StartFrom(broadcast_id=overview.broadcast.id, is_follow_up=True)
    return [button(_("Write again where it is not known"), follow)]


def _looking(overview: Overview) -> _Buttons:
    broadcast_id = overview.broadcast.id
    buttons = [button(_("Show the text"), ShowWordings(broadcast_id=broadcast_id))]
    if overview.is_live:
        buttons.append(button(_("Refresh"), OpenBroadcast(broadcast_id=broadcast_id)))
    if overview.broadcast.state in _STARTED:
        buttons.append(button(_("Report"), SendReport(broadcast_id=broadcast_id)))
        buttons.append(button(_("Table (CSV)"), SendTable(broadcast_id=broadcast_id)))
    return buttons


def _card(broadcast: Broadcast) -> InlineKeyboardButton:
    return button(_("Open the card"), OpenBroadcast(broadcast_id=broadcast.id))


def _entry(broadcast: Broadcast) -> InlineKeyboardButton:
    label = f"{broadcast.id} · {state_name(broadcast)}"
    return button(label, OpenBroadcast(broadcast_id=broadcast.id))


def _keyboard(rows: Sequence[_Buttons]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row])
