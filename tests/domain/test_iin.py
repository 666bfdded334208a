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
    assert error.value.length == len(text)
    assert str(error.value) == problem.value


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


def number(six: str) -> str:
    """Give a number that begins with these six digits and has a right control digit."""
    prefixes = (f"{six}5{serial:04d}" for serial in range(100))
    return next(f"{p}{digit}" for p in prefixes if (digit := control_digit(p)) is not None)


@pytest.mark.parametrize(
    ("date", "problem"),
    [
        pytest.param("050101", IinProblem.LEADING_ZERO_LOST, id="first-day-of-a-year"),
        pytest.param("051231", IinProblem.LEADING_ZERO_LOST, id="last-day-of-a-year"),
        pytest.param("050010", IinProblem.TOO_SHORT, id="no-such-month-before"),
        pytest.param("051301", IinProblem.TOO_SHORT, id="no-such-month-after"),
        pytest.param("050100", IinProblem.TOO_SHORT, id="no-such-day-before"),
        pytest.param("050132", IinProblem.TOO_SHORT, id="no-such-day-after"),
    ],
)
def test_lost_zero_is_named_only_where_the_date_inside_is_possible(
    date: str, problem: IinProblem
) -> None:
    with pytest.raises(IinError) as error:
        parse_iin(number(date).removeprefix("0"))

    assert error.value.problem is problem


@pytest.mark.parametrize("zeros", [0, 4])
def test_number_without_right_control_digit_or_with_many_digits_lost_is_short(zeros: int) -> None:
    right = number("000010") if zeros else number("051231")
    wrong = right if zeros else right[:-1] + str((int(right[-1]) + 1) % 10)

    with pytest.raises(IinError) as error:
        parse_iin(wrong.lstrip("0"))

    assert error.value.problem is IinProblem.TOO_SHORT


@pytest.mark.parametrize("six", ["950140", "951240", "950450", "950463", "950660"])
def test_number_of_a_business_is_named(six: str) -> None:
    with pytest.raises(IinError) as error:
        parse_iin(number(six))

    assert error.value.problem is IinProblem.LOOKS_LIKE_BIN


@pytest.mark.parametrize("six", ["950040", "951340", "950430", "950470", "950444"])
def test_number_that_no_business_can_have_is_read(six: str) -> None:
    assert parse_iin(number(six)).digits == number(six)


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
