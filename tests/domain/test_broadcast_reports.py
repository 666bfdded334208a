"""Numbers about groups are about nobody; a pulse tells the speed; errors become classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pulse import Pulse
from bot.domain.reports import FEWEST, MANY, Cells, Trouble, merge_small, trouble_of

_cells = st.tuples(*(st.sampled_from("abc") for _ in range(4)))


def test_large_groups_stay_as_they_are() -> None:
    groups: dict[Cells, int] = {("sent", "kk", ""): 10, ("sent", "ru", ""): 500}

    assert merge_small(groups) == [(("sent", "kk", ""), 10), (("sent", "ru", ""), 500)]


def test_small_groups_lose_their_last_cell_first() -> None:
    groups: dict[Cells, int] = {
        ("sent", "kk", "14:05"): 6,
        ("sent", "kk", "14:06"): 5,
        ("sent", "ru", "14:05"): 40,
    }

    assert merge_small(groups) == [
        (("sent", "kk", MANY), 11),
        (("sent", "ru", "14:05"), 40),
    ]


def test_small_rest_takes_the_smallest_group_along() -> None:
    groups: dict[Cells, int] = {("sent", "kk"): 90, ("sent", "ru"): 12, ("failed", "ru"): 1}

    assert merge_small(groups) == [((MANY, MANY), 13), (("sent", "kk"), 90)]


def test_few_people_altogether_are_one_group() -> None:
    assert merge_small({("sent", "kk"): 3, ("failed", "ru"): 1}) == [((MANY, MANY), 4)]


@given(st.dictionaries(_cells, st.integers(1, 30), max_size=40))
def test_no_group_is_small_and_nobody_is_lost(groups: dict[Cells, int]) -> None:
    merged = merge_small(groups)

    total = sum(groups.values())
    assert sum(people for _, people in merged) == total
    assert all(people >= FEWEST for _, people in merged) or (total < FEWEST and len(merged) == 1)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        pytest.param(None, None, id="none"),
        ("Forbidden: bot was blocked by the user", Trouble.BLOCKED),
        ("Forbidden: user is deactivated", Trouble.DELETED),
        ("Bad Request: chat not found", Trouble.NO_CHAT),
        ("Bad Request: can't parse entities: unexpected end tag", Trouble.REFUSED),
        ("TelegramNetworkError", Trouble.NO_ANSWER),
        ("TelegramServerError", Trouble.SERVER),
        ("the sender was not heard of again", Trouble.LOST),
        ("who knows", Trouble.OTHER),
    ],
)
def test_error_is_told_by_its_class(error: str | None, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


def test_speed_is_that_of_the_last_half_minute() -> None:
    pulse = Pulse()
    for second in range(101):
        pulse.note(float(second), 10 * second if second <= 60 else 600 + 25 * (second - 60))

    assert pulse.per_s == 25


def test_speed_is_not_known_at_the_first_look() -> None:
    pulse = Pulse()
    pulse.note(5.0, 100)

    assert pulse.per_s is None
