"""The first words of what an author wrote."""

from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.telegram.i18n import current_locale
from bot.telegram.rendering.values import plain_text


def excerpt(wording: Wording, length: int) -> str:
    """Give at most so many letters on one line; nothing for a file without a text."""
    text = " ".join(plain_text(wording.html).split())
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def beginning(wordings: Wordings, length: int) -> str:
    """Give the first words in the reader's language, or in another; nothing without a text."""
    for locale in sorted(Locale, key=lambda each: each is not current_locale()):
        wording = wordings.by_locale.get(locale)
        if wording is not None and (words := excerpt(wording, length)):
            return words
    return ""
