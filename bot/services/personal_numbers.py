"""Numbers of people that must not be spread: IINs and phones, however they are typed."""

import re
from html import unescape

from bot.domain.iin import IinError, IinProblem, parse_iin

_TAG = re.compile(r"<[^>]+>")
# Everything that may stand between the digits of one number.
_RUN = re.compile(r"\+?[0-9](?:[\s\-()\u2010-\u2015\u200b-\u200f\u2060-\u2069]{0,3}[0-9]){9,}")
_IIN = 12
_PHONE = re.compile(r"(?:7|8)7[0-9]{9}")


def has_personal_number(html: str) -> bool:
    """Tell whether a text holds an IIN or a phone of Kazakhstan, in its links too."""
    texts = (html, unescape(_TAG.sub("", html)))
    return any(_is_personal(run) for text in texts for run in _RUN.findall(text))


def _is_personal(run: str) -> bool:
    """Look at every piece of a run of digits and at all neighbours together."""
    pieces = re.findall(r"\+?[0-9]+", run)
    return any(
        _is_iin(number) or _is_phone(number)
        for start in range(len(pieces))
        for end in range(start + 1, min(start + _IIN, len(pieces)) + 1)
        if (number := "".join(pieces[start:end]))
    )


def _is_phone(number: str) -> bool:
    return bool(_PHONE.fullmatch(number.removeprefix("+"))) or (
        number.startswith("+") and 10 <= len(number) - 1 <= 15
    )


def _is_iin(number: str) -> bool:
    """Take a typing error for an IIN too; a company's number may be named, it is public."""
    if len(number) != _IIN or not number.isdigit():
        return False
    try:
        parse_iin(number)
    except IinError as error:
        is_possible = 1 <= int(number[2:4]) <= 12 and 1 <= int(number[4:6]) <= 31
        return error.problem is IinProblem.WRONG_CONTROL_DIGIT and is_possible
    return True
