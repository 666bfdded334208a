"""Handlers for operators: commands and texts of broadcasts come before everything typed,
buttons after all others.

Whoever is no operator passes by all of them, after one read of the roles whatever was sent: the
way of an operators' command is that of a command that does not exist.
"""

from aiogram import Router

from bot.telegram.filters import FromOperator
from bot.telegram.handlers.operators import (
    approvals,
    audit,
    broadcasts,
    draft_choices,
    draft_messages,
    drafts,
    inbox,
    stats,
    team,
)


def build_routers() -> tuple[Router, Router, Router]:
    """Give the routers of commands, of what is written for drafts, and of buttons."""
    commands, buttons = Router(name="operator_commands"), Router(name="operator_buttons")
    commands.message.filter(FromOperator())
    buttons.callback_query.filter(FromOperator())
    for feature in (team, audit, drafts, broadcasts, stats, inbox):
        feature.add_to(commands, buttons)
    for feature in (draft_choices, approvals):
        feature.add_to(buttons)
    return commands, draft_messages.build_router(), buttons
