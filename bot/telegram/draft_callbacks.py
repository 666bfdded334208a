"""Callback data of the buttons under a draft of a broadcast; they say what is to be."""

from enum import StrEnum
from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.domain.audience_choices import Facet
from bot.domain.locales import Locale

Number = Annotated[int, Field(ge=0, lt=2**31)]


class Page(StrEnum):
    """What the card of a draft shows."""

    MAIN = "m"
    PEOPLE = "w"
    LANGUAGES = "l"
    REGIONS = "g"
    STATUSES = "s"
    REASONS = "r"
    DAYS = "d"
    UNCERTAIN = "u"
    START = "t"
    SENDING = "h"
    CONFIRM = "c"
    DISCARD = "x"


class StartDraft(CallbackData, prefix="bd_new"):
    """A new draft."""


class StartFrom(CallbackData, prefix="bd_from"):
    """A new draft with the texts of a broadcast; a follow-up is for those it may have missed."""

    broadcast_id: Number
    is_follow_up: bool


class StartCorrection(CallbackData, prefix="bd_fix"):
    """A new draft for those with an answer of an origin, named by its mark."""

    mark: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class ContinueDraft(CallbackData, prefix="bd_go"):
    """A draft on a card of its own, the one before is out of date."""

    broadcast_id: Number


class OpenDraft(CallbackData, prefix="bd"):
    """A page of a draft."""

    broadcast_id: Number
    page: Page


class OpenWording(CallbackData, prefix="bd_text"):
    """The text in one language; the author's next message becomes it."""

    broadcast_id: Number
    locale: Locale


class AwaitButton(CallbackData, prefix="bd_link"):
    """The wish to add a button with a link by the next message."""

    broadcast_id: Number
    locale: Locale


class OpenGuides(CallbackData, prefix="bd_list"):
    """Guides to choose one for a button from, a page at a time."""

    broadcast_id: Number
    locale: Locale
    page: Annotated[int, Field(ge=0, le=99)]


class AddGuide(CallbackData, prefix="bd_guide"):
    """A button that opens a guide."""

    broadcast_id: Number
    locale: Locale
    slug: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,24}$")]


class ClearWording(CallbackData, prefix="bd_clear"):
    """A text or its buttons taken away."""

    broadcast_id: Number
    locale: Locale
    what: Literal["text", "buttons"]


class ChooseFallback(CallbackData, prefix="bd_other"):
    """The language for those in whose own there is no text; none lets a missing text block."""

    broadcast_id: Number
    locale: Locale | Literal[""]


class ChoosePeople(CallbackData, prefix="bd_who"):
    """A choice more or less for whom it is."""

    broadcast_id: Number
    facet: Facet
    value: Annotated[str, Field(max_length=24)]
    is_chosen: bool


class ChooseNow(CallbackData, prefix="bd_now"):
    """A start with the confirmation."""

    broadcast_id: Number


class ChooseHours(CallbackData, prefix="bd_hours"):
    """The hours in which it is sent; 0 and 0 for any."""

    broadcast_id: Number
    opens: Annotated[int, Field(ge=0, le=23)]
    closes: Annotated[int, Field(ge=0, le=23)]


class ChooseSending(CallbackData, prefix="bd_how"):
    """Rather twice than never, or paid, or not."""

    broadcast_id: Number
    what: Literal["twice", "paid"]
    is_on: bool


class ShowWording(CallbackData, prefix="bd_show"):
    """The message exactly as somebody with this language gets it."""

    broadcast_id: Number
    locale: Locale


class SendDraft(CallbackData, prefix="bd_send"):
    """The confirmation by an author who is a sender as well."""

    broadcast_id: Number


class HandOver(CallbackData, prefix="bd_hand"):
    """The confirmation by an author who is no sender: one of these decides."""

    broadcast_id: Number


class AskAgain(CallbackData, prefix="bd_again"):
    """The request for an approval once more."""

    broadcast_id: Number


class DiscardDraft(CallbackData, prefix="bd_drop"):
    """A draft that is not wanted any more."""

    broadcast_id: Number


class ApproveBroadcast(CallbackData, prefix="bd_yes"):
    """The approval of somebody else's broadcast."""

    broadcast_id: Number


class DeclineBroadcast(CallbackData, prefix="bd_no"):
    """Somebody else's broadcast given back as a draft."""

    broadcast_id: Number


ALL: tuple[type[CallbackData], ...] = (
    StartDraft,
    StartFrom,
    StartCorrection,
    ContinueDraft,
    OpenDraft,
    OpenWording,
    AwaitButton,
    OpenGuides,
    AddGuide,
    ClearWording,
    ChooseFallback,
    ChoosePeople,
    ChooseNow,
    ChooseHours,
    ChooseSending,
    ShowWording,
    SendDraft,
    HandOver,
    AskAgain,
    DiscardDraft,
    ApproveBroadcast,
    DeclineBroadcast,
)
