"""Why a row of the register is refused, and what to do about it."""

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.domain.iin import IinProblem

_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")


class RowProblem(StrEnum):
    """The named reason; counted and listed by line, never with the content of the row."""

    IIN_TOO_SHORT = "iin_too_short"
    IIN_TOO_LONG = "iin_too_long"
    IIN_LETTERS = "iin_letters"
    IIN_FOREIGN_DIGITS = "iin_foreign_digits"
    IIN_SCIENTIFIC = "iin_scientific"
    IIN_LEADING_ZERO_LOST = "iin_leading_zero_lost"
    IIN_WRONG_CONTROL_DIGIT = "iin_wrong_control_digit"
    IIN_LOOKS_LIKE_BIN = "iin_looks_like_bin"
    UNKNOWN_RESIDENCE = "unknown_residence"
    BAD_REGION = "bad_region"
    BAD_CLINIC = "bad_clinic"
    BAD_PHONE = "bad_phone"
    BAD_CONTRIBUTIONS = "bad_contributions"
    UNKNOWN_PAYER = "unknown_payer"
    CONTRIBUTION_MONTH_OUT_OF_RANGE = "contribution_month_out_of_range"
    BAD_SPELL = "bad_spell"
    UNKNOWN_SPELL_CODE = "unknown_spell_code"
    SPELL_MONTH_OUT_OF_RANGE = "spell_month_out_of_range"
    SPELL_ENDS_BEFORE_START = "spell_ends_before_start"
    SPELLS_OVERLAP = "spells_overlap"
    BAD_LEVEL = "bad_level"
    BAD_PENSION_MONTH = "bad_pension_month"
    BAD_RETURNED = "bad_returned"
    NUL = "nul"
    NOT_UTF8 = "not_utf8"
    BAD_QUOTES = "bad_quotes"
    WRONG_COLUMN_COUNT = "wrong_column_count"
    CONFLICTING_ROWS = "conflicting_rows"


# For whoever makes the extract; docs/register.md has the same table.
ADVICE: Mapping[RowProblem, str] = {
    RowProblem.IIN_TOO_SHORT: "The IIN has fewer than 12 digits. Look it up at the source.",
    RowProblem.IIN_TOO_LONG: "The IIN has more than 12 digits. Look it up at the source.",
    RowProblem.IIN_LETTERS: (
        "The IIN holds something else than digits: a letter, a space, a dash, a point. Write the"
        " 12 digits alone."
    ),
    RowProblem.IIN_FOREIGN_DIGITS: (
        "The IIN is in Arabic, full-width or other foreign digits. Write it in 0-9."
    ),
    RowProblem.IIN_SCIENTIFIC: (
        "A spreadsheet rounded the IIN to a form like 1.01E+10, and its digits are lost. Format"
        " the column as text and export it from the source again."
    ),
    RowProblem.IIN_LEADING_ZERO_LOST: (
        "A spreadsheet cut the zeros at the beginning of the IIN, as of everybody born in"
        " 2000-2009. Format the column as text, or fill up to 12 digits with zeros."
    ),
    RowProblem.IIN_WRONG_CONTROL_DIGIT: (
        "The control digit of the IIN does not fit: a digit is wrong. Look it up at the source."
    ),
    RowProblem.IIN_LOOKS_LIKE_BIN: (
        "The number is a BIN, of a business. Put the IIN of the person there."
    ),
    RowProblem.UNKNOWN_RESIDENCE: (
        "The residence is none of the words of the table of columns. Use one of them."
    ),
    RowProblem.BAD_REGION: "The region is not two digits (KATO). Correct it, or leave it empty.",
    RowProblem.BAD_CLINIC: (
        "The clinic is not a code of at most 8 Latin letters, digits and . _ - signs. Correct"
        " it, or leave it empty."
    ),
    RowProblem.BAD_PHONE: (
        "The phone is not + and 7 to 15 digits without spaces. Correct it, or leave it empty."
    ),
    RowProblem.BAD_CONTRIBUTIONS: (
        "The contributions are not YYYY-MM= and a letter for each month. Correct them."
    ),
    RowProblem.UNKNOWN_PAYER: (
        "The contributions have a letter other than E I S G P F and the point. Correct it."
    ),
    RowProblem.CONTRIBUTION_MONTH_OUT_OF_RANGE: (
        "Contributions before July 2017 or more than 36 months after the day of the extract. Check"
        " the months, and the day given to the import."
    ),
    RowProblem.BAD_SPELL: (
        "A spell is not code:YYYY-MM..YYYY-MM, or there is not one space between two. Correct it."
    ),
    RowProblem.UNKNOWN_SPELL_CODE: "A spell has a code that is not in the list. Use one of them.",
    RowProblem.SPELL_MONTH_OUT_OF_RANGE: (
        "A spell begins before 1900 or more than 36 months after the day of the extract, or ends"
        " over a century after it. Check the months, and leave an open end empty."
    ),
    RowProblem.SPELL_ENDS_BEFORE_START: "A spell ends before it begins. Correct its months.",
    RowProblem.SPELLS_OVERLAP: (
        "Two spells of the same code share a month. Join them, or end the first before the second."
    ),
    RowProblem.BAD_LEVEL: "The level is not A, B, C, D or E. Correct it, or leave it empty.",
    RowProblem.BAD_PENSION_MONTH: (
        "The month of the last pension contribution is not YYYY-MM, is before 1998, or is after"
        " the day of the extract. Correct it, or leave it empty."
    ),
    RowProblem.BAD_RETURNED: (
        "A returned payment is not YYYY-MM: and one_sum, wrong_year or wrong_details, or its month"
        " is out of range. Correct it."
    ),
    RowProblem.NUL: "The line has a zero byte: the file was damaged. Export it again.",
    RowProblem.NOT_UTF8: (
        "The line is not in UTF-8, perhaps in Windows-1251. Export the file as UTF-8."
    ),
    RowProblem.BAD_QUOTES: (
        "A quote is not closed on its line, or stands inside a cell. Quote whole cells and double"
        " the quotes in them."
    ),
    RowProblem.WRONG_COLUMN_COUNT: (
        "The line has more or fewer cells than the header: a comma too many, or a line cut in two."
        " Quote cells with commas."
    ),
    RowProblem.CONFLICTING_ROWS: (
        "Several rows say different things about one IIN, and nothing tells which is right: none"
        " is taken. Leave the right one."
    ),
}


class RowError(ValueError):
    """A row that cannot be taken; it knows the reason only, never the content."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def problem_of_iin(text: str, problem: IinProblem) -> RowProblem:
    """Name why a cell is no IIN, and what a spreadsheet or a foreign keyboard did to it."""
    if problem is IinProblem.LETTERS:
        if _SCIENTIFIC.fullmatch(text):
            return RowProblem.IIN_SCIENTIFIC
        if text.isdecimal():
            return RowProblem.IIN_FOREIGN_DIGITS
    return RowProblem(f"iin_{problem}")
