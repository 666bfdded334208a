"""``/stats``: figures of the days that are over, as pictures and as tables."""

from aiogram import Bot, Router
from aiogram.filters import Command
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.domain.roles import Role
from bot.domain.stats import Period, Topic
from bot.services.operators import Operator
from bot.services.stats import Stats
from bot.storage.pictures import PictureRepository
from bot.telegram.commands import STATS
from bot.telegram.handlers.views import refuse_button
from bot.telegram.operator_callbacks import OpenStats, SendStats
from bot.telegram.pictures.sending import show_with_picture
from bot.telegram.rendering.stats import stats_csv
from bot.telegram.rights import only
from bot.telegram.sending import acknowledge
from bot.telegram.views.stats import stats_screen


async def open_stats(message: Message, stats: Stats, pictures: PictureRepository) -> None:
    """Show the answers of thirty days with the key figures."""
    figures = await stats.read(Period.MONTH)
    screen = stats_screen(Topic.ANSWERS, figures, Period.MONTH)
    await show_with_picture(message, screen, pictures)


async def turn_stats(
    query: CallbackQuery, callback_data: OpenStats, stats: Stats, pictures: PictureRepository
) -> None:
    """Show another topic or period in the place of this one."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    days = callback_data.days
    # The key figures reach back for thirty days whatever is shown.
    figures = await stats.read(max(days, Period.MONTH))
    screen = stats_screen(callback_data.topic, figures, days)
    await show_with_picture(query.message, screen, pictures)


async def send_stats(
    query: CallbackQuery, callback_data: SendStats, bot: Bot, operator: Operator, stats: Stats
) -> None:
    """Send what is shown as a CSV file."""
    topic, days = callback_data.topic, callback_data.days
    figures = await stats.read(days)
    table = stats_csv(topic, figures, days)
    last = next(iter(figures.values())).days[-1]
    await acknowledge(query)
    name = f"saqbol-{topic.value}-{last.isoformat()}-{days.value}.csv"
    await bot(SendDocument(chat_id=operator.id, document=BufferedInputFile(table, name)))


def add_to(commands: Router, buttons: Router) -> None:
    everyone = only(*Role)
    commands.message.register(open_stats, Command(STATS.name), flags=everyone)
    buttons.callback_query.register(turn_stats, OpenStats.filter(), flags=everyone)
    buttons.callback_query.register(send_stats, SendStats.filter(), flags=everyone)
