"""Whom a broadcast is for, in words."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.domain.assessment import ReasonCode, Status
from bot.domain.audience import Audience, Origin
from bot.domain.locales import Locale
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.regions import region_name
from bot.telegram.rendering.values import day, number_text

# The name of the file of a generation; two of one day differ by the code.
_GENERATION = re.compile(r"(\d{4}-\d{2}-\d{2})-([0-9a-f]{8})\.sqlite")


def status_name(status: Status) -> str:
    match status:
        case Status.INSURED:
            return _("insured")
        case Status.CONDITIONAL:
            return _("insured conditionally")
        case Status.UNINSURED:
            return _("not insured")
        case Status.OUTSIDE:
            return _("outside the insurance system")
        case Status.UNKNOWN:
            return _("no record")


def reason_name(code: ReasonCode) -> str:
    """Name a reason in a few words, for a button."""
    return _REASONS[code]()


# Those that an answer may state; the others are only asked about.
_REASONS: Mapping[ReasonCode, Callable[[], str]] = {
    ReasonCode.PREPAID_NEXT_MONTH: lambda: _("paid ahead from the next month"),
    ReasonCode.ONE_SUM: lambda: _("several months paid as one sum"),
    ReasonCode.WRONG_YEAR: lambda: _("paid for the wrong year"),
    ReasonCode.WRONG_DETAILS: lambda: _("wrong payment details"),
    ReasonCode.EMPLOYER_DELAY: lambda: _("the employer is late"),
    ReasonCode.EMPLOYER_DEBT: lambda: _("the employer has not paid"),
    ReasonCode.IP_ACTIVE_DEBT: lambda: _("own business not paid for"),
    ReasonCode.GPH_NOT_PAID: lambda: _("contract not paid for"),
    ReasonCode.SELF_EMPLOYED_PLATFORM: lambda: _("platform work not paid for"),
    ReasonCode.JUST_HIRED_DEBT: lambda: _("holes before a new job"),
    ReasonCode.JOB_LOST: lambda: _("the job ended"),
    ReasonCode.IP_CLOSED_GAP: lambda: _("the business was closed"),
    ReasonCode.TURNED_18: lambda: _("turned 18"),
    ReasonCode.GRADUATED: lambda: _("study ended"),
    ReasonCode.CHILD_3: lambda: _("the child turned three"),
    ReasonCode.LEAVE_ENDED: lambda: _("the leave ended"),
    ReasonCode.UNEMPLOYED_REMOVED: lambda: _("no longer registered as unemployed"),
    ReasonCode.CATEGORY_DATA_MISSING: lambda: _("the category ended in the data"),
    ReasonCode.ARRIVED: lambda: _("arrived and never paid"),
    ReasonCode.GRACE_OVER: lambda: _("the time after the last payment is over"),
    ReasonCode.NO_PAY_12M: lambda: _("no payment for 12 months"),
    ReasonCode.GAP: lambda: _("holes in the last 12 months"),
    ReasonCode.DE_NOT_CONFIRMED: lambda: _("level D or E not confirmed"),
    ReasonCode.FOREIGN_TEMP: lambda: _("stays in the country temporarily"),
}
REASONS = tuple(_REASONS)


def audience_lines(audience: Audience) -> list[str]:
    """Say for whom it is, a line for each thing that narrows it."""
    lines: list[str] = []
    if audience.answered_from is not None:
        lines.append(
            _("A correction, as a reply to the last answer by: {origin}").format(
                origin=origin_name(audience.answered_from)
            )
        )
    if audience.only:
        number = len(audience.only)
        lines.append(
            ngettext("{number} chosen person", "{number} chosen people", number).format(
                number=number
            )
        )
    for line, names in (
        (_("Language: {names}").format, [e.own_name for e in Locale if e in audience.locales]),
        (_("Region: {names}").format, [region_name(code) for code in sorted(audience.regions)]),
        (
            _("Last answer: {names}").format,
            [status_name(s) for s in Status if s in audience.statuses],
        ),
        (_("Reason: {names}").format, [reason_name(r) for r in REASONS if r in audience.reasons]),
    ):
        if names:
            lines.append(line(names=", ".join(names)))
    if audience.covered_until is not None:
        first, last = audience.covered_until
        lines.append(
            _("Cover ends between {first} and {last}").format(first=day(first), last=day(last))
        )
    if audience.asked_since is not None:
        lines.append(_("Asked about somebody since {day}").format(day=day(audience.asked_since)))
    if audience.rest_days:
        lines.append(rest_label(audience.rest_days))
    if audience.uncertain_of is not None:
        lines.append(
            _("Those whom broadcast {number} may not have reached").format(
                number=audience.uncertain_of
            )
        )
    return lines or [_("Everybody who agreed to the privacy notice and can be reached")]


def origin_name(origin: Origin) -> str:
    if origin.rules_version is not None:
        return _("rules {name}").format(name=origin.rules_version)
    name = origin.generation or ""
    if (found := _GENERATION.fullmatch(name)) is None:
        return _("register {name}").format(name=name)
    as_of, code = found.groups()
    return _("register of {day} ({code})").format(day=day(date.fromisoformat(as_of)), code=code)


def ending_label(days: int) -> str:
    return ngettext(
        "Cover ends within {number} day", "Cover ends within {number} days", days
    ).format(number=days)


def active_label(days: int) -> str:
    return ngettext(
        "Asked in the last {number} day", "Asked in the last {number} days", days
    ).format(number=days)


def rest_label(days: int) -> str:
    return ngettext(
        "Got no broadcast for {number} day", "Got no broadcast for {number} days", days
    ).format(number=days)


def counts_line(counts: Mapping[Locale, int]) -> str:
    """Write how many people there are, and of which languages."""
    total = sum(counts.values())
    parts = [f"{each.own_name} {number_text(counts[each])}" for each in Locale if counts.get(each)]
    people = people_text(total)
    return f"{people} ({', '.join(parts)})" if parts else people


def people_text(number: int) -> str:
    return ngettext("{amount} person", "{amount} people", number).format(amount=number_text(number))
