"""The figures of a topic over some days: picture, the same in words, and where to go from there."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.stats import Topic
from bot.services.stats import PERIODS
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.keyboards import button, in_rows
from bot.telegram.operator_callbacks import OpenStats, SendStats
from bot.telegram.pictures.stats import chart_key, draw_chart
from bot.telegram.rendering.stats import Figures, stats_text
from bot.telegram.rendering.stats_chart import stats_chart
from bot.telegram.rendering.stats_names import topic_name
from bot.telegram.screens import Picture, Screen


def stats_screen(topic: Topic, figures: Figures, days: int) -> Screen:
    """Show a topic; *figures* reach back for thirty days at least."""
    chart = stats_chart(topic, figures, days)
    rows = [
        [_period_button(topic, number, is_shown=number == days) for number in PERIODS],
        *in_rows((_topic_button(each, days, is_shown=each is topic) for each in Topic), 3),
        # NOTE: sends the figures as a CSV file.
        [button(_("Send as a table"), SendStats(topic=topic, days=days))],
    ]
    return Screen(
        stats_text(topic, figures, days),
        InlineKeyboardMarkup(inline_keyboard=rows),
        Picture(chart_key(chart), lambda: draw_chart(chart)),
    )


def _period_button(topic: Topic, number: int, *, is_shown: bool) -> InlineKeyboardButton:
    text = ngettext("{number} day", "{number} days", number).format(number=number)
    return _marked(text, OpenStats(topic=topic, days=number), is_shown=is_shown)


def _topic_button(topic: Topic, days: int, *, is_shown: bool) -> InlineKeyboardButton:
    return _marked(topic_name(topic), OpenStats(topic=topic, days=days), is_shown=is_shown)


def _marked(text: str, data: OpenStats, *, is_shown: bool) -> InlineKeyboardButton:
    return button(f"✓ {text}" if is_shown else text, data)
