"""Short texts in the reader's language: gettext catalogues compiled in memory at start."""

import gettext as stdlib_gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

from bot.domain.locales import Locale

_current: ContextVar[tuple[Locale, NullTranslations]] = ContextVar(
    "locale", default=(Locale.RU, stdlib_gettext.NullTranslations())
)


class Catalogues:
    """One compiled catalogue a locale."""

    def __init__(self, translations: Mapping[Locale, NullTranslations]) -> None:
        self._translations = translations

    @contextmanager
    def using(self, locale: Locale) -> Iterator[None]:
        """Make *locale* the language of every ``_()`` inside the block."""
        token = _current.set((locale, self._translations[locale]))
        try:
            yield
        finally:
            _current.reset(token)


def current_locale() -> Locale:
    return _current.get()[0]


def gettext(message: str) -> str:
    return _current.get()[1].gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    return _current.get()[1].ngettext(singular, plural, number)
