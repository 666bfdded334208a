"""The list of operators, and one of them with the buttons that change roles."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.roles import Role
from bot.services.operators import Operator
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import button
from bot.telegram.operator_callbacks import (
    AddOperator,
    ChangeRole,
    OpenOperator,
    OpenOperators,
    TellOperator,
)
from bot.telegram.rendering.operators import operator_text, operators_text, role_name
from bot.telegram.screens import Screen


def operators_screen(operators: Sequence[Operator], names: Sequence[str]) -> Screen:
    rows = [
        [button(name or str(operator.id), OpenOperator(telegram_id=operator.id))]
        for operator, name in zip(operators, names, strict=True)
    ]
    add = [button(_("Add an operator"), AddOperator())]
    return Screen(
        operators_text(operators, names), InlineKeyboardMarkup(inline_keyboard=[*rows, add])
    )


def operator_screen(operator: Operator, name: str, *, is_unreached: bool = False) -> Screen:
    rows = [
        [_role_button(operator, role)]
        for role in Role
        if not (role is Role.ADMINISTRATOR and operator.is_fixed)
    ]
    if is_unreached:
        rows.append([button(_("Tell them"), TellOperator(telegram_id=operator.id))])
    rows.append([button(_("All operators"), OpenOperators())])
    text = operator_text(operator, name, is_unreached=is_unreached)
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _role_button(operator: Operator, role: Role) -> InlineKeyboardButton:
    has = role in operator.roles
    # NOTE: {role} is the name of a role, such as "author".
    text = _("Take the role: {role}") if has else _("Give the role: {role}")
    change = ChangeRole(telegram_id=operator.id, role=role, grant=not has)
    return button(text.format(role=role_name(role)), change)
