"""Reads what people type: is it an IIN, an attempt at one, or something else."""

import re
from dataclasses import dataclass

from bot.domain.iin import Iin, IinError, parse_iin, without_separators

# Digits with single spaces or dashes between them, among other words too.
_RUN = re.compile(r"[0-9](?:[ \u00a0-]?[0-9])*")
_LENGTH = 12
_PHONE = re.compile(r"(?:\+?7|8)\(?7[0-9]{2}\)?[0-9]{7}|\+[0-9]{9,15}")
_MAX_ATTEMPT = 24
_MIN_DIGITS = 6
# A text with so many digits may hold a whole number with a typo, so it is deleted like an IIN.
_PERSONAL_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody meant to send an IIN.

    Attributes:
        iin: the number, where it is right.
        error: why it is not; None where several numbers came at once.
        is_phone: it looks like a phone of Kazakhstan or Russia.
        is_personal: the text may give a number away and is better deleted.
    """

    iin: Iin | None = None
    error: IinError | None = None
    is_phone: bool = False
    is_personal: bool = True


def read_attempt(text: str) -> Attempt | None:
    """Find the IIN in a text; None where the text is about something else."""
    compact = without_separators(text)
    if _PHONE.fullmatch(compact):
        return Attempt(is_phone=True)
    numbers = {number for run in _RUN.findall(text) for number in _numbers(run)}
    if len(numbers) > 1:
        return Attempt()
    if numbers:
        return _attempt(numbers.pop(), is_personal=True)
    digits = sum(character.isdigit() for character in compact)
    if digits < _MIN_DIGITS or len(compact) > _MAX_ATTEMPT or digits * 2 <= len(compact):
        return None
    return _attempt(compact, is_personal=digits >= _PERSONAL_DIGITS)


def _numbers(run: str) -> list[str]:
    """Give the long numbers of a run: several whole IINs may stand in it with spaces between."""
    if whole := [word for word in run.split() if len(word) == _LENGTH and word.isdigit()]:
        return whole
    digits = without_separators(run)
    return [digits] if len(digits) >= _LENGTH else []


def _attempt(number: str, *, is_personal: bool) -> Attempt:
    try:
        return Attempt(iin=parse_iin(number), is_personal=is_personal)
    except IinError as error:
        return Attempt(error=error, is_personal=is_personal)
