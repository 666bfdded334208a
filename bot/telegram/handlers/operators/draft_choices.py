"""The choices of an author: texts and their buttons, people, hours, the way of sending."""

from datetime import time

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.domain.broadcasts import Hours
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.domain.wording import MAX_BUTTONS, Button
from bot.services.drafts import Drafts
from bot.services.operators import Operator
from bot.storage.drafts import Draft
from bot.telegram.draft_callbacks import (
    AddGuide,
    AwaitButton,
    ChooseFallback,
    ChooseHours,
    ChooseNow,
    ChoosePeople,
    ChooseSending,
    ClearWording,
    OpenGuides,
    OpenWording,
    Page,
)
from bot.telegram.draft_cards import DraftCards
from bot.telegram.handlers.operators.draft_presses import pressed_draft, show_page
from bot.telegram.handlers.views import refuse_button
from bot.telegram.rendering.drafts import too_many_buttons_text
from bot.telegram.rights import only
from bot.telegram.sending import acknowledge, show
from bot.telegram.views.audiences import PAGES
from bot.telegram.views.drafts import awaited_screen, guides_screen


async def open_wording(
    query: CallbackQuery, callback_data: OpenWording, operator: Operator, drafts: Drafts
) -> None:
    """Ask for the text in a language: the next message becomes it."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is not None:
        await _await(query, draft, AwaitedKind.TEXT, callback_data.locale, drafts)


async def ask_link(
    query: CallbackQuery, callback_data: AwaitButton, operator: Operator, drafts: Drafts
) -> None:
    """Ask for a button with a link."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is not None:
        await _await(query, draft, AwaitedKind.BUTTON, callback_data.locale, drafts)


async def open_guides(
    query: CallbackQuery,
    callback_data: OpenGuides,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """List guides to choose one for a button."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    screen = guides_screen(draft, callback_data.locale, callback_data.page, draft_cards.guides)
    if screen is None or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, screen)


async def add_guide(
    query: CallbackQuery,
    callback_data: AddGuide,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Add a button that opens a guide, named as the guide is in the language of the text."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    locale, guide = callback_data.locale, draft_cards.guides.get(callback_data.slug)
    wording = draft.wordings.by_locale.get(locale)
    if guide is None or wording is None:
        await refuse_button(query)
        return
    new = Button(guide[locale].title, guide=callback_data.slug)
    if len(wording.buttons) >= MAX_BUTTONS and new not in wording.buttons:
        await query.answer(too_many_buttons_text(), show_alert=True)
        return
    await drafts.add_button(draft, locale, new)
    await _await(query, draft, AwaitedKind.TEXT, locale, drafts)


async def clear_wording(
    query: CallbackQuery, callback_data: ClearWording, operator: Operator, drafts: Drafts
) -> None:
    """Take a text or its buttons away."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    if callback_data.what == "text":
        await drafts.erase(draft, callback_data.locale)
    else:
        await drafts.remove_buttons(draft, callback_data.locale)
    await _await(query, draft, AwaitedKind.TEXT, callback_data.locale, drafts)


async def choose_fallback(
    query: CallbackQuery,
    callback_data: ChooseFallback,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Choose what people get in whose language there is no text."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    if not await drafts.choose_fallback(draft, callback_data.locale or None):
        await refuse_button(query)
        return
    await show_page(query, draft, Page.MAIN, operator, drafts, draft_cards)


async def choose_people(
    query: CallbackQuery,
    callback_data: ChoosePeople,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Narrow the audience or widen it again, and count anew."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    facet, value = callback_data.facet, callback_data.value
    try:
        await drafts.choose_people(draft, facet, value, is_chosen=callback_data.is_chosen)
    except ValueError:
        await refuse_button(query)
        return
    await show_page(query, draft, PAGES[facet], operator, drafts, draft_cards)


async def choose_now(
    query: CallbackQuery,
    callback_data: ChooseNow,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Let it begin with the confirmation."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is not None:
        await drafts.choose_start(draft, None)
        await show_page(query, draft, Page.MAIN, operator, drafts, draft_cards)


async def choose_hours(
    query: CallbackQuery,
    callback_data: ChooseHours,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Choose the hours of the day in which it is sent."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    opens, closes = callback_data.opens, callback_data.closes
    try:
        hours = Hours(time(opens), time(closes)) if closes else None
    except ValueError:
        await refuse_button(query)
        return
    await drafts.choose_hours(draft, hours)
    awaited = Awaited(AwaitedKind.START)
    await show_page(query, draft, Page.START, operator, drafts, draft_cards, awaited)


async def choose_sending(
    query: CallbackQuery,
    callback_data: ChooseSending,
    operator: Operator,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Choose what happens in doubt, and whether to pay for speed."""
    draft = await pressed_draft(query, callback_data.broadcast_id, operator, drafts)
    if draft is None:
        return
    if callback_data.what == "twice":
        await drafts.choose_twice(draft, rather_twice=callback_data.is_on)
    else:
        await drafts.choose_paid(draft, is_paid=callback_data.is_on)
    await show_page(query, draft, Page.SENDING, operator, drafts, draft_cards)


async def _await(
    query: CallbackQuery, draft: Draft, kind: AwaitedKind, locale: Locale, drafts: Drafts
) -> None:
    """Wait for the author's next message, and ask for it on the card."""
    await acknowledge(query)
    fresh = await drafts.get(draft.id, draft.broadcast.author)
    if fresh is not None and isinstance(query.message, Message):
        awaited = Awaited(kind, locale)
        await show(query.message, awaited_screen(fresh, awaited))
        await drafts.place(fresh, fresh.card, awaited)


def add_to(buttons: Router) -> None:
    author, press = only(Role.AUTHOR), buttons.callback_query
    press.register(open_wording, OpenWording.filter(), flags=author)
    press.register(ask_link, AwaitButton.filter(), flags=author)
    press.register(open_guides, OpenGuides.filter(), flags=author)
    press.register(add_guide, AddGuide.filter(), flags=author)
    press.register(clear_wording, ClearWording.filter(), flags=author)
    press.register(choose_fallback, ChooseFallback.filter(), flags=author)
    press.register(choose_people, ChoosePeople.filter(), flags=author)
    press.register(choose_now, ChooseNow.filter(), flags=author)
    press.register(choose_hours, ChooseHours.filter(), flags=author)
    press.register(choose_sending, ChooseSending.filter(), flags=author)
