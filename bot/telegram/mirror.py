"""Carries messages between a resident and the topic, each at most once.

That a copy is about to leave is on the disk before it leaves. An update that comes again finds it
there: what was sent is not sent again, and of what was on its way at a crash the writer hears that
nobody knows.
"""

from collections.abc import Awaitable, Callable
from enum import Enum, auto

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import SendMessage
from aiogram.types import Message, MessageId

from bot.domain.inbox import CopyState, Side
from bot.log import get_logger
from bot.storage.inbox import Conversation, Correspondent, InboxRepository, Source
from bot.storage.subscribers import Subscriber, SubscriberId
from bot.telegram.copying import Words, changing, copying, masked_words, signed_words
from bot.telegram.delivery import Delivery, delivery_after
from bot.telegram.desk import Desk
from bot.telegram.forum import is_topic_gone, reply_to
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.inbox import operator_signature
from bot.telegram.sending import NO_PREVIEW

log = get_logger(__name__)

_NOT_MODIFIED = "message is not modified"


class Passed(Enum):
    """What became of a message for the other side."""

    YES = auto()
    BEFORE = auto()  # it came a second time and nothing is to be done
    NO = auto()
    BLOCKED = auto()  # the resident has blocked the bot
    MAYBE = auto()


class Mirror:
    def __init__(self, bot: Bot, desk: Desk, kept: InboxRepository, catalogues: Catalogues) -> None:
        self._bot = bot
        self._desk = desk
        self._kept = kept
        self._catalogues = catalogues

    async def to_topic(
        self, message: Message, conversation: Conversation, subscriber: Subscriber
    ) -> Passed:
        """Pass a message of a resident on, its numbers hidden."""
        source = Source(subscriber.id, Side.RESIDENT, message.message_id)
        passed = await self._carry(
            source, conversation, lambda: self._into_topic(message, conversation, subscriber)
        )
        if passed is Passed.NO:
            # Perhaps somebody has changed the group.
            await self._desk.check()
        return passed

    async def to_resident(self, message: Message, correspondent: Correspondent) -> Passed:
        """Pass a message of an operator on."""

        async def send(to: SubscriberId) -> int:
            with self._catalogues.using(await self._desk.resident_locale(to)):
                words = signed_words(message, operator_signature())
            reply = await self._counterpart(message, to, Side.OPERATOR)
            sent: MessageId = await self._bot(copying(message, words, to, reply=reply_to(reply)))
            return sent.message_id

        return await self._answer(message.message_id, correspondent, send)

    async def text_to_resident(
        self, html: str, source_id: int, correspondent: Correspondent
    ) -> Passed:
        """Send a ready reply, for which the message *source_id* of the topic stands."""

        async def send(to: SubscriberId) -> int:
            method = SendMessage(
                chat_id=to, text=html, parse_mode="HTML", link_preview_options=NO_PREVIEW
            )
            return (await self._bot(method)).message_id

        return await self._answer(source_id, correspondent, send)

    async def change_in_topic(self, message: Message, subscriber: Subscriber) -> bool | None:
        """Make the copy in the topic what the message is now; None where there is no copy."""
        source = Source(subscriber.id, Side.RESIDENT, message.message_id)
        copy_id = await self._kept.copy_of(source)
        if copy_id is None:
            return None
        chat_id = self._desk.forum.chat_id
        return await self._change(message, masked_words(message), chat_id, copy_id)

    async def change_at_resident(
        self, message: Message, correspondent: Correspondent
    ) -> bool | None:
        """Make the copy in the private chat what the message is now; None for no copy."""
        to = correspondent.subscriber_id
        copy_id = await self._kept.copy_of(Source(to, Side.OPERATOR, message.message_id))
        if copy_id is None:
            return None
        with self._catalogues.using(await self._desk.resident_locale(to)):
            words = signed_words(message, operator_signature())
        return await self._change(message, words, to, copy_id)

    async def _answer(
        self,
        source_id: int,
        correspondent: Correspondent,
        send: Callable[[SubscriberId], Awaitable[int]],
    ) -> Passed:
        to = correspondent.subscriber_id
        conversation = await self._kept.latest(to)
        if conversation is None:
            return Passed.NO
        source = Source(to, Side.OPERATOR, source_id)
        passed = await self._carry(source, conversation, lambda: send(to))
        if passed is Passed.YES and await self._kept.reopen(conversation.id):
            await self._reopen_topic(correspondent)
        return passed

    async def _carry(
        self, source: Source, conversation: Conversation, send: Callable[[], Awaitable[int]]
    ) -> Passed:
        earlier = await self._kept.claim(source, conversation.id)
        if earlier is CopyState.SENDING:
            await self._kept.settle(source, CopyState.UNCERTAIN)
            return Passed.MAYBE
        if earlier is not None:
            return Passed.BEFORE
        try:
            copy_id = await send()
        except TelegramAPIError as error:
            log.warning("message_not_passed_on", side=source.side.value, error=type(error).__name__)
            if delivery_after(error) is Delivery.MAYBE_SENT:
                await self._kept.settle(source, CopyState.UNCERTAIN)
                return Passed.MAYBE
            await self._kept.settle(source, CopyState.FAILED)
            return Passed.BLOCKED if isinstance(error, TelegramForbiddenError) else Passed.NO
        await self._kept.settle(source, CopyState.SENT, copy_id)
        return Passed.YES

    async def _into_topic(
        self, message: Message, conversation: Conversation, subscriber: Subscriber
    ) -> int:
        try:
            return await self._send_to_topic(message, conversation, subscriber)
        except TelegramBadRequest as error:
            if not is_topic_gone(error):
                raise
        # An operator has deleted the topic: the resident gets a new one.
        await self._desk.lose_topic(subscriber.id)
        return await self._send_to_topic(message, conversation, subscriber)

    async def _send_to_topic(
        self, message: Message, conversation: Conversation, subscriber: Subscriber
    ) -> int:
        topic_id = await self._desk.topic_for(subscriber, conversation)
        if not conversation.is_open:
            await self._kept.reopen(conversation.id)
        reply = await self._counterpart(message, subscriber.id, Side.RESIDENT)
        words, chat_id = masked_words(message), self._desk.forum.chat_id
        method = copying(message, words, chat_id, topic_id, reply_to(reply))
        sent: MessageId = await self._bot(method)
        return sent.message_id

    async def _counterpart(
        self, message: Message, subscriber_id: SubscriberId, side: Side
    ) -> int | None:
        """Give what the message replies to, as the other side knows it."""
        replied = message.reply_to_message
        if replied is None:
            return None
        return await self._kept.across(subscriber_id, side, replied.message_id)

    async def _change(self, message: Message, words: Words, chat_id: int, copy_id: int) -> bool:
        try:
            await self._bot(changing(message, words, chat_id, copy_id))
        except TelegramAPIError as error:
            if _NOT_MODIFIED in error.message:
                return True
            log.warning("change_not_passed_on", error=type(error).__name__)
            return False
        return True

    async def _reopen_topic(self, correspondent: Correspondent) -> None:
        if correspondent.topic_id is None:
            return
        try:
            await self._desk.forum.reopen(correspondent.topic_id)
        except TelegramAPIError as error:
            log.warning("topic_not_reopened", error=type(error).__name__)
