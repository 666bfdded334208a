"""The commands of operators; those of residents are in profile.py."""

from collections.abc import Callable
from dataclasses import dataclass

from aiogram.types import Message

from bot.domain.roles import Role, Roles
from bot.telegram.i18n import gettext as _

# What the keyboard asks for that lets an administrator choose somebody; Telegram brings it back.
CHOOSE_OPERATOR = 1


@dataclass(frozen=True, slots=True)
class OperatorCommand:
    """A command, for whom it is, and the words for it in the menu."""

    name: str
    roles: Roles
    description: Callable[[], str]


OPERATORS = OperatorCommand(
    "operators", frozenset({Role.ADMINISTRATOR}), lambda: _("Operators and their roles")
)
AUDIT = OperatorCommand("audit", frozenset({Role.ADMINISTRATOR}), lambda: _("What was done"))
BROADCAST = OperatorCommand("broadcast", frozenset({Role.AUTHOR}), lambda: _("Prepare a broadcast"))
CORRECT = OperatorCommand(
    "correct", frozenset({Role.AUTHOR}), lambda: _("Correct answers that were given")
)
CANCEL = OperatorCommand("cancel", frozenset({Role.AUTHOR}), lambda: _("Stop writing a text"))
STATS = OperatorCommand("stats", frozenset(Role), lambda: _("Figures and charts"))
BROADCASTS = OperatorCommand(
    "broadcasts",
    frozenset({Role.AUTHOR, Role.SENDER}),
    lambda: _("Broadcasts and how far they are"),
)
INBOX = OperatorCommand(
    "inbox",
    frozenset({Role.ADMINISTRATOR, Role.SUPPORT}),
    lambda: _("Conversations with residents"),
)
ALL = (OPERATORS, AUDIT, BROADCAST, CORRECT, CANCEL, BROADCASTS, STATS, INBOX)

_SUPPORT = frozenset({Role.SUPPORT})
CANNED = OperatorCommand("canned", _SUPPORT, lambda: _("Ready replies"))
CLOSE = OperatorCommand("close", _SUPPORT, lambda: _("End the conversation"))
BAN = OperatorCommand("ban", _SUPPORT, lambda: _("Stop messages of this resident"))
UNBAN = OperatorCommand("unban", _SUPPORT, lambda: _("Let messages of this resident through"))
# What is understood in the topics of the operators' group alone.
IN_TOPICS = (CANNED, CLOSE, BAN, UNBAN)
_NAMES = frozenset(command.name for command in (*ALL, *IN_TOPICS))


def commands_for(roles: Roles) -> list[OperatorCommand]:
    """Give the commands that somebody with these roles may use."""
    return [command for command in ALL if command.roles & roles]


def operator_command(message: Message) -> str | None:
    """Give the command of operators that a message asks for, in whatever way."""
    if message.users_shared is not None:
        return "users_shared"
    words = (message.text or message.caption or "").split(maxsplit=1)
    if not words or not words[0].startswith("/"):
        return None
    name = words[0][1:].partition("@")[0].lower()
    return name if name in _NAMES else None
