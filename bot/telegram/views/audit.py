"""A page of the audit log."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from bot.domain.audit import AuditRow
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button
from bot.telegram.operator_callbacks import OpenAudit
from bot.telegram.rendering.audit import audit_text
from bot.telegram.screens import Screen


def audit_screen(rows: Sequence[AuditRow], *, before: int) -> Screen:
    """Show rows, newest first; *before* is 0 on the first page."""
    buttons = []
    if rows and rows[-1].id > 1:
        buttons.append(button(_("Older"), OpenAudit(before=rows[-1].id)))
    if before:
        buttons.append(button(_("Newest"), OpenAudit(before=0)))
    return Screen(audit_text(rows), InlineKeyboardMarkup(inline_keyboard=[buttons]))
