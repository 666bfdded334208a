"""Why a row of the register is refused."""

from enum import StrEnum


class RowProblem(StrEnum):
    """The named reason; counted and listed by line, never with the content of the row."""

    IIN_TOO_SHORT = "iin_too_short"
    IIN_TOO_LONG = "iin_too_long"
    IIN_LETTERS = "iin_letters"
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


class RowError(ValueError):
    """A row that cannot be taken; it knows the reason only, never the content."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem
