"""A broadcast's life: every step happens once, and only from where it may."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import (
    BroadcastId,
    BroadcastState,
    Choices,
    DeliveryState,
    Hours,
    PauseReason,
)
from bot.domain.locales import Locale
from bot.domain.wording import Button, Wording, WordingError, Wordings
from bot.services.broadcasts import Broadcasts
from bot.storage.broadcasts import BroadcastRepository, MissingWordingError, NoRecipientsError
from bot.storage.subscribers import SubscriberRepository

from .conftest import AIGUL

AUTHOR, APPROVER = 42, 43
NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
Draft = Callable[..., Awaitable[BroadcastId]]


@pytest.fixture
def broadcasts(engine: AsyncEngine) -> Broadcasts:
    return Broadcasts(BroadcastRepository(engine))


@pytest.fixture
def draft(broadcasts: Broadcasts) -> Draft:
    async def write(
        nonce: str = "n", wordings: Wordings = NEWS, audience: Audience | None = None
    ) -> BroadcastId:
        choices = Choices(datetime.now(UTC))
        return await broadcasts.draft(nonce, AUTHOR, wordings, audience or Audience(), choices)

    return write


async def state(broadcasts: Broadcasts, broadcast_id: BroadcastId) -> BroadcastState:
    found = await broadcasts.get(broadcast_id)
    assert found is not None
    return found.state


async def test_f10_draft_written_twice_is_one(broadcasts: Broadcasts, draft: Draft) -> None:
    ids = await asyncio.gather(*(draft("the same") for _ in range(10)))

    assert len(set(ids)) == 1


async def test_f10_two_presses_at_once_send_one_broadcast(
    broadcasts: Broadcasts, draft: Draft
) -> None:
    drafted = await draft()

    did = await asyncio.gather(
        *(broadcasts.confirm(drafted, needs_approval=False) for _ in range(10))
    )

    assert sorted(did) == [False] * 9 + [True]
    progress = await broadcasts.progress(drafted)
    assert progress is not None
    assert (progress.recipients, progress.by_state[DeliveryState.PENDING]) == (2, 2)


async def test_written_broadcast_is_read_back_as_it_was(broadcasts: Broadcasts) -> None:
    hours = Hours(time(9), time(21))
    choices = Choices(datetime.now(UTC) + timedelta(days=1), hours, rather_twice=True, is_paid=True)
    wording = Wording("<b>A</b>", buttons=(Button("Сайт", url="https://fms.kz"),))
    wordings = Wordings({Locale.KK: wording, Locale.RU: Wording("Б")}, fallback=Locale.KK)
    audience = Audience(locales=frozenset({Locale.KK}), rest_days=7)

    drafted = await broadcasts.draft("n", AUTHOR, wordings, audience, choices)

    found = await broadcasts.get(drafted)
    assert found is not None
    assert (found.wordings, found.audience, found.choices) == (wordings, audience, choices)
    assert (found.state, found.author, found.recipients) == (BroadcastState.DRAFT, AUTHOR, None)


async def test_author_cannot_approve_and_somebody_else_can_once(
    broadcasts: Broadcasts, draft: Draft
) -> None:
    drafted = await draft()
    await broadcasts.confirm(drafted, needs_approval=True)

    assert not await broadcasts.approve(drafted, AUTHOR)
    assert await state(broadcasts, drafted) is BroadcastState.AWAITING_APPROVAL
    assert await broadcasts.approve(drafted, APPROVER)
    assert not await broadcasts.approve(drafted, APPROVER)
    assert await state(broadcasts, drafted) is BroadcastState.SCHEDULED


async def test_language_without_a_wording_keeps_it_a_draft(
    broadcasts: Broadcasts, draft: Draft
) -> None:
    drafted = await draft(wordings=Wordings({Locale.RU: Wording("Новость")}))

    with pytest.raises(MissingWordingError) as missing:
        await broadcasts.confirm(drafted, needs_approval=False)

    assert missing.value.locales == (Locale.KK,)
    assert await state(broadcasts, drafted) is BroadcastState.DRAFT
    progress = await broadcasts.progress(drafted)
    assert progress is not None
    assert not sum(progress.by_state.values())


async def test_broadcast_to_nobody_stays_a_draft(broadcasts: Broadcasts, draft: Draft) -> None:
    drafted = await draft(audience=Audience(only=frozenset({1})))

    with pytest.raises(NoRecipientsError):
        await broadcasts.confirm(drafted, needs_approval=False)

    assert await state(broadcasts, drafted) is BroadcastState.DRAFT


async def test_stopped_broadcast_never_goes_on(broadcasts: Broadcasts, draft: Draft) -> None:
    drafted = await draft()
    await broadcasts.confirm(drafted, needs_approval=False)

    assert await broadcasts.stop(drafted)
    await broadcasts.begin_due()

    assert not await broadcasts.resume(drafted, AUTHOR)
    assert not await broadcasts.stop(drafted)
    assert await state(broadcasts, drafted) is BroadcastState.STOPPED


@pytest.mark.parametrize("step", ["pause", "resume", "stop", "withdraw"])
async def test_step_of_an_operator_that_cannot_be_logged_does_not_happen(
    broadcasts: Broadcasts, draft: Draft, engine: AsyncEngine, step: str
) -> None:
    drafted = await draft()
    await broadcasts.confirm(drafted, needs_approval=False)
    if step == "resume":
        await broadcasts.pause(drafted, PauseReason.OPERATOR)
    if step == "withdraw":
        await broadcasts.stop(drafted)
    before = await broadcasts.get(drafted)
    steps: dict[str, Callable[[], Awaitable[bool]]] = {
        "pause": lambda: broadcasts.pause(drafted, PauseReason.OPERATOR, AUTHOR),
        "resume": lambda: broadcasts.resume(drafted, AUTHOR),
        "stop": lambda: broadcasts.stop(drafted, AUTHOR),
        "withdraw": lambda: broadcasts.withdraw(drafted, AUTHOR),
    }
    async with engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE audit RENAME TO elsewhere")

    with pytest.raises(OperationalError):
        await steps[step]()

    assert await broadcasts.get(drafted) == before


async def test_broadcast_paused_before_its_time_waits_for_it_again(broadcasts: Broadcasts) -> None:
    tomorrow = Choices(datetime.now(UTC) + timedelta(days=1))
    drafted = await broadcasts.draft("n", AUTHOR, NEWS, Audience(), tomorrow)
    await broadcasts.confirm(drafted, needs_approval=False)

    await broadcasts.pause(drafted, PauseReason.OPERATOR)
    await broadcasts.resume(drafted, AUTHOR)
    await broadcasts.begin_due()

    assert await state(broadcasts, drafted) is BroadcastState.SCHEDULED


async def test_erased_recipient_leaves_the_ledger_and_stays_in_the_number(
    broadcasts: Broadcasts, draft: Draft, engine: AsyncEngine
) -> None:
    drafted = await draft()
    await broadcasts.confirm(drafted, needs_approval=False)

    await SubscriberRepository(engine).delete(AIGUL.id)

    progress = await broadcasts.progress(drafted)
    assert progress is not None
    assert (progress.recipients, progress.erased) == (2, 1)
    assert progress.by_state[DeliveryState.PENDING] == 1


async def test_follow_up_of_a_correction_is_one_and_that_of_other_news_is_not(
    broadcasts: Broadcasts, draft: Draft
) -> None:
    origin, now = Origin(rules_version="old"), Choices(datetime.now(UTC))
    correction = await draft("correction", audience=Audience(answered_from=origin))
    news = await draft("news")

    follow_ups = [
        await broadcasts.draft_follow_up(f"follow-{of}", AUTHOR, of, NEWS, now)
        for of in (correction, news)
    ]

    audiences = [found.audience for each in follow_ups if (found := await broadcasts.get(each))]
    assert audiences == [
        Audience(uncertain_of=correction, answered_from=origin),
        Audience(uncertain_of=news),
    ]


async def test_old_ledger_is_reduced_to_its_totals(
    broadcasts: Broadcasts, draft: Draft, engine: AsyncEngine
) -> None:
    old, paused, recent, awaiting = [await draft(nonce) for nonce in "1234"]
    for each in (old, paused, recent):
        await broadcasts.confirm(each, needs_approval=False)
    await broadcasts.confirm(awaiting, needs_approval=True)
    await broadcasts.stop(old)
    await broadcasts.pause(paused, PauseReason.OPERATOR)
    await broadcasts.stop(recent)
    before = await broadcasts.progress(old)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE broadcasts SET changed_at = '2026-01-01 00:00:00.000000' WHERE id != 3"
        )

    removed = await broadcasts.purge()

    assert removed == 6
    assert await broadcasts.progress(old) == before
    assert await state(broadcasts, paused) is BroadcastState.STOPPED
    assert await state(broadcasts, awaiting) is BroadcastState.STOPPED
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT DISTINCT broadcast_id FROM deliveries")
        assert rows.scalars().all() == [recent]
    assert await broadcasts.purge() == 0
    assert await broadcasts.progress(old) == before


def test_what_telegram_would_refuse_is_refused_when_it_is_written() -> None:
    for refused in (
        lambda: Wording(" "),
        lambda: Wording("A", buttons=(Button("a", guide="x"),) * 4),
        lambda: Button("", guide="x"),
        lambda: Button("a"),
        lambda: Button("a", url="https://a", guide="x"),
        lambda: Button("a", url="javascript:alert()"),
        lambda: Wordings({Locale.RU: Wording("A")}, fallback=Locale.KK),
    ):
        with pytest.raises(WordingError):
            refused()


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        pytest.param(datetime(2026, 11, 21, 3, 59, 59, tzinfo=UTC), False, id="eve of nine"),
        pytest.param(datetime(2026, 11, 21, 4, tzinfo=UTC), True, id="nine in Kazakhstan"),
        pytest.param(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), True, id="eve of nine pm"),
        pytest.param(datetime(2026, 11, 21, 16, tzinfo=UTC), False, id="nine pm"),
    ],
)
def test_hours_are_those_of_kazakhstan(instant: datetime, is_open: bool) -> None:
    assert Hours(time(9), time(21)).include(instant) is is_open
