"""Callback data of every button: ids only, so that a button works for ever or says it is stale."""

from datetime import date
from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from bot.content.letters import LetterLanguage
from bot.content.services import ServiceKind
from bot.domain.changes import Change
from bot.domain.inbox import Rating
from bot.domain.locales import Locale
from bot.domain.person import Payer

# A guide is reached from an answer, from what a question found, from the questions without an IIN,
# or from the menu. Its ``origin`` leads back: the id of the answer, one of these marks with the
# codes or letters of the other view, or nothing. No answer's id begins with such a mark.
FOUND, SCREENED = "=", "~"


def answer_of(view: CallbackData) -> str:
    """Give the id of the answer that a view belongs to, or nothing."""
    origin = str(getattr(view, "answer_id", "") or getattr(view, "origin", ""))
    return "" if origin.startswith((FOUND, SCREENED)) else origin


_ANSWER_ID = r"[A-Za-z0-9_-]{22}"
_CODES = r"(?:[gs][0-9a-f]{6}(?:\.[gs][0-9a-f]{6}){0,2})?"
Origin = Annotated[
    str, Field(pattern=rf"^(?:{_ANSWER_ID}|{FOUND}{_CODES}|{SCREENED}[A-Za-z]{{0,12}})?$")
]
# The paid ways, and the months that are due soon.
PayableWay = Literal["gaps", "ahead", "cheapest", "due"]


class OpenWelcome(CallbackData, prefix="s"):
    """The privacy notice."""


class OpenMenu(CallbackData, prefix="m"):
    """The main menu."""


class OpenAnswer(CallbackData, prefix="a"):
    """An answer given before, from today's data."""

    answer_id: str


class OpenWhy(CallbackData, prefix="y"):
    """The conditions behind an answer."""

    answer_id: str


class OpenWays(CallbackData, prefix="w"):
    """The ways back of an answer."""

    answer_id: str


class OpenCalendar(CallbackData, prefix="C"):
    """The picture of an answer's months."""

    answer_id: str


class OpenOutlook(CallbackData, prefix="o"):
    """The next twelve months of an answer if something changes.

    *number* is a month or a count of months, 0 for the usual one.
    """

    answer_id: str
    change: Change
    number: int


class StartPayments(CallbackData, prefix="P"):
    """The wish for the payment card of a paid way, in a message of its own."""

    answer_id: str
    way: PayableWay


class OpenPayments(CallbackData, prefix="x"):
    """A payment card; *ticks* are the paid months as bits of a hexadecimal number, from *first*."""

    answer_id: str
    way: PayableWay
    first: Annotated[int, Field(ge=0, le=99_999)]
    ticks: Annotated[str, Field(pattern=r"^[0-9a-f]{1,9}$")]


class SetReminder(CallbackData, prefix="rs"):
    """The reminder for the record of an answer, switched on or off."""

    answer_id: str
    is_on: bool


class OpenReminded(CallbackData, prefix="ro"):
    """A fresh answer for the record of a reminder."""

    reminder_id: str


class OpenReminders(CallbackData, prefix="rl"):
    """The list of reminders."""


class StopReminder(CallbackData, prefix="rx"):
    """A reminder switched off, from its own message or from the list."""

    reminder_id: str


class SetBroadcasts(CallbackData, prefix="om"):
    """Messages of operators by themselves, wanted or not."""

    are_wanted: bool


class OpenTopics(CallbackData, prefix="G"):
    """The topics of the guides; the guides for an answer come first."""

    origin: Origin


class OpenTopic(CallbackData, prefix="t"):
    """The guides of one topic."""

    topic: str
    origin: Origin


class OpenGuide(CallbackData, prefix="g"):
    """One guide."""

    slug: str
    origin: Origin


class OpenLetter(CallbackData, prefix="L"):
    """A ready letter in the language of the office, from the n-th of the guides that offer it."""

    slug: str
    guide: Annotated[int, Field(ge=0, le=9)]
    language: LetterLanguage
    origin: Origin


class SendLetter(CallbackData, prefix="D"):
    """The wish for a letter as a document."""

    slug: str
    guide: Annotated[int, Field(ge=0, le=9)]
    language: LetterLanguage
    origin: Origin


class OpenFound(CallbackData, prefix="S"):
    """What a question found: short codes of guides and services, joined by dots."""

    codes: Annotated[str, Field(pattern=rf"^{_CODES}$")]


class OpenServices(CallbackData, prefix="v"):
    """The groups of medical services."""


class OpenServiceGroup(CallbackData, prefix="V"):
    """The services of one group, a page at a time."""

    kind: ServiceKind
    page: Annotated[int, Field(ge=0, le=99)]


class OpenService(CallbackData, prefix="e"):
    """One medical service: free, insured or to be asked about."""

    key: str
    origin: Origin


class OpenScreener(CallbackData, prefix="q"):
    """The questions instead of an IIN; one letter for each question answered so far."""

    given: str


class OpenCalculator(CallbackData, prefix="k"):
    """The calculator, without a payer the choice of one; year 0 is the current year.

    *incomes* are whole tenge a month, one a job, joined by dashes; the last may still be empty.
    *is_counted* tells the result from the typing.
    """

    payer: Payer | Literal[""]
    year: Annotated[int, Field(ge=0, le=date.max.year)]
    incomes: str
    is_counted: bool = False


class ChooseLocale(CallbackData, prefix="l", sep="|"):
    """The same view in another language; *view* is the packed callback data of the view."""

    locale: Locale
    view: str


class GiveConsent(CallbackData, prefix="c"):
    """Agreement to the privacy notice of a version."""

    version: int


class AskPerson(CallbackData, prefix="i"):
    """The wish to talk with an operator, in a message of its own."""


class OpenInbox(CallbackData, prefix="I"):
    """What it means to ask a person, or that a conversation goes on."""


class BeginConversation(CallbackData, prefix="b"):
    """The confirmed wish to talk with an operator."""


class EndConversation(CallbackData, prefix="E"):
    """The resident's wish to end a conversation."""

    conversation_id: Annotated[int, Field(gt=0, lt=2**31)]


class RateConversation(CallbackData, prefix="r"):
    """What the resident says of a conversation; a later press counts instead."""

    conversation_id: Annotated[int, Field(gt=0, lt=2**31)]
    rating: Rating


class ProvePhone(CallbackData, prefix="p"):
    """The wish to see what only the owner of the record may see."""


class AskExport(CallbackData, prefix="j"):
    """The wish to have everything the bot keeps, to be confirmed."""


class SendExport(CallbackData, prefix="J"):
    """The confirmed wish to have everything the bot keeps."""


class AskForget(CallbackData, prefix="f"):
    """The wish to be forgotten, to be confirmed."""


class Forget(CallbackData, prefix="F"):
    """The confirmed wish to be forgotten."""
