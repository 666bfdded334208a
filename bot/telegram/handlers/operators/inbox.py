"""``/inbox``: how many wait, how long it takes, and what residents say of it."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.domain.roles import Role
from bot.services.inbox import Inbox
from bot.telegram.commands import INBOX
from bot.telegram.handlers.views import refuse_button
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button
from bot.telegram.operator_callbacks import OpenFigures
from bot.telegram.rendering.inbox import figures_text
from bot.telegram.rights import only
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, send, show


async def open_inbox(message: Message, inbox: Inbox) -> None:
    """Show how the inbox does."""
    await send(message, await _screen(inbox))


async def open_inbox_here(query: CallbackQuery, inbox: Inbox) -> None:
    """Show the figures of now in place of earlier ones."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, await _screen(inbox))


async def _screen(inbox: Inbox) -> Screen:
    again = [[button(_("Look again"), OpenFigures())]]
    return Screen(figures_text(await inbox.figures()), InlineKeyboardMarkup(inline_keyboard=again))


def add_to(commands: Router, buttons: Router) -> None:
    readers = only(Role.ADMINISTRATOR, Role.SUPPORT)
    commands.message.register(open_inbox, Command(INBOX.name), flags=readers)
    buttons.callback_query.register(open_inbox_here, OpenFigures.filter(), flags=readers)
