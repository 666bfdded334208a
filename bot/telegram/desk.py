"""The operators' desk: whether it can be reached, its language, and the topic of each resident."""

from collections.abc import Callable

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.domain.locales import Locale
from bot.domain.roles import Role
from bot.log import get_logger
from bot.services.answers import Answers
from bot.services.inbox import Inbox
from bot.services.operators import Operators
from bot.services.subscribers import Subscribers
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.inbox import Conversation, Correspondent, InboxRepository
from bot.storage.subscribers import Subscriber, SubscriberId
from bot.telegram.commands import IN_TOPICS
from bot.telegram.forum import Forum, ForumProblem, is_topic_gone
from bot.telegram.i18n import Catalogues
from bot.telegram.keyboards import card_keyboard, rating_keyboard
from bot.telegram.rendering.inbox import (
    card_text,
    closed_by_operator_text,
    closed_silent_text,
    topic_name,
)

log = get_logger(__name__)


class Desk:
    """Where residents reach operators: one forum group, a topic a resident.

    Args:
        forum: None where the deployment has no group.
        on_problem: hears of each change of what the group lacks.
    """

    def __init__(  # noqa: PLR0913 - all that a topic needs, joined in bot/app
        self,
        bot: Bot,
        forum: Forum | None,
        kept: InboxRepository,
        answers: Answers,
        operators: Operators,
        subscribers: Subscribers,
        catalogues: Catalogues,
        *,
        on_problem: Callable[[ForumProblem | None], None],
    ) -> None:
        self._bot = bot
        self._forum = forum
        self._kept = kept
        self._answers = answers
        self._operators = operators
        self._subscribers = subscribers
        self._catalogues = catalogues
        self._on_problem = on_problem
        self._problem: ForumProblem | None = None
        self._is_checked = False

    @property
    def forum(self) -> Forum:
        """The group; there is one wherever a conversation is."""
        if self._forum is None:
            raise RuntimeError("there is no group of operators")
        return self._forum

    @property
    def has_group(self) -> bool:
        return self._forum is not None

    @property
    def is_on(self) -> bool:
        """Whether people may be offered to ask a person."""
        return self._is_checked and self._problem is None

    def is_here(self, chat_id: int) -> bool:
        """Tell whether a chat is the operators' group."""
        return self._forum is not None and self._forum.chat_id == chat_id

    async def check(self) -> None:
        """Look whether the group is fit, and say what has changed."""
        if self._forum is None:
            return
        try:
            problem = await self._forum.check()
        except TelegramAPIError as error:
            log.warning("inbox_group_not_checked", error=type(error).__name__)
            return
        if problem is self._problem and self._is_checked:
            return
        was_fit, self._problem, self._is_checked = self._problem is None, problem, True
        if problem is None:
            log.info("inbox_group_fit", chat_id=self._forum.chat_id)
            await self._show_commands()
        else:
            log.error("inbox_group_unfit", chat_id=self._forum.chat_id, reason=problem.value)
        if problem is not None or not was_fit:
            self._on_problem(problem)

    async def locale(self) -> Locale:
        """Give the language of the group: that of the first operator who answers people."""
        for operator in await self._operators.all():
            if Role.SUPPORT in operator.roles:
                return (await self._subscribers.get(SubscriberId(operator.id), None)).locale
        return Locale.RU

    async def resident_locale(self, subscriber_id: SubscriberId) -> Locale:
        return (await self._subscribers.get(subscriber_id, None)).locale

    async def topic_for(self, subscriber: Subscriber, conversation: Conversation) -> int:
        """Give the topic of a resident, ready to be written to.

        A conversation that begins has a card, and a topic that was closed is open again.
        """
        correspondent = await self._kept.correspondent(subscriber.id)
        if correspondent is None:
            raise RuntimeError("a conversation has a correspondent")
        begins = conversation.asked_at is None
        topic_id = self._topic_here(correspondent)
        name = topic_name(correspondent.number, subscriber.locale)
        if topic_id is None:
            topic_id = await self.forum.create(name)
            await self._kept.keep_topic(subscriber.id, self.forum.chat_id, topic_id)
            begins = True
        elif begins or not conversation.is_open:
            await self.forum.reopen(topic_id)
        if begins:
            await self._put_card(topic_id, correspondent.number, subscriber)
        return topic_id

    async def lose_topic(self, subscriber_id: SubscriberId) -> None:
        """Note that somebody has deleted the topic."""
        await self._kept.keep_topic(subscriber_id, None, None)

    async def note(self, subscriber_id: SubscriberId, text: Callable[[], str]) -> None:
        """Write a line into the topic of a resident, if there is one."""
        topic_id = await self._topic_of(subscriber_id)
        if topic_id is None:
            return
        with self._catalogues.using(await self.locale()):
            html = text()
        try:
            await self.forum.say(topic_id, html)
        except TelegramAPIError as error:
            log.warning("topic_not_told", error=type(error).__name__)

    async def tell(self, subscriber_id: SubscriberId, text: Callable[[], str]) -> bool:
        """Write to a resident in the own language; False where that is not possible."""
        with self._catalogues.using(await self.resident_locale(subscriber_id)):
            html = text()
        try:
            await self._bot.send_message(subscriber_id, html, parse_mode="HTML")
        except TelegramAPIError as error:
            log.warning("resident_not_told", error=type(error).__name__)
            return False
        return True

    async def say_closed(self, conversation: Conversation, *, is_silent: bool = False) -> bool:
        """Tell the resident that a conversation is over and ask how it was."""
        subscriber_id = conversation.subscriber_id
        with self._catalogues.using(await self.resident_locale(subscriber_id)):
            html = closed_silent_text() if is_silent else closed_by_operator_text()
            keyboard = rating_keyboard(conversation.id)
        try:
            await self._bot.send_message(
                subscriber_id, html, parse_mode="HTML", reply_markup=keyboard
            )
        except TelegramAPIError as error:
            log.warning("resident_not_told", error=type(error).__name__)
            return False
        return True

    async def close_topic(self, subscriber_id: SubscriberId) -> None:
        """Close the topic of a resident, after the last word in it."""
        topic_id = await self._topic_of(subscriber_id)
        if topic_id is None:
            return
        try:
            await self.forum.close(topic_id)
        except TelegramAPIError as error:
            log.warning("topic_not_closed", error=type(error).__name__)

    async def delete_topic(self, subscriber_id: SubscriberId) -> bool | None:
        """Delete the topic of a resident; None where there is none, False where it stays."""
        topic_id = await self._topic_of(subscriber_id)
        return None if topic_id is None else await self.forum.delete(topic_id)

    async def tidy(self, inbox: Inbox) -> None:
        """End what everybody has left, and remove what ended long ago, the topics too."""
        try:
            for conversation in await inbox.close_silent():
                await self.say_closed(conversation, is_silent=True)
                await self.close_topic(conversation.subscriber_id)
            if removed := await self._kept.purge():
                log.info("old_conversations_removed", number=removed)
            for correspondent in await self._kept.silent_correspondents():
                is_deleted = await self.delete_topic(correspondent.subscriber_id)
                if is_deleted is not False:
                    await self._kept.drop(correspondent.subscriber_id)
        except DATABASE_FAILURES as error:
            log.error("inbox_not_tidied", error=type(error).__name__)

    async def _put_card(self, topic_id: int, number: int, subscriber: Subscriber) -> None:
        outcome = await self._answers.latest_outcome(subscriber)
        with self._catalogues.using(await self.locale()):
            html = card_text(number, subscriber.locale, outcome)
            keyboard = card_keyboard()
        try:
            await self.forum.say(topic_id, html, keyboard)
        except TelegramBadRequest as error:
            if is_topic_gone(error):
                raise
            # What the resident wrote is more important.
            log.warning("card_not_put", error=type(error).__name__)

    async def _topic_of(self, subscriber_id: SubscriberId) -> int | None:
        if self._forum is None:
            return None
        correspondent = await self._kept.correspondent(subscriber_id)
        return self._topic_here(correspondent) if correspondent is not None else None

    def _topic_here(self, correspondent: Correspondent) -> int | None:
        return correspondent.topic_id if self.is_here(correspondent.chat_id or 0) else None

    async def _show_commands(self) -> None:
        with self._catalogues.using(await self.locale()):
            commands = [
                BotCommand(command=each.name, description=each.description()) for each in IN_TOPICS
            ]
        scope = BotCommandScopeChat(chat_id=self.forum.chat_id)
        try:
            await self._bot.set_my_commands(commands, scope=scope)
        except TelegramAPIError as error:
            log.info("group_commands_not_set", error=type(error).__name__)
