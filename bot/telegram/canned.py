"""Replies that are ready, with the values of today put in."""

from collections.abc import Callable, Mapping
from datetime import date
from string import Formatter

from bot.content.inbox import CannedReply
from bot.content.library import Content
from bot.content.placeholders import placeholder_values
from bot.domain.locales import Locale
from bot.services.inbox import Inbox
from bot.telegram.i18n import Catalogues
from bot.telegram.rendering.inbox import expectation_text, operator_signature
from bot.telegram.rendering.values import bold, day, escaped


class Canned:
    """Writes ready replies.

    Args:
        as_of: the day of the register's data.
    """

    def __init__(
        self,
        content: Content,
        catalogues: Catalogues,
        inbox: Inbox,
        today: Callable[[], date],
        as_of: Callable[[], date],
    ) -> None:
        self._content = content
        self._catalogues = catalogues
        self._inbox = inbox
        self._today = today
        self._as_of = as_of

    def __contains__(self, key: str) -> bool:
        return key in self._content.inbox.replies

    @property
    def replies(self) -> list[CannedReply]:
        return list(self._content.inbox.replies.values())

    async def text(self, key: str, number: int, locale: Locale) -> str | None:
        """Write a reply in a language; None where nobody has verified a figure in it for today."""
        text = self._content.inbox.replies[key].text[locale]
        content, today = self._content, self._today()
        expectation = await self._inbox.expectation()
        with self._catalogues.using(locale):
            values: Mapping[str, str | None] = {
                **placeholder_values(content.parameters, content.requisites, today),
                "number": str(number),
                "as_of": day(self._as_of()),
                "today": day(today),
                "hours": expectation_text(expectation),
            }
        used = {name for _words, name, _spec, _conversion in Formatter().parse(text) if name}
        if any(values[name] is None for name in used):
            return None
        return text.format(**values)

    def signed(self, text: str, locale: Locale) -> str:
        """Make HTML of a reply, under a line that says who writes."""
        with self._catalogues.using(locale):
            return f"{bold(operator_signature())}\n{escaped(text)}"
