"""The chats of operators: their own list of commands there, and the news of their roles."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.domain.roles import Roles
from bot.log import get_logger
from bot.services.operators import Operator, Operators
from bot.services.subscribers import Subscribers
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
        self._shown: dict[int, Roles] = {}

    async def show_all(self) -> None:
        """Show the commands to everybody who has a role."""
        await asyncio.gather(*(self.show(each) for each in await self._operators.all()))

    async def show(self, operator: Operator) -> None:
        """Show the commands of the roles of now, unless they are shown already.

        Telegram knows the list of a chat only once the person has opened it.
        """
        if self._shown.get(operator.id) == operator.roles:
            return
        scope = BotCommandScopeChat(chat_id=operator.id)
        try:
            if operator.roles:
                await self._bot.set_my_commands(await self._commands(operator), scope=scope)
            else:
                await self._bot.delete_my_commands(scope=scope)
            self._shown[operator.id] = operator.roles
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

    async def _commands(self, operator: Operator) -> list[BotCommand]:
        subscriber = await self._subscribers.get(SubscriberId(operator.id), None)
        with self._catalogues.using(subscriber.locale):
            own = [
                BotCommand(command=command.name, description=command.description())
                for command in commands_for(operator.roles)
            ]
            return [*resident_commands(), *own]
