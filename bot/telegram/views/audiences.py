"""The pages on which an author chooses for whom a broadcast is."""

from collections.abc import Iterable, Mapping, Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.assessment import Status
from bot.domain.audience import Audience
from bot.domain.audience_choices import ACTIVE_DAYS, ENDING_DAYS, REST_DAYS, Facet
from bot.domain.broadcasts import BroadcastId
from bot.domain.locales import Locale
from bot.domain.regions import REGIONS
from bot.storage.drafts import Draft
from bot.telegram.draft_callbacks import ChoosePeople, Page
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import Row, button, in_rows
from bot.telegram.rendering.audiences import (
    REASONS,
    active_label,
    ending_label,
    people_text,
    reason_name,
    rest_label,
    status_name,
)
from bot.telegram.rendering.drafts import all_reached_text, last_answer_text, people_page_text
from bot.telegram.rendering.regions import region_name
from bot.telegram.screens import Screen
from bot.telegram.views.drafts import back_to_main, marked, to_page

# Which page a choice is made on.
PAGES: Mapping[Facet, Page] = {
    Facet.LOCALE: Page.LANGUAGES,
    Facet.REGION: Page.REGIONS,
    Facet.STATUS: Page.STATUSES,
    Facet.REASON: Page.REASONS,
    Facet.ENDING: Page.DAYS,
    Facet.ACTIVE: Page.DAYS,
    Facet.REST: Page.DAYS,
    Facet.UNCERTAIN: Page.UNCERTAIN,
    Facet.EVERYBODY: Page.PEOPLE,
    Facet.MYSELF: Page.PEOPLE,
}


def people_screen(
    draft: Draft,
    counts: Mapping[Locale, int],
    page: Page,
    uncertain: Sequence[tuple[BroadcastId, int]],
) -> Screen:
    """Show a page of choices, with the count of this moment on each."""
    rows = _PAGES[page](draft) if page in _PAGES else _uncertain(draft, uncertain)
    if page is Page.PEOPLE:
        last = back_to_main(draft)
    else:
        last = to_page(_("Back to the audience"), draft, Page.PEOPLE)
    hint = last_answer_text() if rows else all_reached_text()
    return Screen(
        people_page_text(draft, counts, hint), InlineKeyboardMarkup(inline_keyboard=[*rows, [last]])
    )


def _people(draft: Draft) -> list[Row]:
    audience = draft.audience
    pages = [
        to_page(marked(label, is_chosen=is_chosen), draft, page)
        for label, page, is_chosen in (
            (_("Language"), Page.LANGUAGES, bool(audience.locales)),
            (_("Region"), Page.REGIONS, bool(audience.regions)),
            (_("Status"), Page.STATUSES, bool(audience.statuses)),
            (_("Reason"), Page.REASONS, bool(audience.reasons)),
            (_("Days"), Page.DAYS, _asks_for_days(audience)),
            (_("May not have reached"), Page.UNCERTAIN, audience.uncertain_of is not None),
        )
    ]
    only_me = _choice(draft, Facet.MYSELF, "", bool(audience.only), _("Only me: a test"))
    everybody = ChoosePeople(broadcast_id=draft.id, facet=Facet.EVERYBODY, value="", is_chosen=True)
    return [*in_rows(pages, 2), [button(_("Everybody"), everybody), only_me]]


def _asks_for_days(audience: Audience) -> bool:
    return bool(audience.covered_until or audience.asked_since or audience.rest_days)


def _languages(draft: Draft) -> list[Row]:
    chosen = draft.audience.locales
    return [[_choice(draft, Facet.LOCALE, e.value, e in chosen, e.own_name)] for e in Locale]


def _regions(draft: Draft) -> list[Row]:
    chosen = draft.audience.regions
    return in_rows(
        (_choice(draft, Facet.REGION, e, e in chosen, region_name(e)) for e in REGIONS), 2
    )


def _statuses(draft: Draft) -> list[Row]:
    chosen = draft.audience.statuses
    return [[_choice(draft, Facet.STATUS, e.value, e in chosen, status_name(e))] for e in Status]


def _reasons(draft: Draft) -> list[Row]:
    chosen = draft.audience.reasons
    return [[_choice(draft, Facet.REASON, e.value, e in chosen, reason_name(e))] for e in REASONS]


def _days(draft: Draft) -> list[Row]:
    audience = draft.audience
    ending = audience.covered_until
    chosen = {
        Facet.ENDING: (ending[1] - ending[0]).days if ending else 0,
        Facet.REST: audience.rest_days,
    }
    labels = (
        (Facet.ENDING, ENDING_DAYS, ending_label),
        (Facet.ACTIVE, ACTIVE_DAYS, active_label),
        (Facet.REST, REST_DAYS, rest_label),
    )
    buttons = [
        _choice(draft, facet, str(days), chosen.get(facet) == days, label(days))
        for facet, offered, label in labels
        for days in offered
    ]
    if audience.asked_since is not None:
        label = _("Whenever they asked")
        buttons.insert(len(ENDING_DAYS), _choice(draft, Facet.ACTIVE, "0", True, label))
    return [[each] for each in buttons]


def _uncertain(draft: Draft, found: Iterable[tuple[BroadcastId, int]]) -> list[Row]:
    rows = []
    for number, people in found:
        # NOTE: those of whom nobody knows whether this broadcast reached them.
        label = _("Broadcast {number}, uncertain: {people}").format(
            number=number, people=people_text(people)
        )
        is_chosen = draft.audience.uncertain_of == number
        rows.append([_choice(draft, Facet.UNCERTAIN, str(number), is_chosen, label)])
    return rows


_PAGES = {
    Page.PEOPLE: _people,
    Page.LANGUAGES: _languages,
    Page.REGIONS: _regions,
    Page.STATUSES: _statuses,
    Page.REASONS: _reasons,
    Page.DAYS: _days,
}


def _choice(
    draft: Draft, facet: Facet, value: str, is_chosen: bool, label: str
) -> InlineKeyboardButton:
    """Offer a choice; pressed, one that is chosen is chosen no more."""
    data = ChoosePeople(broadcast_id=draft.id, facet=facet, value=value, is_chosen=not is_chosen)
    return button(marked(label, is_chosen=is_chosen), data)
