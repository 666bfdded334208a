"""The forum group of operators: its topics, and whether it is fit for the inbox."""

from enum import StrEnum

from aiogram import Bot
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
)
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberOwner,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)

from bot.log import get_logger
from bot.telegram.sending import NO_PREVIEW

log = get_logger(__name__)

# The Bot API has no codes for these (https://github.com/tdlib/telegram-bot-api, Client.cpp).
_GONE = ("message thread not found", "topic_id_invalid", "topic_deleted")
_SO_ALREADY = "topic_not_modified"


class ForumProblem(StrEnum):
    """Why the group cannot be worked in."""

    NOT_FOUND = "not_found"
    NOT_A_FORUM = "not_a_forum"
    NOT_ADMINISTRATOR = "not_administrator"
    NO_TOPICS_RIGHT = "no_topics_right"
    NO_DELETE_RIGHT = "no_delete_right"


class Forum:
    """Topics of one group."""

    def __init__(self, bot: Bot, chat_id: int) -> None:
        self._bot = bot
        self.chat_id = chat_id

    async def check(self) -> ForumProblem | None:
        """Find what the group or the bot in it lacks.

        Raises:
            TelegramAPIError: Telegram does not answer, so nothing is known.
        """
        try:
            chat = await self._bot.get_chat(self.chat_id)
            member = await self._bot.get_chat_member(self.chat_id, self._bot.id)
        except (TelegramBadRequest, TelegramForbiddenError):
            return ForumProblem.NOT_FOUND
        if chat.type != ChatType.SUPERGROUP or not chat.is_forum:
            return ForumProblem.NOT_A_FORUM
        if member.status == ChatMemberStatus.CREATOR or isinstance(member, ChatMemberOwner):
            return None
        if not isinstance(member, ChatMemberAdministrator):
            return ForumProblem.NOT_ADMINISTRATOR
        if not member.can_manage_topics:
            return ForumProblem.NO_TOPICS_RIGHT
        return None if member.can_delete_messages else ForumProblem.NO_DELETE_RIGHT

    async def create(self, name: str) -> int:
        """Open a topic and give its number."""
        topic = await self._bot.create_forum_topic(self.chat_id, name)
        return topic.message_thread_id

    async def reopen(self, topic_id: int) -> None:
        """Open a topic again; one that is open or gone is no error."""
        await self._set(topic_id, is_open=True)

    async def close(self, topic_id: int) -> None:
        """Close a topic; one that is closed or gone is no error."""
        await self._set(topic_id, is_open=False)

    async def delete(self, topic_id: int) -> bool:
        """Delete a topic with all that is in it; tell whether it is gone."""
        try:
            await self._bot.delete_forum_topic(self.chat_id, topic_id)
        except TelegramAPIError as error:
            if is_topic_gone(error):
                return True
            log.warning("topic_not_deleted", error=type(error).__name__)
            return False
        return True

    async def say(
        self,
        topic_id: int,
        html: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        about: int | None = None,
    ) -> Message:
        """Write into a topic, as a reply to the message that it is about."""
        return await self._bot.send_message(
            self.chat_id,
            html,
            message_thread_id=topic_id,
            parse_mode="HTML",
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard,
            reply_parameters=reply_to(about),
        )

    async def _set(self, topic_id: int, *, is_open: bool) -> None:
        act = self._bot.reopen_forum_topic if is_open else self._bot.close_forum_topic
        try:
            await act(self.chat_id, topic_id)
        except TelegramBadRequest as error:
            if _SO_ALREADY not in error.message.lower() and not is_topic_gone(error):
                raise


def is_topic_gone(error: TelegramAPIError) -> bool:
    """Tell whether somebody has deleted the topic."""
    return any(text in error.message.lower() for text in _GONE)


def reply_to(message_id: int | None) -> ReplyParameters | None:
    """Reply to a message if it is still there."""
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)
