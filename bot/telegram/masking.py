"""Numbers of people do not reach the operators' group: every digit of them becomes a dot.

Each character is replaced by as many UTF-16 units as it had, so entities stay where they are.
"""

import re
from collections.abc import Sequence

from aiogram.types import MessageEntity

from bot.domain.iin import without_separators
from bot.telegram.reading import read_attempt

# Digits with what people put between them: a few spaces, dashes, brackets and invisible marks.
_BETWEEN = (
    r"[ \t\u00a0\u00ad\u1680\u2000-\u200f\u2010-\u2015\u202a-\u202f\u205f-\u2069\u2212\u3000"
    r"\ufeff()+\-]"
)
_RUN = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d)*")
# An IIN that lost its zeros has nine digits; the shortest phone worth hiding too.
_FEWEST = 9
_DATE = re.compile(r"\b(?:\d{1,2}[./]\d{1,2}[./])?(?:19|20)\d\d\b")
_DOT = "•"
_FORMS = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
}


def hide_numbers(text: str) -> str:
    """Put dots in the place of the digits of IINs, phones and whatever is as long."""
    attempt = read_attempt(text)
    if attempt is not None and attempt.is_personal and attempt.iin is None:
        # The reader takes several numbers, or the whole text, for a number with a mistake.
        whole = _RUN.sub(_hidden_if_long, text)
        is_left = sum(character.isdigit() for character in _DATE.sub("", whole)) >= _FEWEST
        return _dotted(text) if is_left else whole
    return _RUN.sub(_hidden_if_long, text)


def is_only_number(text: str) -> bool:
    """Tell whether a text is a number to look up; a date or a sum is a message to somebody."""
    attempt = read_attempt(text)
    digits = sum(character.isdigit() for character in text)
    if attempt is None or digits <= sum(character.isalpha() for character in text):
        return False
    is_bare = without_separators(text).isdigit() and digits >= _FEWEST
    return attempt.iin is not None or attempt.is_phone or is_bare


def has_iin(text: str) -> bool:
    """Tell whether a text is better taken out of the chat, as a text with an IIN always is."""
    attempt = read_attempt(text)
    return attempt is not None and attempt.is_personal and not attempt.is_phone


def kept_entities(entities: Sequence[MessageEntity] | None) -> list[MessageEntity]:
    """Give what is form alone, and links without a number in them."""
    return [
        entity
        for entity in entities or ()
        if entity.type in _FORMS and (not entity.url or hide_numbers(entity.url) == entity.url)
    ]


def _hidden_if_long(match: re.Match[str]) -> str:
    found = match.group()
    is_long = sum(character.isdigit() for character in found) >= _FEWEST
    return _dotted(found) if is_long else found


def _dotted(text: str) -> str:
    return "".join(
        _DOT * _units(character) if character.isdigit() else character for character in text
    )


def _units(character: str) -> int:
    return len(character.encode("utf-16-le")) // 2
