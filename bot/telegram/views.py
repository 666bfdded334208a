"""Views: what a button opens. Each is drawn from its callback data alone, in any language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.content.guides import Guide
from bot.content.library import Content
from bot.content.placeholders import placeholder_values
from bot.domain.locales import Locale
from bot.services.answers import Answer, Answers
from bot.services.subscribers import has_consented
from bot.storage.answers import AnswerId
from bot.storage.subscribers import Subscriber
from bot.telegram import keyboards
from bot.telegram.callbacks import (
    OpenAnswer,
    OpenGuide,
    OpenGuides,
    OpenMenu,
    OpenWays,
    OpenWelcome,
    OpenWhy,
)
from bot.telegram.i18n import current_locale
from bot.telegram.rendering.answer import render_answer
from bot.telegram.rendering.guide import render_guide
from bot.telegram.rendering.notices import guides_text, menu_text, privacy_text, welcome_text
from bot.telegram.rendering.ways import render_ways
from bot.telegram.rendering.why import render_why

_BY_PREFIX: dict[str, type[CallbackData]] = {
    view.__prefix__: view
    for view in (OpenWelcome, OpenMenu, OpenAnswer, OpenWhy, OpenWays, OpenGuides, OpenGuide)
}
VIEW_PREFIXES = frozenset(_BY_PREFIX)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: HTML and its buttons."""

    text: str
    keyboard: InlineKeyboardMarkup | None


class Views:
    """Draws every view in the current locale."""

    def __init__(self, answers: Answers, content: Content, today: Callable[[], date]) -> None:
        self._answers = answers
        self._content = content
        self._today = today
        # Guides change once a day at most, with the day's amounts.
        self._guide_text = lru_cache(maxsize=256)(self._render_guide)

    async def open(self, data: str, subscriber: Subscriber) -> Screen | None:
        """Draw the view of packed callback data; None where it is out of date."""
        match view := _unpack(data):
            case None:
                return None
            case OpenWelcome():
                return self.welcome(subscriber)
            case OpenMenu():
                return self.menu()
            case OpenGuides(answer_id="") | OpenGuide(answer_id=""):
                return self._guides_view(view, None)
            case _ if not has_consented(subscriber):
                return self.welcome(subscriber)
            case _:
                answer = await self._reopen(view, subscriber)
                return self._answer_view(view, answer) if answer is not None else None

    def welcome(self, subscriber: Subscriber) -> Screen:
        if has_consented(subscriber):
            return Screen(privacy_text(), keyboards.privacy_keyboard())
        return Screen(welcome_text(), keyboards.welcome_keyboard())

    def menu(self) -> Screen:
        return Screen(menu_text(), keyboards.menu_keyboard())

    def answer(self, answer: Answer) -> Screen:
        return Screen(render_answer(answer), keyboards.answer_keyboard(answer))

    async def _reopen(self, view: CallbackData, subscriber: Subscriber) -> Answer | None:
        answer_id = getattr(view, "answer_id", "")
        return await self._answers.reopen(AnswerId(answer_id), subscriber)

    def _answer_view(self, view: CallbackData, answer: Answer) -> Screen | None:
        answer_id = answer.id or ""
        match view:
            case OpenWhy() if answer.assessment.trace:
                text = render_why(answer, self._content.references)
                return Screen(text, keyboards.why_keyboard(answer_id, answer.assessment.status))
            case OpenWays() if answer.assessment.status in keyboards.WITH_WAYS:
                return Screen(
                    render_ways(answer.assessment),
                    keyboards.ways_keyboard(answer_id, self._helpful_guides(answer)[:4]),
                )
            case OpenGuides() | OpenGuide():
                return self._guides_view(view, answer)
            case _:
                return self.answer(answer)

    def _guides_view(self, view: CallbackData, answer: Answer | None) -> Screen | None:
        answer_id = (answer.id if answer else None) or ""
        if isinstance(view, OpenGuide):
            if view.slug not in self._content.guides:
                return None
            text = self._guide_text(view.slug, current_locale(), self._today())
            return Screen(text, keyboards.guide_keyboard(view.slug, answer_id))
        return Screen(guides_text(), keyboards.guides_keyboard(answer_id, self._all_guides(answer)))

    def _helpful_guides(self, answer: Answer) -> list[Guide]:
        """List the guides for the answer's reasons and ways, the most helpful first."""
        slugs = self._content.routes.guides_for(answer.assessment)
        return [self._content.guides[slug][current_locale()] for slug in slugs]

    def _all_guides(self, answer: Answer | None) -> list[Guide]:
        """List every guide once, those for the answer first."""
        first = self._helpful_guides(answer) if answer else []
        guides, locale = self._content.guides, current_locale()
        every = [guides[slug][locale] for slug in self._content.routes.menu]
        return [*first, *(guide for guide in every if guide not in first)]

    def _render_guide(self, slug: str, locale: Locale, on: date) -> str:
        values = placeholder_values(self._content.parameters, self._content.requisites, on)
        return render_guide(self._content.guides[slug][locale], values)


def _unpack(data: str) -> CallbackData | None:
    view_class = _BY_PREFIX.get(data.partition(":")[0])
    if view_class is None:
        return None
    try:
        return view_class.unpack(data)
    except (TypeError, ValueError):
        return None
