"""The words and numbers of the report's picture."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.broadcasts import KAZAKHSTAN, DeliveryState
from bot.domain.locales import Locale
from bot.services.control import Report
from bot.storage.reports import Group
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.pictures.report_sheet import LanguageBar, Moment, Sheet
from bot.telegram.rendering.broadcasts import (
    about_text,
    fate_name,
    headline,
    percent,
)
from bot.telegram.rendering.values import number_text, plain_text

# In the order of the bars; what is on its way counts as still to be sent.
_FATES = (
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.UNREACHABLE,
    DeliveryState.UNCERTAIN,
    DeliveryState.PENDING,
)
_OVER = _FATES[:-1]
_HOUR_MINUTES = 60
_STEPS_MINUTES = (1, 5, 15, _HOUR_MINUTES, 6 * _HOUR_MINUTES, 24 * _HOUR_MINUTES)
_MOST_MOMENTS = 48


def report_sheet(report: Report) -> Sheet:
    """Sum the groups up by language and by time, in the current locale."""
    step, moments = _moments(report.groups)
    return Sheet(
        title=plain_text(headline(report.overview)),
        subtitle=about_text(report.overview.broadcast),
        fates=tuple(fate_name(fate) for fate in _FATES),
        by_language=_("By language"),
        languages=_languages(report.groups),
        over_time=_step_text(step),
        moments=moments,
    )


def _step_text(minutes: int) -> str:
    """Say what each column counts."""
    hours = minutes // _HOUR_MINUTES
    if hours:
        text = ngettext("How many in {number} hour", "How many in {number} hours", hours)
        return text.format(number=hours)
    text = ngettext("How many in {number} minute", "How many in {number} minutes", minutes)
    return text.format(number=minutes)


def _languages(groups: Sequence[Group]) -> tuple[LanguageBar, ...]:
    counts: Counter[tuple[Locale, DeliveryState]] = Counter()
    for group in groups:
        counts[group.locale, _fate(group)] += group.people
    bars = []
    for locale in Locale:
        numbers = tuple(counts[locale, fate] for fate in _FATES)
        people = sum(numbers)
        if people:
            text = _("{sent} of {all} ({percent})").format(
                sent=number_text(numbers[0]),
                all=number_text(people),
                percent=percent(numbers[0] / people),
            )
            bars.append(LanguageBar(locale.own_name, numbers, text))
    return tuple(bars)


def _moments(groups: Sequence[Group]) -> tuple[int, tuple[Moment, ...]]:
    """Sum up what is over, in steps of so many minutes, those without anything among them."""
    counts: Counter[tuple[datetime, DeliveryState]] = Counter()
    for group in groups:
        if group.state in _OVER:
            counts[group.minute, group.state] += group.people
    if not counts:
        return 1, ()
    first, last = min(at for at, _ in counts), max(at for at, _ in counts)
    minutes = (last - first) / timedelta(minutes=1)
    step = next(
        (each for each in _STEPS_MINUTES if minutes / each < _MOST_MOMENTS), _STEPS_MINUTES[-1]
    )
    summed: Counter[tuple[datetime, DeliveryState]] = Counter()
    for (at, state), people in counts.items():
        summed[_begin(at, step), state] += people
    moments = []
    at, is_long = _begin(first, step), step >= _STEPS_MINUTES[-1]
    while at <= last:
        numbers = tuple(summed[at, fate] for fate in _OVER)
        moments.append(Moment(f"{at:%d.%m}" if is_long else f"{at:%H:%M}", numbers))
        at += timedelta(minutes=step)
    return step, tuple(moments)


def _begin(at: datetime, step: int) -> datetime:
    """Give when the step of so many minutes begins, by the clocks of Kazakhstan."""
    local = at.astimezone(KAZAKHSTAN)
    midnight = local.replace(hour=0, minute=0)
    return midnight + (local - midnight) // timedelta(minutes=step) * timedelta(minutes=step)


def _fate(group: Group) -> DeliveryState:
    return DeliveryState.PENDING if group.state is DeliveryState.SENDING else group.state
