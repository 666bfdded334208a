"""The figures of a topic over some days: picture, the same in words, and where to go from there."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.stats import Period, Topic
from bot.telegram.i18n import gettext as _
from bot.telegram.i18n import ngettext
from bot.telegram.keyboards import button, in_rows
from bot.telegram.operator_callbacks import OpenStats, SendStats
from bot.telegram.pictures.stats import chart_key, draw_chart
from bot.telegram.rendering.stats import Figures, stats_text
from bot.telegram.rendering.stats_chart import stats_chart
from bot.telegram.rendering.stats_names import topic_name
from bot.telegram.screens import Picture, Screen


def stats_screen(topic: Topic, figures: Figures, days: Period) -> Screen:
    """Show a topic; *figures* reach back for thirty days at least."""
    chart = stats_chart(topic, figures, days)
    rows = [
        [_period_button(topic, period, is_shown=period is days) for period in Period],
        *in_rows((_topic_button(each, days, is_shown=each is topic) for each in Topic), 3),
        # NOTE: sends the figures as a CSV file.
        [button(_("Send as a table"), SendStats(topic=topic, days=days))],
    ]
    return Screen(
        stats_text(topic, figures, days),
        InlineKeyboardMarkup(inline_keyboard=rows),
        Picture(chart_key(chart), lambda: draw_chart(chart)),
    )


def _period_button(topic: Topic, period: Period, *, is_shown: bool) -> InlineKeyboardButton:
    days = period.value
    text = ngettext("{number} day", "{number} days", days).format(number=days)
    return _marked(text, OpenStats(topic=topic, days=period), is_shown=is_shown)


def _topic_button(topic: Topic, days: Period, *, is_shown: bool) -> InlineKeyboardButton:
    return _marked(topic_name(topic), OpenStats(topic=topic, days=days), is_shown=is_shown)


def _marked(text: str, data: OpenStats, *, is_shown: bool) -> InlineKeyboardButton:
    return button(f"✓ {text}" if is_shown else text, data)
