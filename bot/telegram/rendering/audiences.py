"""For whom a broadcast is, in words."""

from bot.domain.assessment import Status
from bot.domain.audience import Audience
from bot.domain.locales import Locale
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.values import day


def audience_text(audience: Audience) -> str:
    """Name everything that narrows an audience."""
    return "; ".join(_conditions(audience)) or _("everybody who agreed to the notice")


def _conditions(audience: Audience) -> list[str]:
    found = [*_of_people(audience), *_of_answers(audience)]
    if audience.rest_days:
        found.append(
            ngettext(
                "no broadcast in the last {number} day",
                "no broadcast in the last {number} days",
                audience.rest_days,
            ).format(number=audience.rest_days)
        )
    if audience.uncertain_of is not None:
        found.append(
            _("not known whether broadcast {number} reached them").format(
                number=audience.uncertain_of
            )
        )
    return found


def _of_people(audience: Audience) -> list[str]:
    found = []
    if audience.only:
        number = len(audience.only)
        found.append(
            ngettext("{number} chosen person", "{number} chosen people", number).format(
                number=number
            )
        )
    if audience.locales:
        found.append(", ".join(each.own_name for each in Locale if each in audience.locales))
    if audience.regions:
        # NOTE: two-digit codes of regions, "region 71, 75".
        found.append(_("region {codes}").format(codes=", ".join(sorted(audience.regions))))
    if audience.asked_since is not None:
        found.append(_("have asked since {day}").format(day=day(audience.asked_since)))
    return found


def _of_answers(audience: Audience) -> list[str]:
    found = []
    if audience.statuses:
        names = ", ".join(_status(each) for each in Status if each in audience.statuses)
        found.append(_("last answer: {statuses}").format(statuses=names))
    if audience.reasons:
        found.append(
            _("reason of the last answer: {codes}").format(
                codes=", ".join(sorted(audience.reasons))
            )
        )
    if audience.covered_until is not None:
        first, last = audience.covered_until
        found.append(
            _("insured until a day from {first} to {last}").format(first=day(first), last=day(last))
        )
    if audience.answered_from is not None:
        found.append(_("got an answer that is corrected by this"))
    return found


def _status(status: Status) -> str:
    return {
        Status.INSURED: _("insured"),
        Status.CONDITIONAL: _("insured conditionally"),
        Status.UNINSURED: _("not insured"),
        Status.OUTSIDE: _("outside the insurance system"),
        Status.UNKNOWN: _("no record"),
    }[status]
