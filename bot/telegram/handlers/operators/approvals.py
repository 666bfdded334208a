"""A draft is let go by a sender, or handed over to one who approves or declines."""

from datetime import UTC, datetime

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Message

from bot.domain.broadcasts import BroadcastId, BroadcastState
from bot.domain.roles import Role
from bot.services.broadcasts import Broadcasts
from bot.services.drafts import Drafts, Release
from bot.services.operators import Operator
from bot.storage.broadcasts import Broadcast, MissingWordingError, NoRecipientsError
from bot.telegram.approvals import Approvals
from bot.telegram.broadcasting import call_for
from bot.telegram.draft_callbacks import (
    ApproveBroadcast,
    AskAgain,
    DeclineBroadcast,
    HandOver,
    SendDraft,
    ShowWording,
)
from bot.telegram.handlers.operators.draft_presses import pressed_draft
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rendering.approvals import (
    decided_already_text,
    late_text,
    no_sender_text,
    nobody_text,
    untold_text,
)
from bot.telegram.rendering.drafts import missing_text, no_draft_text, refused_by_telegram_text
from bot.telegram.rights import only
from bot.telegram.sending import acknowledge, reply, show
from bot.telegram.views.approvals import decided_screen, released_screen


async def show_wording(
    query: CallbackQuery,
    callback_data: ShowWording,
    operator: Operator,
    broadcasts: Broadcasts,
    bot: Bot,
) -> None:
    """Send the message exactly as somebody with this language gets it."""
    broadcast = await broadcasts.get(BroadcastId(callback_data.broadcast_id))
    wording = broadcast.wordings.of(callback_data.locale) if broadcast else None
    if broadcast is None or wording is None or not _may_see(operator, broadcast):
        await query.answer(no_draft_text(), show_alert=True)
        return
    await acknowledge(query)
    try:
        await bot(call_for(wording, operator.id))
    except TelegramBadRequest as error:
        if isinstance(query.message, Message):
            await reply(query.message, refused_by_telegram_text(error.message))


def _may_see(operator: Operator, broadcast: Broadcast) -> bool:
    if broadcast.author == operator.id:
        return True
    is_asked = broadcast.state is BroadcastState.AWAITING_APPROVAL
    return is_asked and Role.SENDER in operator.roles


async def send_draft(
    query: CallbackQuery,
    callback_data: SendDraft,
    operator: Operator,
    drafts: Drafts,
    broadcasts: Broadcasts,
    approvals: Approvals,
) -> None:
    """Send an own draft, or ask for the approval that so many recipients need."""
    if Role.AUTHOR not in operator.roles:
        await refuse_button(query)
        return
    await _release(
        query, callback_data.broadcast_id, operator, drafts, broadcasts, approvals, is_sender=True
    )


async def hand_over(
    query: CallbackQuery,
    callback_data: HandOver,
    operator: Operator,
    drafts: Drafts,
    broadcasts: Broadcasts,
    approvals: Approvals,
) -> None:
    """Ask a sender to let an own draft go."""
    await _release(
        query, callback_data.broadcast_id, operator, drafts, broadcasts, approvals, is_sender=False
    )


async def _release(
    query: CallbackQuery,
    broadcast_id: int,
    operator: Operator,
    drafts: Drafts,
    broadcasts: Broadcasts,
    approvals: Approvals,
    *,
    is_sender: bool,
) -> None:
    draft = await pressed_draft(query, broadcast_id, operator, drafts)
    if draft is None or not isinstance(query.message, Message):
        return
    if drafts.is_late(draft):
        await query.answer(late_text(), show_alert=True)
        return
    people = sum((await drafts.count(draft)).values())
    is_alone = is_sender and not drafts.needs_approval(people)
    if not is_alone and not await approvals.others(operator.id):
        await query.answer(no_sender_text(), show_alert=True)
        return
    try:
        release = await drafts.release(draft, is_by_sender=is_sender)
    except NoRecipientsError:
        await query.answer(nobody_text(), show_alert=True)
        return
    except MissingWordingError as error:
        await query.answer(missing_text(error.locales), show_alert=True)
        return
    if release is Release.NOTHING:
        await query.answer(no_draft_text(), show_alert=True)
        return
    await acknowledge(query)
    released = await broadcasts.get(draft.id)
    if released is not None:
        await show(query.message, released_screen(released, datetime.now(UTC)))
    if release is Release.HANDED_OVER:
        await _ask(query.message, draft.id, operator, approvals)


async def ask_again(
    query: CallbackQuery,
    callback_data: AskAgain,
    operator: Operator,
    broadcasts: Broadcasts,
    approvals: Approvals,
) -> None:
    """Ask the senders once more for the approval of an own broadcast."""
    broadcast = await broadcasts.get(BroadcastId(callback_data.broadcast_id))
    is_waiting = broadcast is not None and broadcast.state is BroadcastState.AWAITING_APPROVAL
    if broadcast is None or not is_waiting or broadcast.author != operator.id:
        await query.answer(no_draft_text(), show_alert=True)
        return
    await acknowledge(query)
    if isinstance(query.message, Message):
        await _ask(query.message, broadcast.id, operator, approvals)


async def _ask(
    message: Message, broadcast_id: BroadcastId, operator: Operator, approvals: Approvals
) -> None:
    if not await approvals.ask(broadcast_id, operator):
        await reply(message, untold_text())


async def approve(
    query: CallbackQuery,
    callback_data: ApproveBroadcast,
    operator: Operator,
    broadcasts: Broadcasts,
    approvals: Approvals,
) -> None:
    """Let somebody else's broadcast go."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    has_happened = await broadcasts.approve(broadcast_id, operator.id)
    await _decide(query, broadcast_id, operator, broadcasts, approvals, has_happened, True)


async def decline(
    query: CallbackQuery,
    callback_data: DeclineBroadcast,
    operator: Operator,
    broadcasts: Broadcasts,
    approvals: Approvals,
) -> None:
    """Give somebody else's broadcast back as a draft."""
    broadcast_id = BroadcastId(callback_data.broadcast_id)
    has_happened = await broadcasts.decline(broadcast_id, operator.id)
    await _decide(query, broadcast_id, operator, broadcasts, approvals, has_happened, False)


async def _decide(
    query: CallbackQuery,
    broadcast_id: BroadcastId,
    operator: Operator,
    broadcasts: Broadcasts,
    approvals: Approvals,
    has_happened: bool,
    is_approved: bool,
) -> None:
    if not has_happened:
        await query.answer(decided_already_text(), show_alert=True)
        return
    await acknowledge(query)
    broadcast = await broadcasts.get(broadcast_id)
    if broadcast is not None and isinstance(query.message, Message):
        screen = decided_screen(broadcast, datetime.now(UTC), is_approved=is_approved)
        await show(query.message, screen)
    await approvals.tell_author(broadcast_id, operator, is_approved=is_approved)


def add_to(buttons: Router) -> None:
    press = buttons.callback_query
    press.register(show_wording, ShowWording.filter(), flags=only(Role.AUTHOR, Role.SENDER))
    press.register(send_draft, SendDraft.filter(), flags=only(Role.SENDER))
    press.register(hand_over, HandOver.filter(), flags=only(Role.AUTHOR))
    press.register(ask_again, AskAgain.filter(), flags=only(Role.AUTHOR))
    press.register(approve, ApproveBroadcast.filter(), flags=only(Role.SENDER))
    press.register(decline, DeclineBroadcast.filter(), flags=only(Role.SENDER))
