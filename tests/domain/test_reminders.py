"""Which step is due on which day, and what is a loss."""

from datetime import date, timedelta

import pytest

from bot.domain.assessment import Assessment, Basis, Status
from bot.domain.months import Month
from bot.domain.reminders import (
    Cover,
    NoticeKind,
    can_be_reminded,
    cover_of,
    find_notices,
    find_step,
)

END = date(2026, 12, 31)
COVERED = Cover(True, END)


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [
        (31, None),
        (30, "30"),
        (15, "30"),
        (14, "14"),
        (8, "14"),
        (7, "7"),
        (2, "7"),
        (1, "1"),
        (0, "1"),
    ],
)
def test_nearest_step_is_due(days_left: int, expected: str | None) -> None:
    step = find_step(COVERED, END - timedelta(days=days_left))

    assert (step and step.kind) == (expected and NoticeKind(expected))
    assert step is None or step.day == END


def test_cover_without_an_end_has_no_steps() -> None:
    assert find_step(Cover(True, None), END) is None


def test_loss_is_told_to_the_covered_alone() -> None:
    gone = Cover(False, None)

    assert [each.kind for each in find_notices(gone, END, was_covered=True)] == [NoticeKind.LOST]
    assert find_notices(gone, END, was_covered=False) == []


def test_being_back_is_told_before_its_own_step() -> None:
    kinds = [each.kind for each in find_notices(COVERED, END, was_covered=False)]

    assert kinds == [NoticeKind.BACK, NoticeKind.DAYS_1]


@pytest.mark.parametrize(
    ("assessment", "cover", "can_be"),
    [
        pytest.param(
            Assessment(Status.INSURED, Basis.CATEGORY, Month.parse("2026-12")), COVERED, True
        ),
        pytest.param(
            Assessment(Status.CONDITIONAL, Basis.GRACE, Month.parse("2026-12")), COVERED, True
        ),
        pytest.param(Assessment(Status.INSURED, Basis.SERVICE), Cover(True, None), False),
        pytest.param(Assessment(Status.UNINSURED), Cover(False, None), True),
        pytest.param(Assessment(Status.OUTSIDE), Cover(False, None), False),
        pytest.param(Assessment(Status.UNKNOWN), None, False),
    ],
)
def test_status_says_what_there_is_to_wait_for(
    assessment: Assessment, cover: Cover | None, can_be: bool
) -> None:
    assert cover_of(assessment) == cover
    assert can_be_reminded(assessment) is can_be
