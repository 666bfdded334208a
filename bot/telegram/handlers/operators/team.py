"""``/operators``: who may do what; administrators give roles and take them."""

import asyncio
import re

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from bot.domain.roles import Role
from bot.services.operators import Operator, Operators
from bot.storage.operators import Change
from bot.telegram.commands import OPERATORS
from bot.telegram.filters import ChosenPerson
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import choice_keyboard
from bot.telegram.operator_callbacks import (
    AddOperator,
    ChangeRole,
    OpenOperator,
    OpenOperators,
    TellOperator,
)
from bot.telegram.operator_chats import OperatorChats
from bot.telegram.reading import read_attempt
from bot.telegram.rendering.operators import (
    choose_text,
    chosen_text,
    no_administrator_text,
    no_id_text,
    refused_change_text,
)
from bot.telegram.rights import only
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, reply, send, show
from bot.telegram.views.operators import operator_screen, operators_screen

_TELEGRAM_ID = re.compile(r"[1-9][0-9]{0,14}")


async def open_operators(
    message: Message,
    command: CommandObject,
    operators: Operators,
    operator_chats: OperatorChats,
) -> None:
    """List the operators, or show the one whose Telegram id stands behind the command."""
    typed = (command.args or "").strip()
    if not typed:
        await send(message, await _list(operators, operator_chats))
    elif (attempt := read_attempt(typed)) is not None and attempt.iin is not None:
        # Taken out of the chat by its own handler, and never kept as the id of an operator.
        raise SkipHandler
    elif _TELEGRAM_ID.fullmatch(typed):
        await send(message, await _card(int(typed), operators, operator_chats))
    else:
        await reply(message, no_id_text())


async def open_operators_here(
    query: CallbackQuery,
    operators: Operators,
    operator_chats: OperatorChats,
) -> None:
    """List the operators in place of one of them."""
    await _show(query, await _list(operators, operator_chats))


async def open_operator(
    query: CallbackQuery,
    callback_data: OpenOperator,
    operators: Operators,
    operator_chats: OperatorChats,
) -> None:
    """Show one operator."""
    await _show(query, await _card(callback_data.telegram_id, operators, operator_chats))


async def ask_whom(query: CallbackQuery) -> None:
    """Ask for a new operator by Telegram's own list of people."""
    await acknowledge(query)
    if isinstance(query.message, Message):
        await reply(query.message, choose_text(), choice_keyboard())


async def take_chosen(
    message: Message, chosen: int, operators: Operators, operator_chats: OperatorChats
) -> None:
    """Show somebody who was chosen, still without a role."""
    await reply(message, chosen_text(), ReplyKeyboardRemove())
    await send(message, await _card(chosen, operators, operator_chats))


async def change_role(
    query: CallbackQuery,
    callback_data: ChangeRole,
    operator: Operator,
    operators: Operators,
    operator_chats: OperatorChats,
) -> None:
    """Give or take a role, tell whom it concerns, and show what is so now."""
    whom = callback_data.telegram_id
    change = await operators.change_role(
        whom, callback_data.role, operator, grant=callback_data.grant
    )
    if change is Change.NOT_ALLOWED:
        await refuse_button(query)
        return
    if change in {Change.LAST_ADMINISTRATOR, Change.FROM_SETTINGS}:
        await query.answer(refused_change_text(change), show_alert=True)
        return
    is_told = True
    if change is Change.DONE:
        is_told = await operator_chats.tell(await operators.get(whom))
    if Role.ADMINISTRATOR in (await operators.get(operator.id)).roles:
        screen = await _card(whom, operators, operator_chats, is_unreached=not is_told)
    else:
        screen = Screen(no_administrator_text(), None)
    await _show(query, screen)


async def tell_operator(
    query: CallbackQuery,
    callback_data: TellOperator,
    operators: Operators,
    operator_chats: OperatorChats,
) -> None:
    """Write to an operator whom the news did not reach."""
    whom = callback_data.telegram_id
    is_told = await operator_chats.tell(await operators.get(whom))
    await _show(query, await _card(whom, operators, operator_chats, is_unreached=not is_told))


async def _list(operators: Operators, chats: OperatorChats) -> Screen:
    everybody = await operators.all()
    names = await asyncio.gather(*map(chats.name, everybody))
    return operators_screen(everybody, names)


async def _card(
    telegram_id: int, operators: Operators, chats: OperatorChats, *, is_unreached: bool = False
) -> Screen:
    operator = await operators.get(telegram_id)
    return operator_screen(operator, await chats.name(operator), is_unreached=is_unreached)


async def _show(query: CallbackQuery, screen: Screen) -> None:
    if not isinstance(query.message, Message):
        await refuse_button(query)
        return
    await acknowledge(query)
    await show(query.message, screen)


def add_to(commands: Router, buttons: Router) -> None:
    admin = Role.ADMINISTRATOR
    commands.message.register(open_operators, Command(OPERATORS.name), flags=only(admin))
    commands.message.register(take_chosen, ChosenPerson(), flags=only(admin))
    press = buttons.callback_query
    press.register(open_operators_here, OpenOperators.filter(), flags=only(admin))
    press.register(open_operator, OpenOperator.filter(), flags=only(admin))
    press.register(ask_whom, AddOperator.filter(), flags=only(admin))
    press.register(change_role, ChangeRole.filter(), flags=only(admin))
    press.register(tell_operator, TellOperator.filter(), flags=only(admin))
