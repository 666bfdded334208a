"""Guides by topic, and the letters that go with them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from aiogram.filters.callback_data import CallbackData

from bot.content.guides import Guide
from bot.content.library import Content
from bot.content.placeholders import placeholder_values
from bot.domain.locales import Locale
from bot.services.answers import Answers
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram.callbacks import (
    OpenGuide,
    OpenLetter,
    OpenTopic,
    OpenTopics,
    SendLetter,
    answer_of,
)
from bot.telegram.i18n import current_locale
from bot.telegram.i18n import gettext as _
from bot.telegram.keyboards import back_button, button, guide_rows, in_rows, keyboard, menu_button
from bot.telegram.rendering.guide import render_guide
from bot.telegram.rendering.letter import owed_months, render_letter
from bot.telegram.rendering.notices import topic_text, topics_text
from bot.telegram.screens import Opener, Screen

_GUIDES_FOR_ANSWER = 4
_OTHER = {"kk": "ru", "ru": "kk"}


class GuideViews:
    def __init__(self, answers: Answers, content: Content, today: Callable[[], date]) -> None:
        self._answers = answers
        self._content = content
        self._today = today
        # Guides change once a day at most, with the day's amounts.
        self._guide_text = lru_cache(maxsize=256)(self._render_guide)

    def openers(self) -> Mapping[type[CallbackData], Opener]:
        return {
            OpenTopics: self._topics,
            OpenTopic: self._topic,
            OpenGuide: self._guide,
            OpenLetter: self._letter,
        }

    async def _topics(self, view: OpenTopics, subscriber: Subscriber) -> Screen | None:
        helpful: list[Guide] = []
        if answer_id := answer_of(view):
            answer = await self._answers.reopen(AnswerId(answer_id), subscriber)
            if answer is None:
                return None
            slugs = self._content.routes.guides_for(answer.assessment)
            helpful = self._in_reader_language(slugs[:_GUIDES_FOR_ANSWER])
        topics = [
            button(topic.title[current_locale()], OpenTopic(topic=key, origin=view.origin))
            for key, topic in self._content.routes.topics.items()
        ]
        rows = [
            *guide_rows(helpful, view.origin),
            *in_rows(topics, 2),
            [back_button(view.origin)],
        ]
        return Screen(topics_text(has_helpful=bool(helpful)), keyboard(rows, view))

    async def _topic(self, view: OpenTopic, _subscriber: Subscriber) -> Screen | None:
        topic = self._content.routes.topics.get(view.topic)
        if topic is None:
            return None
        rows = [
            *guide_rows(self._in_reader_language(topic.guides), view.origin),
            [
                button(_("All topics"), OpenTopics(origin=view.origin)),
                back_button(view.origin),
            ],
        ]
        return Screen(topic_text(topic.title[current_locale()]), keyboard(rows, view))

    async def _guide(self, view: OpenGuide, _subscriber: Subscriber) -> Screen | None:
        if view.slug not in self._content.guides:
            return None
        letters = [
            [
                button(
                    letter.head.title[current_locale()],
                    OpenLetter(
                        slug=letter.slug,
                        guide=letter.head.guides.index(view.slug),
                        language=_letter_language(),
                        origin=view.origin,
                    ),
                )
            ]
            for letter in self._content.letters.of_guide(view.slug)
        ]
        topic = self._content.routes.topic_of(view.slug)
        rows = [
            *letters,
            [
                button(_("More guides"), OpenTopic(topic=topic, origin=view.origin)),
                back_button(view.origin),
            ],
        ]
        text = self._guide_text(view.slug, current_locale(), self._today())
        return Screen(text, keyboard(rows, view))

    async def _letter(self, view: OpenLetter, subscriber: Subscriber) -> Screen | None:
        letter = self._content.letters.get(view.slug)
        body = await self.letter_body(view, subscriber)
        if letter is None or body is None or view.guide >= len(letter.head.guides):
            return None
        in_other = view.model_copy(update={"language": _OTHER[view.language]})
        other_name = _("In Russian") if view.language == "kk" else _("In Kazakh")
        document = SendLetter(**view.model_dump())
        guide = OpenGuide(slug=letter.head.guides[view.guide], origin=view.origin)
        rows = [
            [button(_("As a document"), document), button(other_name, in_other)],
            [button(_("Back to the guide"), guide), menu_button()],
        ]
        return Screen(render_letter(letter.head, body), keyboard(rows, view))

    async def letter_body(
        self, view: OpenLetter | SendLetter, subscriber: Subscriber
    ) -> str | None:
        """Write a letter with the months owed to the person; None where it is out of date."""
        letter = self._content.letters.get(view.slug)
        if letter is None:
            return None
        months = ""
        if answer_id := answer_of(view):
            answer = await self._answers.reopen(AnswerId(answer_id), subscriber)
            if answer is None:
                return None
            months = owed_months(answer.assessment)
        return letter.filled(view.language, months)

    def _in_reader_language(self, slugs: list[str]) -> list[Guide]:
        return [self._content.guides[slug][current_locale()] for slug in slugs]

    def _render_guide(self, slug: str, locale: Locale, on: date) -> str:
        values = placeholder_values(self._content.parameters, self._content.requisites, on)
        return render_guide(self._content.guides[slug][locale], values)


def _letter_language() -> str:
    """Choose the language of a letter first shown: the reader's, Russian for Kyrgyz readers."""
    return "kk" if current_locale() is Locale.KK else "ru"
