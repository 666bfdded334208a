"""Messages of authors that belong to a draft; everybody else's pass by without a query."""

from aiogram.filters import Filter
from aiogram.types import Message

from bot.domain.drafts import Awaited
from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.log import get_logger
from bot.services.drafts import Drafts
from bot.services.operators import Operator, Operators
from bot.storage.drafts import Draft
from bot.storage.engine import DATABASE_FAILURES
from bot.telegram.filters import is_in_own_chat
from bot.telegram.masking import is_only_number

log = get_logger(__name__)


class ForDraft(Filter):
    """A message of an author whose draft awaits one; hands over ``operator``, ``draft``,
    ``awaited``. Commands, contacts, chosen people and a number alone are what they always are.
    """

    async def __call__(
        self, message: Message, drafts: Drafts, operators: Operators
    ) -> bool | dict[str, Operator | Draft | Awaited]:
        person = message.from_user
        is_other = message.contact is not None or message.users_shared is not None
        text = message.text or ""
        is_for_bot = is_other or text.startswith("/") or is_only_number(text)
        if person is None or is_for_bot or message.edit_date:
            return False
        if not is_in_own_chat(message, person.id):
            return False
        try:
            draft = await drafts.awaiting(person.id)
            operator = await operators.find(person.id) if draft is not None else None
        except DATABASE_FAILURES as error:
            log.error("drafts_not_read", error=type(error).__name__)
            return False
        if draft is None or draft.awaited is None or operator is None:
            return False
        if Role.AUTHOR not in operator.roles:
            return False
        return {"operator": operator, "draft": draft, "awaited": draft.awaited}


class OfDraft(Filter):
    """An edited message of which a wording was made; hands over ``operator``, ``draft``,
    ``locale``.
    """

    async def __call__(
        self, message: Message, drafts: Drafts, operators: Operators
    ) -> bool | dict[str, Operator | Draft | Locale]:
        person = message.from_user
        if person is None or not is_in_own_chat(message, person.id):
            return False
        try:
            operator = await operators.find(person.id)
            if operator is None or Role.AUTHOR not in operator.roles:
                return False
            found = await drafts.from_message(person.id, message.message_id)
        except DATABASE_FAILURES as error:
            log.error("drafts_not_read", error=type(error).__name__)
            return False
        if found is None:
            return False
        return {"operator": operator, "draft": found[0], "locale": found[1]}
