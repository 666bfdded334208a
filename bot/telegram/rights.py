"""For whom a handler is: declared by each of them, checked before each step.

``router.message.register(handler, Command("audit"), flags=only(Role.ADMINISTRATOR))``

A handler that declares nothing is for nobody. Whoever lacks the right meets the handlers behind
it, and in the end the one for what the bot does not understand: so the answer is the same to the
letter, and the way to it as long, as for a command that does not exist.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.dispatcher.flags import get_flag
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.domain.roles import Role, Roles
from bot.log import get_logger
from bot.services.audit import AuditLog, by_operator
from bot.services.operators import Operator
from bot.services.refusals import Refusals
from bot.telegram.commands import operator_command
from bot.telegram.operator_callbacks import operator_button

log = get_logger(__name__)

FLAG = "roles"
_NOBODY_IN_PARTICULAR: Roles = frozenset()
Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


def everybody() -> dict[str, Any]:
    """Declare a handler that is for residents, strangers and operators alike."""
    return {FLAG: _NOBODY_IN_PARTICULAR}


def only(*roles: Role) -> dict[str, Any]:
    """Declare a handler that is for operators with one of these roles."""
    return {FLAG: frozenset(roles)}


class RightsMiddleware(BaseMiddleware):
    """Lets a handler begin if the person of this very update has the right.

    What an operator does is written down before it is done, what was refused a moment later.
    """

    def __init__(self, audit: AuditLog, refusals: Refusals) -> None:
        self._audit = audit
        self._refusals = refusals

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        declared: Roles | None = get_flag(data, FLAG)
        if declared is None:
            log.error("handler_without_a_role")
            raise SkipHandler
        if declared:
            operator: Operator | None = data.get("operator")
            if operator is None or not declared & operator.roles:
                raise SkipHandler
            step = _step(event) or data["handler"].callback.__name__
            await self._audit.record(by_operator(operator.id), "used", step=step)
            return await handler(event, data)
        try:
            return await handler(event, data)
        finally:
            self._note_refusal(event)

    def _note_refusal(self, event: TelegramObject) -> None:
        """Write down that what is for operators came to a handler for everybody."""
        step = _step(event)
        if step is not None and isinstance(event, Message | CallbackQuery) and event.from_user:
            self._refusals.note(event.from_user.id, "refused", step=step)


def _step(event: TelegramObject) -> str | None:
    """Name the operators' command or button; None for everything else."""
    if isinstance(event, Message):
        return operator_command(event)
    if isinstance(event, CallbackQuery):
        return operator_button(event.data or "")
    return None
