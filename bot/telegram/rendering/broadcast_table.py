"""The numbers of a broadcast as a CSV file, about groups of people and nobody in particular."""

import csv
import io
from collections import Counter

from bot.domain.broadcasts import DeliveryState
from bot.domain.reports import Cells, Trouble, merge_small, trouble_of
from bot.services.clock import time_in_kazakhstan
from bot.services.control import Report
from bot.storage.reports import Group
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.broadcasts import erased_name, fate_name

# Those who wait have no minute in which anything became of it.
_WITHOUT_MINUTE = (DeliveryState.PENDING, DeliveryState.SENDING)


def table_file(report: Report) -> bytes:
    """Write the table; UTF-8 with a mark by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [_("What became of it"), _("Language"), _("Reason"), _("Minute"), _("Number of people")]
    )
    writer.writerows([*cells, people] for cells, people in merge_small(_counted(report)))
    return file.getvalue().encode("utf-8-sig")


def trouble_name(trouble: Trouble) -> str:
    return {
        Trouble.BLOCKED: _("blocked the bot"),
        Trouble.DELETED: _("deleted the account"),
        Trouble.NO_CHAT: _("never wrote to the bot"),
        Trouble.REFUSED: _("Telegram refuses the message"),
        Trouble.LIMITED: _("too many messages"),
        Trouble.NO_ANSWER: _("no answer of Telegram"),
        Trouble.SERVER: _("Telegram failed"),
        Trouble.LOST: _("the program ended while sending"),
        Trouble.OTHER: _("another error"),
    }[trouble]


def _counted(report: Report) -> Counter[Cells]:
    counts: Counter[Cells] = Counter()
    for group in report.groups:
        counts[_cells(group)] += group.people
    progress = report.overview.progress
    if not report.groups:
        for state, people in progress.by_state.items():
            counts[fate_name(state), "", "", ""] += people
    counts[erased_name(), "", "", ""] += progress.erased
    return +counts


def _cells(group: Group) -> Cells:
    trouble = trouble_of(group.error)
    minute = time_in_kazakhstan(group.minute).strftime("%Y-%m-%d %H:%M")
    return (
        fate_name(group.state),
        group.locale.own_name,
        trouble_name(trouble) if trouble else "",
        "" if group.state in _WITHOUT_MINUTE else minute,
    )
