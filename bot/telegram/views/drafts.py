"""The pages of the card on which a broadcast is written."""

from collections.abc import Mapping, Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.content.guides import Guides
from bot.domain.broadcasts import BroadcastId
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.locales import Locale
from bot.domain.wording import MAX_BUTTONS
from bot.services.drafts import mark_of
from bot.storage.drafts import Draft, GivenFrom
from bot.telegram.draft_callbacks import (
    AddGuide,
    AwaitButton,
    ChooseFallback,
    ChooseHours,
    ChooseNow,
    ChooseSending,
    ClearWording,
    ContinueDraft,
    DiscardDraft,
    HandOver,
    OpenDraft,
    OpenGuides,
    OpenWording,
    Page,
    SendDraft,
    ShowWording,
    StartCorrection,
    StartDraft,
    StartFrom,
)
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import Row, button, in_rows
from bot.telegram.rendering.approvals import waits_text
from bot.telegram.rendering.audiences import origin_name, people_text
from bot.telegram.rendering.drafts import (
    confirm_text,
    discard_text,
    draft_name,
    draft_text,
    drafts_text,
    guides_text,
    link_text,
    origins_text,
    sending_text,
    start_text,
    wording_text,
)
from bot.telegram.screens import Screen

_GUIDES_A_PAGE = 8
_HOURS = ((9, 21), (10, 20), (9, 18))
Counts = Mapping[Locale, int]


def main_screen(draft: Draft, counts: Counts) -> Screen:
    languages = [
        button(
            marked(locale.own_name, is_chosen=locale in draft.wordings.by_locale),
            OpenWording(broadcast_id=draft.id, locale=locale),
        )
        for locale in Locale
    ]
    rows = [
        languages,
        [to_page(_("For whom"), draft, Page.PEOPLE), to_page(_("When"), draft, Page.START)],
        [to_page(_("How it is sent"), draft, Page.SENDING)],
        [to_page(_("Check and send"), draft, Page.CONFIRM)],
        [to_page(_("Throw away"), draft, Page.DISCARD)],
    ]
    return _screen(draft_text(draft, counts), rows)


def awaited_screen(draft: Draft, awaited: Awaited) -> Screen:
    """Show the page that asks for the author's next message."""
    if awaited.locale is None:
        return start_screen(draft)
    if awaited.kind is AwaitedKind.BUTTON:
        back = button(_("Back"), OpenWording(broadcast_id=draft.id, locale=awaited.locale))
        return _screen(link_text(awaited.locale), [[back]])
    return wording_screen(draft, awaited.locale)


def wording_screen(draft: Draft, locale: Locale) -> Screen:
    wording, number = draft.wordings.by_locale.get(locale), draft.id
    rows: list[Row] = []
    if draft.wordings.of(locale) is not None:
        rows.append([button(_("Show me"), ShowWording(broadcast_id=number, locale=locale))])
    if wording is not None:
        if len(wording.buttons) < MAX_BUTTONS:
            link = AwaitButton(broadcast_id=number, locale=locale)
            guide = OpenGuides(broadcast_id=number, locale=locale, page=0)
            rows.append([button(_("Add a link"), link), button(_("Add a guide"), guide)])
        if wording.buttons:
            clear = ClearWording(broadcast_id=number, locale=locale, what="buttons")
            rows.append([button(_("Remove the buttons"), clear)])
        clear = ClearWording(broadcast_id=number, locale=locale, what="text")
        is_fallback = draft.wordings.fallback is locale
        other = ChooseFallback(broadcast_id=number, locale="" if is_fallback else locale)
        label = _("Also for languages without a text")
        rows += [
            [button(marked(label, is_chosen=is_fallback), other)],
            [button(_("Erase the text"), clear)],
        ]
    rows.append([back_to_main(draft)])
    return _screen(wording_text(draft, locale), rows)


def guides_screen(draft: Draft, locale: Locale, page: int, guides: Guides) -> Screen | None:
    """List guides for a button; None for a page that is not there."""
    titles = sorted((by[current_locale()].title, slug) for slug, by in guides.items())
    shown = titles[page * _GUIDES_A_PAGE : (page + 1) * _GUIDES_A_PAGE]
    if not shown:
        return None
    rows = [
        [button(title, AddGuide(broadcast_id=draft.id, locale=locale, slug=slug))]
        for title, slug in shown
    ]
    turn = []
    if page:
        turn.append(_guides_button(_("Previous"), draft, locale, page - 1))
    if (page + 1) * _GUIDES_A_PAGE < len(titles):
        turn.append(_guides_button(_("Next"), draft, locale, page + 1))
    back = button(_("Back"), OpenWording(broadcast_id=draft.id, locale=locale))
    return _screen(guides_text(locale), [*rows, turn, [back]])


def start_screen(draft: Draft) -> Screen:
    now = button(marked(_("At once"), is_chosen=draft.is_at_once), ChooseNow(broadcast_id=draft.id))
    hours = draft.broadcast.choices.hours
    spans = [(0, 0), *_HOURS]
    chosen = (hours.opens.hour, hours.closes.hour) if hours else (0, 0)
    buttons = [
        button(
            marked(
                f"{opens:02}:00–{closes:02}:00" if closes else _("At any hour"),
                is_chosen=(opens, closes) == chosen,
            ),
            ChooseHours(broadcast_id=draft.id, opens=opens, closes=closes),
        )
        for opens, closes in spans
    ]
    return _screen(start_text(draft), [[now], *in_rows(buttons, 2), [back_to_main(draft)]])


def sending_screen(draft: Draft, counts: Counts) -> Screen:
    choices = draft.broadcast.choices
    twice = ChooseSending(broadcast_id=draft.id, what="twice", is_on=not choices.rather_twice)
    paid = ChooseSending(broadcast_id=draft.id, what="paid", is_on=not choices.is_paid)
    rows = [
        [button(marked(_("Rather twice than never"), is_chosen=choices.rather_twice), twice)],
        [button(marked(_("Paid"), is_chosen=choices.is_paid), paid)],
        [back_to_main(draft)],
    ]
    return _screen(sending_text(counts), rows)


def confirm_screen(
    draft: Draft,
    counts: Counts,
    obstacles: Sequence[str],
    *,
    is_sender: bool,
    needs_approval: bool,
) -> Screen:
    """Show the last page; while something is in the way there is no button to send."""
    rows: list[Row] = [
        [
            button(
                _("Show me: {name}").format(name=locale.own_name),
                ShowWording(broadcast_id=draft.id, locale=locale),
            )
        ]
        for locale in Locale
        if draft.wordings.of(locale) is not None and counts.get(locale)
    ]
    notes = [*obstacles, *([waits_text()] if needs_approval else [])]
    if not obstacles:
        text = _("Ask for approval: {people}") if needs_approval else _("Send: {people}")
        send = SendDraft if is_sender else HandOver
        label = text.format(people=people_text(sum(counts.values())))
        rows.append([button(label, send(broadcast_id=draft.id))])
    return _screen(confirm_text(draft, counts, notes), [*rows, [back_to_main(draft)]])


def discard_screen(draft: Draft) -> Screen:
    drop = button(_("Yes, throw it away"), DiscardDraft(broadcast_id=draft.id))
    return _screen(discard_text(draft), [[drop], [back_to_main(draft)]])


def drafts_screen(drafts: Sequence[Draft], uncertain: Sequence[tuple[BroadcastId, int]]) -> Screen:
    """Offer drafts to go on with, and broadcasts that may not have reached some."""
    rows = [[button(draft_name(each), ContinueDraft(broadcast_id=each.id))] for each in drafts]
    for number, people in uncertain:
        # NOTE: a new broadcast to those of whom nobody knows whether they got the first one.
        text = _("Follow up broadcast {number}: {people}")
        label = text.format(number=number, people=people_text(people))
        rows.append([button(label, StartFrom(broadcast_id=number, is_follow_up=True))])
    return _screen(drafts_text(), [*rows, [button(_("New broadcast"), StartDraft())]])


def origins_screen(found: Sequence[GivenFrom]) -> Screen:
    rows = [
        [button(f"{origin_name(each.origin)}: {people_text(each.people)}", _correction(each))]
        for each in found
    ]
    return _screen(origins_text(found), rows)


def marked(label: str, *, is_chosen: bool) -> str:
    """Mark what is chosen; the label alone says what it is."""
    return f"✓ {label}" if is_chosen else label


def to_page(label: str, draft: Draft, page: Page) -> InlineKeyboardButton:
    return button(label, OpenDraft(broadcast_id=draft.id, page=page))


def back_to_main(draft: Draft) -> InlineKeyboardButton:
    return to_page(_("Back to the draft"), draft, Page.MAIN)


def _correction(given: GivenFrom) -> StartCorrection:
    return StartCorrection(mark=mark_of(given.origin))


def _guides_button(label: str, draft: Draft, locale: Locale, page: int) -> InlineKeyboardButton:
    return button(label, OpenGuides(broadcast_id=draft.id, locale=locale, page=page))


def _screen(text: str, rows: Sequence[Row]) -> Screen:
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=[row for row in rows if row]))
