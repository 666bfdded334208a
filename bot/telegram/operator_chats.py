"""The chats of operators: their own list of commands there, and the news of their roles."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.domain.locales import Locale
from bot.domain.roles import Roles
from bot.log import get_logger
from bot.services.operators import Operator, Operators
from bot.services.subscribers import Subscribers
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.subscribers import SubscriberId
from bot.telegram.commands import commands_for
from bot.telegram.i18n import Catalogues
from bot.telegram.profile import resident_commands
from bot.telegram.rendering.operators import news_text

log = get_logger(__name__)


class OperatorChats:
    """Shows each operator what the own roles allow, in the own language."""

    def __init__(
        self, bot: Bot, operators: Operators, subscribers: Subscribers, catalogues: Catalogues
    ) -> None:
        self._bot = bot
        self._operators = operators
        self._subscribers = subscribers
        self._catalogues = catalogues
        self._shown: dict[int, tuple[Roles, Locale]] = {}

    async def show_all(self) -> None:
        """Show the commands to everybody who has a role."""
        await asyncio.gather(*(self.show(each) for each in await self._operators.all()))

    async def meet(self, telegram_id: int) -> None:
        """Show the commands to somebody who opens the chat, if it is an operator."""
        try:
            operator = await self._operators.find(telegram_id)
        except DATABASE_FAILURES as error:
            log.warning("operator_commands_not_set", error=type(error).__name__)
            return
        if operator is not None:
            await self.show(operator)

    async def show(self, operator: Operator) -> None:
        """Show the commands of the roles of now, unless they are shown already.

        Telegram knows the list of a chat only once the person has opened it.
        """
        locale = (await self._subscribers.get(SubscriberId(operator.id), None)).locale
        if self._shown.get(operator.id) == (operator.roles, locale):
            return
        scope = BotCommandScopeChat(chat_id=operator.id)
        try:
            if operator.roles:
                commands = self._commands(operator.roles, locale)
                await self._bot.set_my_commands(commands, scope=scope)
            else:
                await self._bot.delete_my_commands(scope=scope)
            self._shown[operator.id] = operator.roles, locale
        except TelegramAPIError as error:
            log.info("operator_commands_not_set", error=type(error).__name__)

    async def tell(self, operator: Operator) -> bool:
        """Tell an operator of the own roles; False where the bot cannot write to them."""
        await self.show(operator)
        subscriber = await self._subscribers.get(SubscriberId(operator.id), None)
        with self._catalogues.using(subscriber.locale):
            html = news_text(operator.roles)
        try:
            await self._bot.send_message(operator.id, html, parse_mode="HTML")
        except TelegramAPIError as error:
            log.warning("operator_not_told", error=type(error).__name__)
            return False
        return True

    async def name(self, operator: Operator) -> str:
        """Give the name that Telegram shows; nothing for somebody who never wrote to the bot."""
        try:
            chat = await self._bot.get_chat(operator.id)
        except TelegramAPIError:
            return ""
        return chat.full_name

    def _commands(self, roles: Roles, locale: Locale) -> list[BotCommand]:
        with self._catalogues.using(locale):
            own = [
                BotCommand(command=command.name, description=command.description())
                for command in commands_for(roles)
            ]
            return [*resident_commands(), *own]
