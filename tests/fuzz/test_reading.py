"""Whatever is typed is an IIN, an attempt at one, or something else; quickly, and never shown."""

import re
from time import process_time
from timeit import timeit

from hypothesis import example, given

from bot.domain.iin import Iin, IinError, parse_iin, without_separators
from bot.log import redact
from bot.telegram.reading import Attempt, read_attempt

from .texts import long_texts, texts

_LONGEST_S = 0.1
_SIX_DIGITS = re.compile(r"[0-9]{6,}")


def shown(attempt: Attempt) -> str:
    return f"{attempt!r} {attempt.error!r} {attempt.error}"


@given(texts)
@example("9" * 24)
@example("95010150001O")
def test_any_text_is_an_attempt_or_not_and_is_not_repeated(text: str) -> None:
    attempt = read_attempt(text)

    if attempt is None:
        return
    assert attempt.iin is None or parse_iin(attempt.iin.digits) == attempt.iin
    assert not [number for number in _SIX_DIGITS.findall(text) if number in shown(attempt)]


@given(texts)
def test_a_number_that_is_read_stands_in_the_text(text: str) -> None:
    attempt = read_attempt(text)

    if attempt is not None and attempt.iin is not None:
        assert attempt.iin.digits in without_separators(text)


def read_iin(text: str) -> Iin | IinError:
    try:
        return parse_iin(text)
    except IinError as error:
        return error


@given(texts)
def test_any_text_is_an_iin_or_the_named_error(text: str) -> None:
    match read_iin(text):
        case IinError() as error:
            assert error.length == len(text)
            assert text not in f"{error!r}" or len(text) < 6
        case iin:
            assert iin == Iin(text)


@given(long_texts)
@example("1 " * 2048)
@example("1-" * 2048)
@example("+7" * 2048)
@example(" " * 4096)
@example("950101500019 " * 315)
def test_longest_message_is_read_in_a_tenth_of_a_second(text: str) -> None:
    taken_s = timeit(lambda: (read_attempt(text), redact(text)), number=1, timer=process_time)

    assert taken_s < _LONGEST_S


@given(texts)
def test_redacted_text_has_no_number_of_twelve_digits(text: str) -> None:
    assert re.findall(r"(?<![0-9])[0-9]{12}(?![0-9])", redact(text)) == []
