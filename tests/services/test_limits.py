"""How many people one may ask about, and what is done while somebody guesses (failure F50)."""

from dataclasses import replace

import pytest
import time_machine
from structlog.testing import capture_logs

from bot.domain.iin import Iin, control_digit
from bot.domain.locales import Locale
from bot.services.answers import Answers
from bot.services.limits import Limit, LimitReachedError, Limits
from bot.storage.subscribers import Subscriber, SubscriberId

from .conftest import AIGUL, ANNA, AskOn

EMPLOYEE = Iin("991231500707")
_HOUR_S = 3600


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Told:
    """Remembers what was told of guessing."""

    def __init__(self) -> None:
        self.times: list[tuple[int, int]] = []

    def __call__(self, missed: int, asked: int) -> None:
        self.times.append((missed, asked))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def limits(told: Told, time: Clock) -> Limits:
    return Limits(20, 5, told, time)


def key(number: int) -> bytes:
    return number.to_bytes(16)


def ask(limits: Limits, who: Subscriber, number: int, *, is_found: bool = True) -> None:
    if limits.admit(who, key(number)):
        limits.count(who, key(number), is_found=is_found)


def refusal(limits: Limits, who: Subscriber, number: int) -> Limit | None:
    try:
        limits.admit(who, key(number))
    except LimitReachedError as error:
        return error.limit
    return None


def account(number: int) -> Subscriber:
    return Subscriber(SubscriberId(800_000_000 + number), Locale.RU, consent_version=3)


def guess(limits: Limits, accounts: int) -> None:
    for number in range(accounts):
        ask(limits, account(number), number, is_found=False)


def test_twenty_people_a_day_are_answered_and_the_next_one_is_not(limits: Limits) -> None:
    for number in range(20):
        ask(limits, ANNA, number)

    assert refusal(limits, ANNA, 20) is Limit.DAY
    assert refusal(limits, AIGUL, 20) is None


def test_a_number_is_new_once(limits: Limits) -> None:
    assert [limits.admit(ANNA, key(1)) for _ in range(3)] == [True, False, False]
    assert limits.admit(AIGUL, key(1))


def test_whoever_was_asked_about_stays_free_at_the_limit(limits: Limits) -> None:
    for number in range(20):
        ask(limits, ANNA, number)

    for number in [*range(20)] * 3:
        ask(limits, ANNA, number)


def test_limit_ends_a_day_after_the_first_question(limits: Limits, time: Clock) -> None:
    for number in range(20):
        ask(limits, ANNA, number)

    time.now += 24 * _HOUR_S - 1
    assert refusal(limits, ANNA, 20) is Limit.DAY
    time.now += 1
    assert refusal(limits, ANNA, 20) is None


def test_five_numbers_that_nobody_has_stop_an_hour(limits: Limits, time: Clock) -> None:
    for number in range(5):
        ask(limits, ANNA, number, is_found=False)

    assert refusal(limits, ANNA, 5) is Limit.MISSES
    time.now += _HOUR_S
    assert refusal(limits, ANNA, 5) is None


def test_the_same_typo_again_is_one_miss(limits: Limits) -> None:
    for _ in range(10):
        ask(limits, ANNA, 1, is_found=False)

    assert refusal(limits, ANNA, 2) is None


def test_a_refused_number_counts_nowhere(limits: Limits, time: Clock, told: Told) -> None:
    for number in range(5):
        ask(limits, ANNA, number, is_found=False)
    for number in range(100, 200):
        assert refusal(limits, ANNA, number) is Limit.MISSES

    time.now += _HOUR_S
    for number in range(200, 204):
        ask(limits, ANNA, number)
    assert told.times == []


def test_f50_a_thousand_accounts_that_guess_get_fifty_numbers(limits: Limits, told: Told) -> None:
    got = 0
    for number in range(1000):
        if refusal(limits, account(number), number) is None:
            limits.count(account(number), key(number), is_found=False)
            got += 1

    assert got == 50
    assert told.times == [(50, 50)]


def test_f50_people_with_a_proved_phone_are_answered_while_others_guess(limits: Limits) -> None:
    guess(limits, 50)

    assert refusal(limits, ANNA, 1000) is Limit.GUESSING
    assert refusal(limits, replace(ANNA, phone_key=b"k" * 16), 1000) is None


def test_f50_whoever_was_asked_about_is_answered_while_others_guess(limits: Limits) -> None:
    ask(limits, ANNA, 7)
    guess(limits, 50)

    assert refusal(limits, ANNA, 7) is None


def test_f50_a_proved_phone_does_not_lift_the_limits_of_one_person(limits: Limits) -> None:
    proved = replace(ANNA, phone_key=b"k" * 16)
    for number in range(5):
        ask(limits, proved, number, is_found=False)

    assert refusal(limits, proved, 5) is Limit.MISSES


def test_guard_ends_after_an_hour_and_comes_back_with_the_guessing(
    limits: Limits, time: Clock, told: Told
) -> None:
    guess(limits, 50)

    time.now += _HOUR_S - 1
    assert refusal(limits, ANNA, 2000) is Limit.GUESSING
    time.now += 1
    ask(limits, ANNA, 2000)
    assert len(told.times) == 1
    for number in range(3000, 3050):
        ask(limits, account(number), number, is_found=False)
    assert len(told.times) == 2


def test_a_busy_day_with_its_typos_is_not_taken_for_guessing(
    limits: Limits, time: Clock, told: Told
) -> None:
    for number in range(3000):
        ask(limits, account(number), number, is_found=number % 5 != 0)
        time.now += 1

    assert told.times == []


@pytest.mark.parametrize(
    ("minutes", "times"),
    [
        pytest.param(9, [(50, 50)], id="nine-minutes-ago"),
        pytest.param(10, [], id="ten-minutes-ago"),
        pytest.param(11, [], id="eleven-minutes-ago"),
    ],
)
def test_misses_of_ten_minutes_ago_do_not_count(
    limits: Limits, time: Clock, told: Told, minutes: int, times: list[tuple[int, int]]
) -> None:
    guess(limits, 49)
    time.now += minutes * 60
    for number in range(100, 149):
        if refusal(limits, account(number), number) is None:
            limits.count(account(number), key(number), is_found=False)

    assert told.times == times


def test_three_unknown_numbers_in_ten_are_guessing(limits: Limits, told: Told) -> None:
    for number in range(140):
        ask(limits, account(number), number)
    for number in range(140, 200):
        ask(limits, account(number), number, is_found=False)

    assert told.times == [(60, 200)]


def test_refusal_and_guessing_are_logged_with_counts_alone(limits: Limits) -> None:
    with capture_logs() as logs:
        guess(limits, 50)
        assert refusal(limits, ANNA, 1000) is Limit.GUESSING

    assert logs == [
        {"event": "guessing_noticed", "log_level": "error", "missed": 50, "asked": 50},
        {"event": "look_up_refused", "log_level": "warning", "limit": "guessing"},
    ]


@pytest.mark.parametrize("jump_s", [-86_400, -3600, 3600, 86_400])
def test_f21_limits_do_not_follow_the_time_of_day(jump_s: int) -> None:
    with time_machine.travel(1_795_219_200) as traveller:
        limits = Limits(1, 5, Told())
        ask(limits, ANNA, 1)

        traveller.shift(jump_s)

        assert refusal(limits, ANNA, 2) is Limit.DAY


async def test_refused_number_is_not_looked_up(answers_on: AskOn, told: Told) -> None:
    answers: Answers = answers_on(limits=Limits(1, 5, told))
    answers.ask(Iin("950101500019"), ANNA)

    with pytest.raises(LimitReachedError) as refused:
        answers.ask(EMPLOYEE, ANNA)

    assert refused.value.limit is Limit.DAY
    assert str(refused.value) == "day"
    assert EMPLOYEE.digits not in repr(refused.value)


async def test_unknown_numbers_of_the_register_are_misses(answers_on: AskOn, told: Told) -> None:
    answers: Answers = answers_on(limits=Limits(20, 2, told))
    prefixes = [f"9712315{serial:04d}" for serial in range(4)]
    digits = {each: control_digit(each) for each in prefixes}
    unknown = [Iin(f"{each}{digit}") for each, digit in digits.items() if digit is not None]
    for iin in unknown[:2]:
        answers.ask(iin, ANNA)

    with pytest.raises(LimitReachedError) as refused:
        answers.ask(EMPLOYEE, ANNA)

    assert refused.value.limit is Limit.MISSES
