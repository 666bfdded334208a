"""What the picture of a topic shows, in words and numbers."""

from collections.abc import Sequence

from bot.domain.locales import Locale
from bot.domain.stats import FEWEST, KINDS, Kind, Series, Shown, Topic
from bot.telegram.i18n import gettext as _
from bot.telegram.pictures.stats import Bars, Chart, Columns, Row, Stack
from bot.telegram.rendering.stats import (
    Figures,
    age_of,
    few_name,
    other_name,
    period_name,
    share_text,
)
from bot.telegram.rendering.stats_names import kind_name, label_name, topic_name
from bot.telegram.rendering.values import number_text

_STATUSES = ("uninsured", "conditional", "insured", "outside", "unknown")
_DELIVERIES = ("sent", "failed", "unreachable", "uncertain")
_MOST_ROWS = 12


def stats_chart(topic: Topic, figures: Figures, days: int) -> Chart:
    """Lay the picture of a topic out."""
    first, *more = [figures[kind].last(days) for kind in KINDS[topic]]
    kind = KINDS[topic][0]
    body: Columns | Bars
    match topic:
        case Topic.ANSWERS:
            body = _columns(first, _stacks(kind, first, _STATUSES))
        case Topic.PEOPLE:
            came = Stack(kind_name(kind), _totals(first))
            left = Stack(kind_name(Kind.LEAVERS), _totals(more[0]))
            body = _columns(first, (came,), (left,))
        case Topic.REGISTER:
            # NOTE: days that the register's data are old.
            ages = Stack(_("age in days"), tuple(age or 0 for age in age_of(first)))
            body = _columns(first, (ages,))
        case Topic.SEARCH:
            body = _searches(first)
        case Topic.DELIVERY:
            body = _deliveries(KINDS[topic], (first, *more))
        case _:
            body = _bars(kind, first)
    return Chart(
        title=topic_name(topic) if len(KINDS[topic]) > 1 else kind_name(kind),
        subtitle=period_name(first),
        body=body,
        footer=_footer(first) if topic is not Topic.REGISTER else "",
        empty=few_name() if topic is not Topic.REGISTER else _("nobody looked"),
    )


def _columns(series: Series, up: tuple[Stack, ...], down: tuple[Stack, ...] = ()) -> Columns:
    labels = tuple(f"{day:%d.%m}" for day in series.days)
    return Columns(labels, up, down, tuple(day.is_few for day in series.shown))


def _stacks(kind: Kind, series: Series, order: Sequence[str]) -> tuple[Stack, ...]:
    stacks = [
        Stack(label_name(kind, label), tuple(day.counts.get(label, 0) for day in series.shown))
        for label in order
    ]
    others = Stack(other_name(), tuple(day.other for day in series.shown))
    return tuple(stack for stack in (*stacks, others) if any(stack.values))


def _totals(series: Series) -> tuple[int, ...]:
    return tuple(day.total for day in series.shown)


def _bars(kind: Kind, series: Series) -> Bars:
    total = series.total
    counts = [(label_name(kind, label), number) for label, number in series.counts.items()]
    merged = sum(number for _label, number in counts[_MOST_ROWS:]) + series.other
    rows = [
        Row(name, _with_share(number, total), (number, 0)) for name, number in counts[:_MOST_ROWS]
    ]
    if merged:
        rows.append(Row(other_name(), _with_share(merged, total), (0, merged)))
    return Bars((), tuple(rows))


def _with_share(number: int, total: int) -> str:
    return f"{number_text(number)} ({share_text(number, total)})"


def _searches(series: Series) -> Bars:
    rows = []
    for locale in Locale:
        found, missed = (
            series.counts.get(f"{locale.value}.{end}", 0) for end in ("found", "missed")
        )
        if found + missed:
            rows.append(Row(locale.own_name, number_text(found + missed), (found, missed, 0)))
    if series.other:
        rows.append(Row(other_name(), number_text(series.other), (0, 0, series.other)))
    names = (_("something fits"), _("nothing fits"), other_name())
    return Bars(names, tuple(rows), are_shares=True)


def _deliveries(kinds: Sequence[Kind], all_series: Sequence[Series]) -> Bars:
    rows = [
        Row(
            kind_name(kind),
            number_text(series.total),
            (*(series.counts.get(state, 0) for state in _DELIVERIES), series.other),
        )
        for kind, series in zip(kinds, all_series, strict=True)
        if series.total
    ]
    names = tuple(label_name(Kind.REPLIES, state) for state in _DELIVERIES)
    return Bars((*names, other_name()), tuple(rows), are_shares=True)


def _footer(series: Series) -> str:
    if not any(map(_is_merged, series.shown)):
        return ""
    return _("Groups under {number} a day are not shown by themselves.").format(number=FEWEST)


def _is_merged(shown: Shown) -> bool:
    return shown.is_few or shown.other > 0
