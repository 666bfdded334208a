"""Cards for other chats: the first lines of a guide, or a service, and a link to the rest."""

from collections.abc import Callable, Sequence
from datetime import date

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)

from bot.content.library import Content
from bot.content.links import deep_link
from bot.content.placeholders import placeholder_values
from bot.content.search import Document
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.rendering.guide import render_lead
from bot.telegram.rendering.services import service_text
from bot.telegram.rendering.values import plain_text
from bot.telegram.sending import NO_PREVIEW

_DESCRIPTION = 100


class Cards:
    def __init__(self, content: Content, today: Callable[[], date]) -> None:
        self._content = content
        self._today = today

    def of(self, found: Sequence[Document] | None, username: str) -> list[InlineQueryResultArticle]:
        """Write a card for each document; for the first guide of every topic where None."""
        if found is None:
            topics = self._content.routes.topics.values()
            found = [Document(topic.guides[0], is_guide=True) for topic in topics]
        return [self._card(document, username) for document in found]

    def _card(self, document: Document, username: str) -> InlineQueryResultArticle:
        title, html = self._text(document)
        button = InlineKeyboardButton(text=_("Open Saqbol"), url=deep_link(username, document))
        return InlineQueryResultArticle(
            id=document.code,
            title=title,
            description=plain_text(html)[:_DESCRIPTION],
            input_message_content=InputTextMessageContent(
                message_text=html,
                parse_mode="HTML",
                link_preview_options=NO_PREVIEW,
            ),
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )

    def _text(self, document: Document) -> tuple[str, str]:
        locale = current_locale()
        if document.is_guide:
            guide = self._content.guides[document.key][locale]
            values = placeholder_values(
                self._content.parameters, self._content.requisites, self._today()
            )
            return guide.title, render_lead(guide, values)
        service = self._content.services.by_key[document.key]
        group = self._content.services.groups[service.kind]
        return service.name[locale], service_text(service, group)
