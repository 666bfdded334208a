"""Calendar months: written, read, counted."""

from datetime import date

import pytest

from bot.domain.months import Month, months_between
from bot.domain.person import Contributions


@pytest.mark.parametrize("text", ["2026-11", "2026-01", "2026-12", "0001-01", "9999-12"])
def test_month_is_read_and_written_the_same_way(text: str) -> None:
    assert str(Month.parse(text)) == text
    assert repr(Month.parse(text)) == f"Month({text})"


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-00", "2026-13", "0000-01", "26-01", "2026-01-01", " 2026-01"],
)
def test_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not YYYY-MM$"):
        Month.parse(text)


def test_month_of_a_day_begins_with_its_first_day() -> None:
    month = Month.of(date(2026, 11, 21))

    assert month == Month.parse("2026-11")
    assert (month.year, month.number) == (2026, 11)
    assert month.first_day == date(2026, 11, 1)


def test_months_are_counted_over_the_end_of_a_year() -> None:
    december = Month.parse("2026-12")

    assert december.shift(1) == Month.parse("2027-01")
    assert december.shift(-12) == Month.parse("2025-12")
    assert Month.parse("2027-02") - december == 2
    assert list(map(str, months_between(december, december + 1))) == ["2026-12", "2027-01"]
    assert list(months_between(december, december - 1)) == []


@pytest.mark.parametrize(
    ("first", "kept"),
    [
        ("2025-06", Contributions(Month.parse("2026-01"), "EES")),
        ("2026-01", Contributions(Month.parse("2026-01"), "EES")),
        ("2026-02", Contributions(Month.parse("2026-02"), "ES")),
        ("2026-09", Contributions(Month.parse("2026-09"), "")),
    ],
)
def test_history_from_a_month_on_keeps_each_payment_in_its_month(
    first: str, kept: Contributions
) -> None:
    assert Contributions(Month.parse("2026-01"), "EES").since(Month.parse(first)) == kept
