"""What a resident sees before and during a conversation with operators."""

from collections.abc import Mapping

from aiogram.filters.callback_data import CallbackData

from bot.services.inbox import Inbox
from bot.services.subscribers import has_consented
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import OpenInbox
from bot.telegram.desk import Desk
from bot.telegram.keyboards import begin_row, end_row, keyboard, menu_button
from bot.telegram.rendering.inbox import (
    banned_text,
    conversation_text,
    invitation_text,
    unreachable_text,
)
from bot.telegram.screens import Opener, Screen
from bot.telegram.views.general import welcome


class InboxViews:
    def __init__(self, inbox: Inbox, desk: Desk) -> None:
        self._inbox = inbox
        self._desk = desk

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {OpenInbox: self._inbox_screen}

    async def _inbox_screen(self, view: OpenInbox, subscriber: Subscriber) -> Screen:
        if not has_consented(subscriber):
            return welcome(subscriber)
        if not self._desk.is_on:
            return Screen(unreachable_text(), keyboard([[menu_button()]], view))
        if await self._inbox.is_banned(subscriber.id):
            return Screen(banned_text(), keyboard([[menu_button()]], view))
        conversation = await self._inbox.current(subscriber.id)
        expectation = await self._inbox.expectation()
        if conversation is not None and conversation.is_open:
            rows = [end_row(conversation.id), [menu_button()]]
            return Screen(conversation_text(expectation), keyboard(rows, view))
        return Screen(invitation_text(expectation), keyboard([begin_row(), [menu_button()]], view))
