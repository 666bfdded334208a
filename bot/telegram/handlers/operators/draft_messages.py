"""What an author writes for a draft: texts, files, buttons, a start. Nobody else sees it."""

from contextlib import suppress

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message, ReactionTypeEmoji

from bot.domain.drafts import Awaited, AwaitedKind, StartError, read_start
from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.domain.wording import MAX_BUTTONS, WordingError
from bot.services.drafts import Drafts, PersonalNumberError
from bot.services.operators import Operator
from bot.storage.drafts import Draft
from bot.telegram.draft_callbacks import Page
from bot.telegram.draft_cards import DraftCards
from bot.telegram.draft_filters import ForDraft, OfDraft
from bot.telegram.draft_reading import RefusedError, read_button, read_wording
from bot.telegram.rendering.drafts import (
    link_form_text,
    personal_number_text,
    refused_text,
    too_many_buttons_text,
    wrong_start_text,
)
from bot.telegram.rights import only
from bot.telegram.sending import reply
from bot.telegram.views.drafts import awaited_screen, wording_screen


async def take_message(
    message: Message,
    operator: Operator,
    draft: Draft,
    awaited: Awaited,
    drafts: Drafts,
    draft_cards: DraftCards,
) -> None:
    """Take what an author writes for a draft, or say why not."""
    album = message.media_group_id
    if album is not None and not draft_cards.is_new_album(album):
        return
    try:
        after = await _take(message, draft, awaited, drafts)
    except PersonalNumberError:
        await _refuse_number(message)
        return
    except RefusedError as refusal:
        await reply(message, refused_text(str(refusal)))
        return
    fresh = await drafts.get(draft.id, operator.id)
    if fresh is None:
        return
    fresh = await drafts.place(fresh, fresh.card, after)
    if after is None:
        screen = await draft_cards.page(fresh, Page.MAIN, operator)
    else:
        screen = awaited_screen(fresh, after)
    await draft_cards.put(fresh, screen)
    with suppress(TelegramAPIError):
        # The card may be far up; this says at the message itself that it was taken.
        await message.react([ReactionTypeEmoji(emoji="👍")])


async def take_edit(
    message: Message, draft: Draft, locale: Locale, drafts: Drafts, draft_cards: DraftCards
) -> None:
    """Let an edited message change the text that was made of it, or say why not."""
    try:
        await drafts.write(draft, locale, read_wording(message), message.message_id)
    except PersonalNumberError:
        await _refuse_number(message)
        return
    except RefusedError as refusal:
        await reply(message, refused_text(str(refusal)))
        return
    fresh = await drafts.get(draft.id, draft.broadcast.author)
    if fresh is not None:
        await draft_cards.put(fresh, wording_screen(fresh, locale))
        await drafts.place(fresh, fresh.card, Awaited(AwaitedKind.TEXT, locale))


async def _take(message: Message, draft: Draft, awaited: Awaited, drafts: Drafts) -> Awaited | None:
    """Keep what was awaited; give what is awaited next.

    Raises:
        RefusedError: with the reason for the author.
        PersonalNumberError: an IIN or a phone is in it.
    """
    if awaited.locale is None:
        try:
            await drafts.choose_start(draft, read_start(message.text or "", drafts.now()))
        except StartError as error:
            raise RefusedError(wrong_start_text(error.problem)) from None
        return None
    if awaited.kind is AwaitedKind.BUTTON:
        await _take_button(message, draft, awaited.locale, drafts)
    else:
        await drafts.write(draft, awaited.locale, read_wording(message), message.message_id)
    return Awaited(AwaitedKind.TEXT, awaited.locale)


async def _take_button(message: Message, draft: Draft, locale: Locale, drafts: Drafts) -> None:
    wording = draft.wordings.by_locale.get(locale)
    if wording is not None and len(wording.buttons) >= MAX_BUTTONS:
        raise RefusedError(too_many_buttons_text())
    try:
        await drafts.add_button(draft, locale, read_button(message.text or ""))
    except WordingError:
        raise RefusedError(link_form_text()) from None


async def _refuse_number(message: Message) -> None:
    """Take a message with somebody's number out of the chat, as everywhere."""
    try:
        is_deleted = await message.delete()
    except TelegramAPIError:
        is_deleted = False
    await reply(message, refused_text(personal_number_text(is_deleted=is_deleted)))


def build_router() -> Router:
    """Take an author's messages before they can be read as a number or a question."""
    router = Router(name="operator_texts")
    router.message.register(take_message, ForDraft(), flags=only(Role.AUTHOR))
    router.edited_message.register(take_edit, OfDraft(), flags=only(Role.AUTHOR))
    return router
