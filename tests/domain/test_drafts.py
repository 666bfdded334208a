"""When a broadcast may start, what a paid one costs, and how an audience is chosen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.domain.assessment import ReasonCode, Status
from bot.domain.audience import Audience, Origin
from bot.domain.audience_choices import Facet, choose
from bot.domain.drafts import StartError, StartProblem, price_in_stars, read_start
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings

# Half past two in the afternoon of Kazakhstan.
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("25.11 10:30", datetime(2026, 11, 25, 5, 30, tzinfo=UTC)),
        (" 25.11.2026  10:30 ", datetime(2026, 11, 25, 5, 30, tzinfo=UTC)),
        ("25/11/26 10.30", datetime(2026, 11, 25, 5, 30, tzinfo=UTC)),
        ("5.1, 9:05", datetime(2027, 1, 5, 4, 5, tzinfo=UTC)),
        ("14:31", datetime(2026, 11, 21, 9, 31, tzinfo=UTC)),
    ],
)
def test_start_is_read_by_the_clocks_of_kazakhstan(typed: str, expected: datetime) -> None:
    assert read_start(typed, NOW) == expected


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("14:30", StartProblem.PAST),
        ("20.11 10:30", StartProblem.PAST),
        ("25.11.2025 10:30", StartProblem.PAST),
        ("22.11.2027 10:30", StartProblem.FAR),
        ("30.02 10:30", StartProblem.FORM),
        ("25.11", StartProblem.FORM),
        ("25.11 24:00", StartProblem.FORM),
        ("at noon", StartProblem.FORM),
        ("", StartProblem.FORM),
    ],
)
def test_start_that_cannot_be_says_why(typed: str, problem: StartProblem) -> None:
    with pytest.raises(StartError) as error:
        read_start(typed, NOW)

    assert error.value.problem is problem


@pytest.mark.parametrize(
    ("messages", "stars"),
    [(0, "0"), (1, "0.1"), (1000, "100"), (1_000_001, "100000.1")],
)
def test_price_is_that_of_every_message(messages: int, stars: str) -> None:
    assert price_in_stars(messages) == Decimal(stars)


@pytest.mark.parametrize(
    ("facet", "value", "expected"),
    [
        (Facet.LOCALE, "kk", Audience(locales=frozenset({Locale.KK}))),
        (Facet.REGION, "75", Audience(regions=frozenset({"75"}))),
        (Facet.STATUS, "uninsured", Audience(statuses=frozenset({Status.UNINSURED}))),
        (Facet.REASON, "JOB_LOST", Audience(reasons=frozenset({ReasonCode.JOB_LOST}))),
        (Facet.ENDING, "30", Audience(covered_until=(TODAY, date(2026, 12, 21)))),
        (Facet.ACTIVE, "7", Audience(asked_since=date(2026, 11, 14))),
        (Facet.REST, "3", Audience(rest_days=3)),
        (Facet.UNCERTAIN, "12", Audience(uncertain_of=12)),
        (Facet.MYSELF, "", Audience(only=frozenset({42}))),
    ],
)
def test_choice_is_made_and_taken_back(facet: Facet, value: str, expected: Audience) -> None:
    chosen = choose(Audience(), facet, value, is_chosen=True, author=42, today=TODAY)
    twice = choose(chosen, facet, value, is_chosen=True, author=42, today=TODAY)

    assert chosen == twice == expected
    assert choose(chosen, facet, value, is_chosen=False, author=42, today=TODAY) == Audience()


@pytest.mark.parametrize(
    ("facet", "value"),
    [
        (Facet.LOCALE, "en"),
        (Facet.REGION, "99"),
        (Facet.STATUS, "rich"),
        (Facet.REASON, ""),
        (Facet.ENDING, "8"),
        (Facet.REST, "-1"),
        (Facet.UNCERTAIN, "x"),
        (Facet.UNCERTAIN, "-1"),
        (Facet.UNCERTAIN, "9" * 20),
    ],
)
def test_choice_that_is_not_offered_is_refused(facet: Facet, value: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        choose(Audience(), facet, value, is_chosen=True, author=42, today=TODAY)


def test_correction_stays_one_for_everybody_and_for_oneself() -> None:
    correction = Audience(answered_from=Origin(generation="g"), rest_days=3)

    for facet in (Facet.EVERYBODY, Facet.MYSELF):
        changed = choose(correction, facet, "", is_chosen=True, author=42, today=TODAY)
        assert changed.answered_from == correction.answered_from
        assert changed.rest_days == 0


def test_all_missing_languages_are_named_however_they_are_listed() -> None:
    wordings = Wordings({Locale.RU: Wording("А")})

    assert wordings.missing(iter(Locale)) == (Locale.KK, Locale.KY)
