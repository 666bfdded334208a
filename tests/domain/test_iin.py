"""Which numbers are IINs, and why the others are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.iin import (
    Iin,
    IinError,
    IinProblem,
    control_digit,
    parse_iin,
    without_separators,
)

prefixes = st.from_regex(r"9[5-9](0[1-9]|1[0-2])[0-2][1-9][56][0-9]{4}", fullmatch=True)


@pytest.mark.parametrize(
    "digits",
    [
        pytest.param("950101500019", id="first-pass"),
        pytest.param("991231501232", id="first-pass-last-day-of-the-century"),
        pytest.param("991231500707", id="second-pass-zero"),
        pytest.param("991231500719", id="second-pass-nine"),
        pytest.param("951331500002", id="a-birth-date-that-does-not-exist-is-no-error"),
    ],
)
def test_iin_with_a_right_control_digit_is_read(digits: str) -> None:
    assert parse_iin(digits) == Iin(digits)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("", IinProblem.TOO_SHORT, id="nothing"),
        pytest.param("95010150001", IinProblem.TOO_SHORT, id="one-digit-missing"),
        pytest.param("9501015000199", IinProblem.TOO_LONG, id="one-digit-too-many"),
        pytest.param("95010150001O", IinProblem.LETTERS, id="letter-o-for-zero"),
        pytest.param("9.50101E+11", IinProblem.LETTERS, id="number-of-a-spreadsheet"),
        pytest.param("９５０１０１５０００１９", IinProblem.LETTERS, id="fullwidth-digits"),
        pytest.param("٩٥٠١٠١٥٠٠٠١٩", IinProblem.LETTERS, id="arabic-digits"),
        pytest.param("950101500019\n", IinProblem.LETTERS, id="trailing-newline"),
        pytest.param("991231501233", IinProblem.WRONG_CONTROL_DIGIT, id="wrong-control-digit"),
        pytest.param("991231500770", IinProblem.WRONG_CONTROL_DIGIT, id="number-never-issued"),
        pytest.param("160440007161", IinProblem.LOOKS_LIKE_BIN, id="state-corporation"),
    ],
)
def test_what_is_not_an_iin_is_refused_by_name(text: str, problem: IinProblem) -> None:
    with pytest.raises(IinError) as error:
        parse_iin(text)

    assert error.value.problem is problem
    assert text not in repr(error.value) or not text


@pytest.mark.parametrize("zeros", [1, 2, 3])
def test_zeros_lost_in_a_spreadsheet_are_noticed(zeros: int) -> None:
    prefix = "0" * zeros + "91231501232"[zeros - 1 :][: 11 - zeros]
    prefix = prefix[:2] + "0101" + "5" + prefix[7:]
    whole = next(
        candidate + str(control_digit(candidate))
        for serial in range(1000)
        if control_digit(candidate := f"{prefix[:7]}{serial:04d}") is not None
    )
    cut = whole.lstrip("0")

    with pytest.raises(IinError) as error:
        parse_iin(cut)

    assert error.value.problem is IinProblem.LEADING_ZERO_LOST


@given(prefixes)
def test_exactly_one_last_digit_or_none_is_right(prefix: str) -> None:
    right = []
    for last in "0123456789":
        try:
            parse_iin(prefix + last)
        except IinError:
            continue
        right.append(int(last))

    digit = control_digit(prefix)
    assert right == ([] if digit is None else [digit])


@given(st.text())
def test_any_text_is_read_or_refused_and_never_shown(text: str) -> None:
    try:
        iin = parse_iin(text)
    except IinError:
        return

    assert iin.digits not in repr(iin)
    assert iin.digits not in str(iin)


@pytest.mark.parametrize(
    "text",
    ["950101 500019", "950101-500-019", " 9501 0150 0019 ", "950101\u00a0500019", "950101–500019"],
)
def test_spaces_and_dashes_are_taken_out(text: str) -> None:
    assert without_separators(text) == "950101500019"
