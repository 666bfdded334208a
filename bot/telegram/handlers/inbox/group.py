"""The operators' side: their group, where each resident has a topic.

Before everything else: nothing that is meant for private chats happens in this group, and the bot
does not leave it.
"""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, ChatMemberUpdated, InlineKeyboardMarkup, Message

from bot.domain.roles import Role
from bot.services.inbox import Inbox
from bot.services.operators import Operator
from bot.storage.inbox import Correspondent, InboxRepository
from bot.telegram.canned import Canned
from bot.telegram.commands import BAN, CANNED, CLOSE, UNBAN
from bot.telegram.copying import can_be_copied
from bot.telegram.desk import Desk
from bot.telegram.filters import (
    ClosedByHand,
    InInboxChat,
    InternalNote,
    InTopic,
    SaidInGroup,
    is_second_hand,
)
from bot.telegram.handlers.views import refuse_button
from bot.telegram.keyboards import canned_keyboard, preview_keyboard
from bot.telegram.mirror import Mirror, Passed
from bot.telegram.operator_callbacks import (
    BackToCanned,
    CloseTopic,
    ListCanned,
    PreviewCanned,
    SendCanned,
)
from bot.telegram.rendering.inbox import (
    banned_text,
    canned_list_text,
    canned_preview_text,
    canned_sent_text,
    canned_unknown_value_text,
    outsider_text,
    topic_banned_text,
    topic_change_not_passed_text,
    topic_closed_text,
    topic_kinds_text,
    topic_maybe_delivered_text,
    topic_not_delivered_text,
    topic_nothing_open_text,
    topic_unknown_command_text,
    unbanned_text,
)
from bot.telegram.rights import everybody, only
from bot.telegram.screens import Screen
from bot.telegram.sending import acknowledge, show


async def list_canned(message: Message, desk: Desk, canned: Canned) -> None:
    """List the ready replies in a topic."""
    await _say(desk, message, canned_list_text(), canned_keyboard(canned.replies))


async def close(
    message: Message, correspondent: Correspondent, operator: Operator, inbox: Inbox, desk: Desk
) -> None:
    """End the conversation of a topic and ask the resident how it was."""
    await _close(message, correspondent, operator, inbox, desk)


async def close_by_hand(
    _message: Message, correspondent: Correspondent, operator: Operator, inbox: Inbox, desk: Desk
) -> None:
    """End the conversation of a topic that an operator has closed in Telegram itself."""
    conversation = await inbox.close(correspondent, operator)
    if conversation is not None:
        await desk.say_closed(conversation)


async def ban(
    message: Message, correspondent: Correspondent, operator: Operator, inbox: Inbox, desk: Desk
) -> None:
    """Stop the messages of a resident, who is told."""
    if await inbox.ban(correspondent, operator, is_banned=True):
        await desk.tell(correspondent.subscriber_id, banned_text)
    await _say(desk, message, topic_banned_text(is_banned=True))
    if await inbox.close(correspondent, operator) is not None:
        await desk.close_topic(correspondent.subscriber_id)


async def unban(
    message: Message, correspondent: Correspondent, operator: Operator, inbox: Inbox, desk: Desk
) -> None:
    """Let the messages of a resident through again."""
    if await inbox.ban(correspondent, operator, is_banned=False):
        await desk.tell(correspondent.subscriber_id, unbanned_text)
    await _say(desk, message, topic_banned_text(is_banned=False))


async def leave_note(_message: Message) -> None:
    """Leave a note of operators and what Telegram itself writes where it is."""


async def answer_resident(
    message: Message, correspondent: Correspondent, mirror: Mirror, desk: Desk
) -> None:
    """Pass an answer on to the resident; say what could not be delivered."""
    if (message.text or "").startswith("/"):
        await _say(desk, message, topic_unknown_command_text())
        return
    if not can_be_copied(message) or is_second_hand(message) or message.sender_chat is not None:
        await _say(desk, message, topic_kinds_text())
        return
    await _report(await mirror.to_resident(message, correspondent), message, desk)


async def say_who_answers(
    message: Message, correspondent: Correspondent, inbox_kept: InboxRepository, desk: Desk
) -> None:
    """Say once in a topic that others do not reach the resident."""
    if await inbox_kept.tell_outsiders(correspondent.subscriber_id):
        await _say(desk, message, outsider_text())


async def ignore_talk(_message: Message) -> None:
    """Leave all other talk of the operators' group alone."""


async def keep_answer(message: Message, desk: Desk) -> None:
    """Say that an answer which became a note stays with the resident as it was."""
    await _say(desk, message, topic_change_not_passed_text())


async def change_answer(
    message: Message, correspondent: Correspondent, mirror: Mirror, desk: Desk
) -> None:
    """Change the resident's copy of an answer."""
    if await mirror.change_at_resident(message, correspondent) is False:
        await _say(desk, message, topic_change_not_passed_text())


async def list_canned_here(query: CallbackQuery, desk: Desk, canned: Canned) -> None:
    """List the ready replies under the card of a topic."""
    await acknowledge(query)
    if isinstance(query.message, Message):
        await _say(desk, query.message, canned_list_text(), canned_keyboard(canned.replies))


async def back_to_canned(query: CallbackQuery, canned: Canned) -> None:
    """Show the ready replies in place of one."""
    await acknowledge(query)
    if isinstance(query.message, Message):
        await show(query.message, Screen(canned_list_text(), canned_keyboard(canned.replies)))


async def preview_canned(
    query: CallbackQuery,
    callback_data: PreviewCanned,
    correspondent: Correspondent,
    canned: Canned,
    desk: Desk,
) -> None:
    """Show a ready reply as the resident would read it."""
    locale = await desk.resident_locale(correspondent.subscriber_id)
    if callback_data.key not in canned or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    text = await canned.text(callback_data.key, correspondent.number, locale)
    if text is None:
        await query.answer(canned_unknown_value_text(), show_alert=True)
        return
    await acknowledge(query)
    screen = Screen(canned_preview_text(text, locale), preview_keyboard(callback_data.key))
    await show(query.message, screen)


async def send_canned(
    query: CallbackQuery,
    callback_data: SendCanned,
    correspondent: Correspondent,
    canned: Canned,
    desk: Desk,
    mirror: Mirror,
) -> None:
    """Send a ready reply; the message with the preview stands for it in the topic."""
    locale = await desk.resident_locale(correspondent.subscriber_id)
    if callback_data.key not in canned or not isinstance(query.message, Message):
        await refuse_button(query)
        return
    text = await canned.text(callback_data.key, correspondent.number, locale)
    if text is None:
        await query.answer(canned_unknown_value_text(), show_alert=True)
        return
    await acknowledge(query)
    html = canned.signed(text, locale)
    passed = await mirror.text_to_resident(html, query.message.message_id, correspondent)
    if passed is Passed.YES:
        await show(query.message, Screen(canned_sent_text(text), None))
    await _report(passed, query.message, desk)


async def close_here(
    query: CallbackQuery,
    correspondent: Correspondent,
    operator: Operator,
    inbox: Inbox,
    desk: Desk,
) -> None:
    """End the conversation by the button of the card."""
    await acknowledge(query)
    if isinstance(query.message, Message):
        await _close(query.message, correspondent, operator, inbox, desk)


async def refuse_button_here(query: CallbackQuery) -> None:
    """Say that a button is unknown, out of date, or not for this person."""
    await refuse_button(query)


async def look_at_group(_event: ChatMemberUpdated, desk: Desk) -> None:
    """Look whether the operators' group is still fit after a change of the bot's rights."""
    await desk.check()


async def _close(
    message: Message, correspondent: Correspondent, operator: Operator, inbox: Inbox, desk: Desk
) -> None:
    conversation = await inbox.close(correspondent, operator)
    if conversation is None:
        await _say(desk, message, topic_nothing_open_text())
        return
    is_told = await desk.say_closed(conversation)
    await _say(desk, message, topic_closed_text(is_told=is_told))
    await desk.close_topic(correspondent.subscriber_id)


async def _report(passed: Passed, message: Message, desk: Desk) -> None:
    if passed in {Passed.NO, Passed.BLOCKED}:
        is_blocked = passed is Passed.BLOCKED
        await _say(desk, message, topic_not_delivered_text(is_blocked=is_blocked))
    elif passed is Passed.MAYBE:
        await _say(desk, message, topic_maybe_delivered_text())


async def _say(
    desk: Desk, message: Message, html: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Write into the topic of *message*, as a reply to it."""
    if message.message_thread_id is not None:
        topic_id, about = message.message_thread_id, message.message_id
        await desk.forum.say(topic_id, html, keyboard, about=about)


def build_router() -> Router:
    support, all_of_them = only(Role.SUPPORT), everybody()
    router = Router(name="operators_group")
    for observer in (router.message, router.edited_message, router.callback_query):
        observer.filter(InInboxChat())
    said = router.message
    said.register(list_canned, Command(CANNED.name), InTopic(), flags=support)
    said.register(close, Command(CLOSE.name), InTopic(), flags=support)
    said.register(ban, Command(BAN.name), InTopic(), flags=support)
    said.register(unban, Command(UNBAN.name), InTopic(), flags=support)
    said.register(close_by_hand, ClosedByHand(), InTopic(), flags=support)
    said.register(leave_note, InternalNote(), flags=all_of_them)
    said.register(answer_resident, SaidInGroup(), InTopic(), flags=support)
    said.register(say_who_answers, SaidInGroup(), InTopic(), flags=all_of_them)
    said.register(ignore_talk, flags=all_of_them)
    router.edited_message.register(keep_answer, InternalNote(), InTopic(), flags=support)
    router.edited_message.register(change_answer, InTopic(), flags=support)
    press = router.callback_query
    press.register(list_canned_here, ListCanned.filter(), InTopic(), flags=support)
    press.register(back_to_canned, BackToCanned.filter(), InTopic(), flags=support)
    press.register(preview_canned, PreviewCanned.filter(), InTopic(), flags=support)
    press.register(send_canned, SendCanned.filter(), InTopic(), flags=support)
    press.register(close_here, CloseTopic.filter(), InTopic(), flags=support)
    press.register(refuse_button_here, flags=all_of_them)
    router.my_chat_member.register(look_at_group, InInboxChat(), flags=all_of_them)
    return router
