"""``/broadcast`` and ``/correct``: drafts begin here, and the pages of their cards are turned."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastId, BroadcastState
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.roles import Role
from bot.services.broadcasts import Broadcasts
from bot.services.drafts import Drafts, mark_of
from bot.services.operators import Operator
from bot.storage.drafts import Draft
from bot.telegram.commands import BROADCAST, CANCEL, CORRECT
from bot.telegram.draft_callbacks import (
    ContinueDraft,
    DiscardDraft,
    OpenDraft,
    Page,
    StartCorrection,
    StartDraft,
    StartFrom,
)
from bot.telegram.draft_cards import DraftCards
from bot.telegram.handlers.operators.draft_presses import pressed_draft, show_page
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rendering.drafts import cancelled_text, discarded_text, no_draft_text
from bot.telegram.rights import only
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, reply, send, show
from bot.telegram.views.drafts import drafts_screen, origins_screen


async def open_drafts(
    message: Message, operator: Operator, drafts: Drafts, draft_cards: DraftCards
) -> None:
    """List the drafts and what may be followed up; begin a broadcast where there is nothing."""
    own, uncertain = await drafts.all_of(operator.id), await drafts.uncertain()
    if own or uncertain:
        await send(message, drafts_screen(own, uncertain))
        return
    draft = await drafts.start(operator.id, f"message {message.message_id}")
    await _post(message, draft, operator, drafts, draft_cards)


async def list_origins(message: Message, drafts: Drafts) -> None:
    """List what the answers of the last thirty days were made of, to correct them."""
    await send(message, origins_screen(await drafts.given_from()))


async def stop_writing(
    message: Message, operator: Operator, drafts: Drafts, draft_cards: DraftCards
) -> None:
    """Wait for no text any more."""
    draft = await drafts.awaiting(operator.id)
    if draft is not None:
        draft = await drafts.place(draft, draft.card, None)
        await draft_cards.put(draft, await draft_cards.page(draft, Page.MAIN, operator))
    await reply(message, cancelled_text())


async def start_draft(
    query: CallbackQuery, operator: Operator, drafts: Drafts, draft_cards: DraftCards
) -> None:
    """Begin a broadcast on a card of its own."""
    await _begin(
        query, await drafts.start(operator.id, _press(query)), operator, drafts, draft_cards
    )


async def start_from(
    query: CallbackQuery,
    callback_data: StartFrom,
    operator: Operator,
    broadcasts: Broadcasts,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Begin a draft with the texts of a broadcast, also for those it may not have reached."""
    broadcast = await broadcasts.get(BroadcastId(callback_data.broadcast_id))
    if broadcast is None or broadcast.state is BroadcastState.DRAFT:
        await refuse_button(query)
        return
    draft = await drafts.start_from(
        operator.id, _press(query), broadcast, is_follow_up=callback_data.is_follow_up
    )
    await _begin(query, draft, operator, drafts, draft_cards)


async def start_correction(
    query: CallbackQuery,
    callback_data: StartCorrection,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Begin a draft for everybody with an answer by the rules or the register chosen."""
    origins = {mark_of(each.origin): each.origin for each in await drafts.given_from()}
    origin = origins.get(callback_data.mark)
    if origin is None:
        await refuse_button(query)
        return
    draft = await drafts.start(operator.id, _press(query), audience=Audience(answered_from=origin))
    await _begin(query, draft, operator, drafts, draft_cards)


async def continue_draft(
    query: CallbackQuery,
    callback_data: ContinueDraft,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Go on with a draft on a card at the end of the chat."""
    draft = await drafts.get(BroadcastId(callback_data.broadcast_id), operator.id)
    await _begin(query, draft, operator, drafts, draft_cards)


async def open_page(
    query: CallbackQuery,
    callback_data: OpenDraft,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Turn the card to a page; on the one of the start the next message is a time."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is not None:
        page = callback_data.page
        awaited = Awaited(AwaitedKind.START) if page is Page.START else None
        await show_page(query, draft, page, operator, drafts, draft_cards, awaited)


async def discard_draft(
    query: CallbackQuery, callback_data: DiscardDraft, operator: Operator, drafts: Drafts
) -> None:
    """Throw a draft away."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None or not isinstance(query.message, Message):
        return
    await drafts.discard(draft)
    await acknowledge(query)
    await show(query.message, Screen(discarded_text(), None))


def _press(query: CallbackQuery) -> str:
    """Name a button, so that a second press on it makes no second draft."""
    number = query.message.message_id if query.message else 0
    return f"press {number} {query.data}"


async def _begin(
    query: CallbackQuery,
    draft: Draft | None,
    operator: Operator,
    drafts: Drafts,
    cards: DraftCards,
) -> None:
    if draft is None or not isinstance(query.message, Message):
        await query.answer(no_draft_text(), show_alert=True)
        return
    await acknowledge(query)
    await _post(query.message, draft, operator, drafts, cards)


async def _post(
    message: Message, draft: Draft | None, operator: Operator, drafts: Drafts, cards: DraftCards
) -> None:
    if draft is not None:
        card = await send(message, await cards.page(draft, Page.MAIN, operator))
        await drafts.place(draft, card.message_id, None)


def add_to(commands: Router, buttons: Router) -> None:
    author = only(Role.AUTHOR)
    commands.message.register(open_drafts, Command(BROADCAST.name), flags=author)
    commands.message.register(list_origins, Command(CORRECT.name), flags=author)
    commands.message.register(stop_writing, Command(CANCEL.name), flags=author)
    press = buttons.callback_query
    press.register(start_draft, StartDraft.filter(), flags=author)
    press.register(start_from, StartFrom.filter(), flags=author)
    press.register(start_correction, StartCorrection.filter(), flags=author)
    press.register(continue_draft, ContinueDraft.filter(), flags=author)
    press.register(open_page, OpenDraft.filter(), flags=author)
    press.register(discard_draft, DiscardDraft.filter(), flags=author)
