"""What every press on the card of a draft begins and ends with."""

from aiogram.types import CallbackQuery, Message

from bot.domain.broadcasts import BroadcastId
from bot.domain.drafts import Awaited
from bot.services.drafts import Drafts
from bot.services.operators import Operator
from bot.storage.drafts import Draft
from bot.telegram.draft_callbacks import Page
from bot.telegram.draft_cards import DraftCards
from bot.telegram.rendering.drafts import no_draft_text
from bot.telegram.sending import acknowledge, show


async def pressed_draft(
    query: CallbackQuery, broadcast_id: int, operator: Operator, drafts: Drafts
) -> Draft | None:
    """Give the draft of a press, or say that there is none: it was sent, is not theirs, or the
    press was on another message than its card.
    """
    draft = await drafts.get(BroadcastId(broadcast_id), operator.id)
    message = query.message
    if draft is None or not isinstance(message, Message) or message.message_id != draft.card:
        await query.answer(no_draft_text(), show_alert=True)
        return None
    return draft


async def show_page(
    query: CallbackQuery,
    draft: Draft,
    page: Page,
    operator: Operator,
    drafts: Drafts,
    cards: DraftCards,
    awaited: Awaited | None = None,
) -> None:
    """Turn the card into a page of what the draft is now; the next message is for *awaited*."""
    await acknowledge(query)
    fresh = await drafts.get(draft.id, operator.id)
    if fresh is None or not isinstance(query.message, Message):
        return
    if fresh.awaited != awaited:
        fresh = await drafts.place(fresh, fresh.card, awaited)
    await show(query.message, await cards.page(fresh, page, operator))
