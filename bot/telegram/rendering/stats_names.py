"""What operators call what is counted."""

from collections.abc import Callable, Mapping

from bot.domain.assessment import Status
from bot.domain.locales import Locale
from bot.domain.regions import REGIONS
from bot.domain.stats import Kind, Topic
from bot.telegram.i18n import gettext as _
from bot.telegram.last_views import View
from bot.telegram.rendering.audiences import REASONS, reason_name, status_name
from bot.telegram.rendering.regions import region_name


def topic_name(topic: Topic) -> str:
    return {
        Topic.ANSWERS: _("Answers"),
        Topic.REASONS: _("Reasons"),
        Topic.REGIONS: _("Regions"),
        Topic.LAST_VIEWS: _("Where people leave"),
        Topic.SEARCH: _("Search"),
        Topic.DELIVERY: _("Delivery"),
        Topic.PEOPLE: _("People"),
        Topic.REFUSED: _("Refused"),
        Topic.REGISTER: _("Register"),
    }[topic]


def label_name(kind: Kind, label: str) -> str:
    """Name a group; a code without a name stands for itself."""
    names = _NAMES.get(kind)
    return names().get(label, label) if names else label


def _statuses() -> Mapping[str, str]:
    return {status.value: status_name(status) for status in Status}


def _reasons() -> Mapping[str, str]:
    names = {code.value: reason_name(code) for code in REASONS}
    return {**names, "none": _("without a reason")}


def _regions() -> Mapping[str, str]:
    names = {code: region_name(code) for code in REGIONS}
    return {**names, "none": _("without a region")}


def _views() -> Mapping[str, str]:
    return {
        View.ANSWER: _("the answer"),
        View.WHY: _("why"),
        View.WAYS: _("ways back"),
        View.CALENDAR: _("the calendar"),
        View.OUTLOOK: _("what if"),
        View.PAYMENTS: _("the payment card"),
        View.TOPICS: _("the list of guides"),
        View.GUIDE: _("a guide"),
        View.LETTER: _("a letter"),
        View.FOUND: _("what a question found"),
        View.SERVICES: _("medical services"),
        View.SCREENER: _("questions without an IIN"),
        View.CALCULATOR: _("the calculator"),
        View.MENU: _("the menu"),
        View.PRIVACY: _("the privacy notice"),
        View.PHONE: _("the proof of the phone"),
        View.WRONG_NUMBER: _("a wrong number"),
        View.NOT_UNDERSTOOD: _("not understood"),
    }


def _refusals() -> Mapping[str, str]:
    return {
        "day": _("too many people in a day"),
        "misses": _("too many unknown numbers"),
        "guessing": _("while numbers are guessed"),
        "wrong_number": _("no IIN"),
    }


def _deliveries() -> Mapping[str, str]:
    return {
        "sent": _("sent"),
        "failed": _("failed"),
        "unreachable": _("unreachable"),
        "uncertain": _("uncertain"),
    }


def _locales() -> Mapping[str, str]:
    return {locale.value: locale.own_name for locale in Locale}


def _searches() -> Mapping[str, str]:
    return {
        f"{locale.value}.{found}": f"{locale.own_name}: {name}"
        for locale in Locale
        for found, name in (("found", _("something fits")), ("missed", _("nothing fits")))
    }


_NAMES: Mapping[Kind, Callable[[], Mapping[str, str]]] = {
    Kind.ANSWERS: _statuses,
    Kind.REASONS: _reasons,
    Kind.REGIONS: _regions,
    Kind.LANGUAGES: _locales,
    Kind.NOT_FOUND: lambda: {"all": _("not in the register")},
    Kind.REFUSED: _refusals,
    Kind.LAST_VIEWS: _views,
    Kind.SEARCHES: _searches,
    Kind.REPLIES: _deliveries,
    Kind.BROADCASTS: _deliveries,
    Kind.NEWCOMERS: _locales,
    Kind.LEAVERS: _locales,
}


def kind_name(kind: Kind) -> str:
    return {
        Kind.ANSWERS: _("Answers"),
        Kind.REASONS: _("Reasons of those not insured"),
        Kind.REGIONS: _("Regions of those asked about"),
        Kind.LANGUAGES: _("Languages of those who ask"),
        Kind.NOT_FOUND: _("Numbers not in the register"),
        Kind.REFUSED: _("Numbers not looked up"),
        Kind.LAST_VIEWS: _("Last view before an hour of silence"),
        Kind.SEARCHES: _("Questions in words"),
        Kind.REPLIES: _("Replies"),
        Kind.BROADCASTS: _("Broadcasts"),
        Kind.NEWCOMERS: _("New people"),
        Kind.LEAVERS: _("Blocked the bot"),
        Kind.REGISTER: _("Age of the register's data"),
    }[kind]
