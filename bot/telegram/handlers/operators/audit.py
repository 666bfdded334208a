"""``/audit``: what was done and what was refused, a page at a time."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.domain.roles import Role
from bot.services.audit import AuditLog
from bot.telegram.commands import AUDIT
from bot.telegram.handlers.views import refuse_button
from bot.telegram.operator_callbacks import OpenAudit
from bot.telegram.rights import only
from bot.telegram.sending import acknowledge, send, show
from bot.telegram.views.audit import audit_screen


async def open_audit(message: Message, audit: AuditLog) -> None:
    """Show the last rows."""
    await send(message, audit_screen(await audit.page(None), before=0))


async def turn_page(query: CallbackQuery, callback_data: OpenAudit, audit: AuditLog) -> None:
    """Show the rows before one, or the last ones again."""
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    before = callback_data.before
    await acknowledge(query)
    await show(query.message, audit_screen(await audit.page(before or None), before=before))


def add_to(commands: Router, buttons: Router) -> None:
    admin = Role.ADMINISTRATOR
    commands.message.register(open_audit, Command(AUDIT.name), flags=only(admin))
    buttons.callback_query.register(turn_page, OpenAudit.filter(), flags=only(admin))
