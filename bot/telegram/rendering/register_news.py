"""What a new generation of the register brought, in numbers that tell nobody apart."""

from collections.abc import Callable, Iterable

from bot.domain.diff import Diff, Move
from bot.domain.stats import FEWEST, Kind, show_groups
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.stats import few_name, other_name
from bot.telegram.rendering.stats_names import label_name
from bot.telegram.rendering.values import day, number_text, titled

_ROWS = 5
_NONE = "none"


def register_news_text(diff: Diff) -> str:
    """Say how many lost and got cover, why and where; groups under ten are merged."""
    size = _("Data of {day}, people: {people}").format(
        day=day(diff.after.as_of), people=number_text(diff.after.people)
    )
    changes = [
        # How large the register is says nothing of anybody.
        _("new in the register: {people}").format(people=number_text(diff.appeared)),
        _("no longer in the register: {people}").format(people=number_text(diff.gone)),
        _("lost the cover: {people}").format(people=_number(diff.lost_cover)),
        _("got the cover: {people}").format(people=_number(diff.got_cover)),
    ]
    since = _("Compared with the data of {day}:").format(day=day(diff.before.as_of))
    lost = [
        *_rows(_("Why the cover was lost:"), Kind.REASONS, diff, lambda move: move.reason),
        *_rows(_("Where the cover was lost:"), Kind.REGIONS, diff, lambda move: move.region),
    ]
    return titled(_("The register was renewed"), size, _list(since, changes), *lost)


def _rows(title: str, kind: Kind, diff: Diff, label: Callable[[Move], str | None]) -> list[str]:
    """Write the largest groups of those who lost the cover; nothing where they are few."""
    counts = diff.by(label, lambda move: move.has_lost_cover)
    shown = show_groups(kind, {group or _NONE: people for group, people in counts.items()})
    if shown.is_few:
        return []
    largest = sorted(shown.counts.items(), key=lambda item: (-item[1], item[0]))[:_ROWS]
    rest = shown.total - sum(people for _, people in largest)
    named = [(label_name(kind, group), people) for group, people in largest]
    named += [(other_name(), rest)] if rest else []
    return [_list(title, [f"{name}: {number_text(people)}" for name, people in named])]


def _list(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"• {line}" for line in lines)])


def _number(people: int) -> str:
    return number_text(people) if people >= FEWEST else few_name()
