"""The figures of operators in words: the caption of the picture says what the picture shows."""

import csv
import io
from collections.abc import Mapping
from datetime import date

from bot.domain.stats import FEWEST, KINDS, Kind, Period, Series, Topic
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.rendering.stats_names import kind_name, label_name, topic_name
from bot.telegram.rendering.values import bold, day, escaped, number_text

# As many as there are regions; the caption of a picture has 1024 characters at most.
_ROWS = 20
_CAPTION = 1024
Figures = Mapping[Kind, Series]


def stats_text(topic: Topic, figures: Figures, days: int) -> str:
    """Write the caption: the answer first, then what the picture shows, in words."""
    lines = [bold(_headline(topic, figures, days))]
    if topic is Topic.ANSWERS:
        lines += [escaped(_key_figures(figures, number)) for number in (Period.WEEK, Period.MONTH)]
    for kind in KINDS[topic]:
        lines += ["", escaped(f"{kind_name(kind)}, {period_name(figures[kind].last(days))}:")]
        lines += map(escaped, _rows(kind, figures[kind].last(days)))
    while sum(map(len, lines)) + len(lines) > _CAPTION:
        lines.pop()
    return "\n".join(lines)


def stats_csv(topic: Topic, figures: Figures, days: int) -> bytes:
    """Write what the picture shows, a row a day and group; spreadsheets know UTF-8 by the mark."""
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(("day", "kind", "group", "name", "number"))
    for kind in KINDS[topic]:
        for when, group, number in figures[kind].last(days).rows():
            shown = f"<{FEWEST}" if number is None else number
            table.writerow((when, kind, group, _group_name(kind, group), shown))
    return file.getvalue().encode("utf-8-sig")


def _group_name(kind: Kind, group: str) -> str:
    return {"few": few_name(), "other": other_name()}.get(group) or label_name(kind, group)


def other_name() -> str:
    return _("others and small groups")


def few_name() -> str:
    return _("fewer than {number}").format(number=FEWEST)


def share_text(part: int, whole: int) -> str:
    """Write a share in whole per cents, none of which is rounded to nothing or everything."""
    if not 0 < part < whole:
        return "100 %" if part else "0 %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def period_name(series: Series) -> str:
    first, last = series.days[0], series.days[-1]
    return f"{short_day(first)} – {short_day(last)}"


def short_day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def age_of(series: Series) -> list[int | None]:
    """Give how old the data were on each day at the most; None where nobody looked."""
    return [max(map(int, shown.counts), default=None) for shown in series.shown]


def _headline(topic: Topic, figures: Figures, days: int) -> str:
    if topic is Topic.ANSWERS:
        return _yesterday(figures[Kind.ANSWERS])
    if topic is Topic.REGISTER:
        return _newest_age(figures[Kind.REGISTER])
    series = figures[KINDS[topic][0]].last(days)
    name = topic_name(topic)
    if topic is Topic.SEARCH and (found := _missed(series)):
        return f"{name}: {found}"
    if topic in {Topic.PEOPLE, Topic.REFUSED}:
        return f"{name}: {_sum(series)}"
    if not series.counts:
        return f"{name}: {_sum(series)}"
    label, number = next(iter(series.counts.items()))
    share = share_text(number, series.total)
    return f"{name}: {label_name(KINDS[topic][0], label)}, {share}"


def _yesterday(series: Series) -> str:
    shown, when = series.shown[-1], day(series.days[-1])
    if shown.is_few:
        # NOTE: {few} is "fewer than 10".
        return _("Answers on {day}: {few}").format(day=when, few=few_name())
    number = number_text(shown.total)
    if "uninsured" not in shown.counts:
        return _("Answers on {day}: {number}").format(day=when, number=number)
    # NOTE: {share} is "33 %".
    return _("Answers on {day}: {number}, not insured {share}").format(
        day=when, number=number, share=share_text(shown.counts["uninsured"], shown.total)
    )


def _key_figures(figures: Figures, days: int) -> str:
    span = ngettext("{number} day", "{number} days", days).format(number=days)
    # NOTE: {span} is "7 days"; each number may be "fewer than 10".
    return _("{span}: answers {answers}, new people {new}, blocked the bot {left}").format(
        span=span,
        answers=_sum(figures[Kind.ANSWERS].last(days)),
        new=_sum(figures[Kind.NEWCOMERS].last(days)),
        left=_sum(figures[Kind.LEAVERS].last(days)),
    )


def _sum(series: Series) -> str:
    """Write how many there were; days of fewer than ten are not in it, which the plus says."""
    if not series.total:
        return _("fewer than {number} a day").format(number=FEWEST)
    return number_text(series.total) + ("+" if series.few_days else "")


def _missed(series: Series) -> str:
    missed = sum(n for label, n in series.counts.items() if label.endswith(".missed"))
    if not missed:
        return ""
    return _("nothing fits {share} of the questions").format(share=share_text(missed, series.total))


def _newest_age(series: Series) -> str:
    age = age_of(series)[-1]
    if age is None:
        return _("Register: nobody looked at its age on {day}").format(day=day(series.days[-1]))
    return ngettext(
        "Register: data {number} day old on {day}",
        "Register: data {number} days old on {day}",
        age,
    ).format(number=age, day=day(series.days[-1]))


def _rows(kind: Kind, series: Series) -> list[str]:
    if kind is Kind.REGISTER:
        return [_oldest(series)]
    total = series.total
    lines = [
        f"• {label_name(kind, label)}: {number_text(number)} ({share_text(number, total)})"
        for label, number in list(series.counts.items())[:_ROWS]
    ]
    if series.other:
        share = share_text(series.other, total)
        lines.append(f"• {other_name()}: {number_text(series.other)} ({share})")
    if series.few_days:
        lines.append(
            ngettext(
                "not counted: {days} day with fewer than {number}",
                "not counted: {days} days with fewer than {number}",
                series.few_days,
            ).format(days=series.few_days, number=FEWEST)
        )
    return lines


def _oldest(series: Series) -> str:
    ages = [age for age in age_of(series) if age is not None]
    if not ages:
        return _("nobody looked")
    oldest = max(ages)
    return ngettext("{number} day at the most", "{number} days at the most", oldest).format(
        number=oldest
    )
