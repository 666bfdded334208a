"""Handlers for operators: commands come before everything typed, buttons after all others.

Whoever is no operator passes by both routers, after one read of the roles whatever was sent: the
way of an operators' command is that of a command that does not exist.
"""

from aiogram import Router

from bot.telegram.filters import FromOperator
from bot.telegram.handlers.operators import audit, inbox, team


def build_routers() -> tuple[Router, Router]:
    """Give the router of commands and the router of buttons."""
    commands, buttons = Router(name="operator_commands"), Router(name="operator_buttons")
    commands.message.filter(FromOperator())
    buttons.callback_query.filter(FromOperator())
    for feature in (team, audit, inbox):
        feature.add_to(commands, buttons)
    return commands, buttons
