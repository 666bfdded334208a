"""No small group can be worked out from what is shown, alone or by comparing."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.stats import FEW, FEWEST, Kind, Series, Shown, show_day, show_kind

LABELS = ("a", "b", "c", "d", "e", "f")
ORDERS = st.permutations(LABELS).flatmap(
    lambda order: st.integers(0, len(LABELS)).map(lambda number: tuple(order[:number]))
)
# Around the threshold, where the rule decides, and far from it.
NUMBERS = st.one_of(st.integers(0, 25), st.integers(0, 500))
COUNTS = st.dictionaries(st.sampled_from(LABELS), NUMBERS)
SMALL = range(1, FEWEST)


@pytest.mark.parametrize(
    ("counts", "counted", "other"),
    [
        pytest.param({"a": 30, "b": 12}, {"a": 30, "b": 12}, 0, id="all-large-enough"),
        pytest.param({"a": 30, "b": 10}, {"a": 30, "b": 10}, 0, id="ten-is-enough"),
        pytest.param({"a": 30, "b": 50, "c": 9}, {"b": 50}, 39, id="one-small-takes-one-along"),
        pytest.param(
            {"a": 11, "b": 50, "c": 60, "d": 1}, {"c": 60}, 62, id="twelve-together-are-too-few"
        ),
        pytest.param({"a": 30, "b": 9, "c": 9}, {}, 48, id="nothing-else-is-left"),
        pytest.param({"a": 9, "b": 9}, {}, 18, id="small-ones-alone"),
    ],
)
def test_small_groups_are_merged(
    counts: dict[str, int], counted: dict[str, int], other: int
) -> None:
    assert show_kind(counts, LABELS) == Shown(counted, other)


def test_which_group_is_merged_does_not_depend_on_its_size() -> None:
    assert show_kind({"a": 9, "b": 12, "c": 60}, ("c", "b", "a")) == Shown({"b": 12}, 69)


@pytest.mark.parametrize("counts", [{}, {"a": 0}, {"a": 9}, {"a": 4, "b": 5}])
def test_fewer_than_ten_in_all_are_not_even_told_from_none(counts: dict[str, int]) -> None:
    assert show_kind(counts) == FEW


@settings(max_examples=50)
@given(COUNTS, ORDERS)
def test_no_group_that_is_shown_is_under_ten(counts: dict[str, int], order: tuple[str]) -> None:
    shown = show_kind(counts, order)

    assert all(number >= FEWEST for number in shown.counts.values())
    assert shown.other == 0 or shown.other >= FEWEST
    assert shown.is_few or shown.total == sum(counts.values())
    assert all(counts[label] == number for label, number in shown.counts.items())


@settings(max_examples=50)
@given(COUNTS, ORDERS)
@example({"a": 9, "b": 12, "c": 13}, ())
@example({"a": 9, "b": 10, "c": 10}, ("c", "b"))
def test_any_number_from_1_to_9_fits_a_small_group(
    counts: dict[str, int], order: tuple[str]
) -> None:
    """Build, for each such number, another day that looks the same."""
    shown = show_kind(counts, order)
    merged = {label for label, number in counts.items() if number} - set(shown.counts)
    small = {label for label in merged if counts[label] < FEWEST}

    for label in small if not shown.is_few else ():
        for number in SMALL:
            assert _has_another_day(shown, label, number, order), (label, number)


def _has_another_day(shown: Shown, label: str, number: int, order: tuple[str]) -> bool:
    """Tell whether somebody has another group that makes up for a small one."""
    others = set(LABELS) - set(shown.counts) - {label}
    days = ({**shown.counts, label: number, other: shown.other - number} for other in others)
    return any(show_kind(day, order) == shown for day in days)


@settings(max_examples=50)
@given(COUNTS, ORDERS, st.sampled_from(LABELS))
def test_few_stay_few_whatever_is_in_them(
    counts: dict[str, int], order: tuple[str], label: str
) -> None:
    if show_kind(counts, order).is_few:
        for number in range(FEWEST):
            assert show_kind({label: number}, order) == FEW


REASONS = st.dictionaries(st.sampled_from(("GAP", "JOB_LOST", "ONE_SUM")), NUMBERS)
OTHERS = st.dictionaries(st.sampled_from(("insured", "conditional", "outside")), NUMBERS)


@given(OTHERS, REASONS)
def test_reasons_say_no_more_of_those_not_insured_than_the_answers(
    others: dict[str, int], reasons: dict[str, int]
) -> None:
    uninsured = sum(reasons.values())

    day = show_day({Kind.ANSWERS: {**others, "uninsured": uninsured}, Kind.REASONS: reasons})

    answers = day[Kind.ANSWERS]
    if "uninsured" in answers.counts:
        assert day[Kind.REASONS].total == answers.counts["uninsured"]
    else:
        assert day[Kind.REASONS] == FEW


@settings(max_examples=25)
@given(st.lists(COUNTS, min_size=8, max_size=8), st.integers(1, 7))
def test_two_periods_differ_by_what_is_shown_of_the_days_between(
    raw: list[dict[str, int]], length: int
) -> None:
    days = tuple(date(2026, 11, 1) + timedelta(days=number) for number in range(len(raw)))
    shown = tuple(show_kind(counts) for counts in raw)
    earlier = Series(days[:-1], shown[:-1]).last(length)
    later = Series(days, shown).last(length)
    gone, came = shown[-1 - length], shown[-1]

    assert later.total - earlier.total == came.total - gone.total
    for label in LABELS:
        change = later.counts.get(label, 0) - earlier.counts.get(label, 0)
        assert change == came.counts.get(label, 0) - gone.counts.get(label, 0)


def test_age_of_the_register_is_nobodys_and_shown_as_it_is() -> None:
    assert show_day({Kind.REGISTER: {"2": 1}})[Kind.REGISTER] == Shown({"2": 1})


def test_reasons_are_not_shown_on_a_day_that_hides_those_not_insured() -> None:
    answers = {"insured": 100, "conditional": 40, "uninsured": 9}

    day = show_day({Kind.ANSWERS: answers, Kind.REASONS: {"GAP": 9}})

    assert day[Kind.ANSWERS] == Shown({"insured": 100}, 49)
    assert day[Kind.REASONS] == FEW
