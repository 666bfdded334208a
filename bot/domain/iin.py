"""Individual identification number (IIN): form, control digit, and why a number is refused."""

import re
from dataclasses import dataclass
from enum import StrEnum

_FORM = re.compile(r"[0-9]{12}")
_DIGITS = re.compile(r"[0-9]+")
_LENGTH = 12
# Its control digit fits, but nobody has it: forms are filled with it.
_PLACEHOLDER = "0" * _LENGTH
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
NO_DIGIT = 10
# What people and spreadsheets put between digits: spaces of every width, dashes, invisible marks.
_SEPARATORS = re.compile(
    "[\\s\u00ad\u2010-\u2015\u2212\\-\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)


class IinProblem(StrEnum):
    """Why a text is not an IIN."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LETTERS = "letters"
    LEADING_ZERO_LOST = "leading_zero_lost"
    WRONG_CONTROL_DIGIT = "wrong_control_digit"
    LOOKS_LIKE_BIN = "looks_like_bin"


class IinError(ValueError):
    """A text that is not an IIN; it never carries the text itself, which may be personal.

    Attributes:
        problem: the named reason.
        length: how many characters were counted after separators were taken out.
    """

    def __init__(self, problem: IinProblem, length: int) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.length = length


@dataclass(frozen=True, slots=True, repr=False)
class Iin:
    """A well-formed IIN. ``repr`` and ``str`` show no more than the last four digits."""

    digits: str

    @property
    def last4(self) -> str:
        return self.digits[-4:]

    def __repr__(self) -> str:
        return f"Iin(…{self.last4})"


def parse_iin(text: str) -> Iin:
    """Read exactly twelve digits with a right control digit.

    Neither the birth date nor the sex inside the number is checked: since 2013 a mismatch is not
    an error (domain rules §11). A wrong 11th digit may pass, so every answer shows the last four.

    Raises:
        IinError: with the named reason.
    """
    if not _FORM.fullmatch(text):
        raise IinError(_problem_of_form(text), len(text))
    if int(text[11]) != control_digit(text[:11]) or text == _PLACEHOLDER:
        raise IinError(IinProblem.WRONG_CONTROL_DIGIT, _LENGTH)
    if _looks_like_bin(text):
        raise IinError(IinProblem.LOOKS_LIKE_BIN, _LENGTH)
    return Iin(text)


def without_separators(text: str) -> str:
    """Take out spaces, dashes and invisible marks that people put between digits."""
    return _SEPARATORS.sub("", text)


def control_digit(prefix: str) -> int | None:
    """Compute the twelfth digit of eleven; None where no such number is issued."""
    digits = [int(character) for character in prefix]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(map(int.__mul__, digits, weights)) % 11
        if remainder != NO_DIGIT:
            return remainder
    return None


def _problem_of_form(text: str) -> IinProblem:
    if text and not _DIGITS.fullmatch(text):
        return IinProblem.LETTERS
    if len(text) > _LENGTH:
        return IinProblem.TOO_LONG
    if _lost_leading_zeros(text):
        return IinProblem.LEADING_ZERO_LOST
    return IinProblem.TOO_SHORT


def _lost_leading_zeros(text: str) -> bool:
    """Tell whether a spreadsheet cut the zeros off the number of somebody born 2000-2009.

    Up to three zeros can be lost (born in January-September 2000). One wrong number in eleven
    passes the control digit, so here the date inside must be possible as well.
    """
    if not 9 <= len(text) < _LENGTH:
        return False
    whole = text.zfill(_LENGTH)
    return (
        int(whole[11]) == control_digit(whole[:11])
        and 1 <= int(whole[2:4]) <= 12
        and 1 <= int(whole[4:6]) <= 31
    )


def _looks_like_bin(text: str) -> bool:
    """Tell a business number (BIN): month, then kind of entity 4-6, then kind of unit 0-3."""
    return 1 <= int(text[2:4]) <= 12 and text[4] in "456" and text[5] in "0123"
