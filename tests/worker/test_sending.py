"""A broadcast reaches everybody once, and the ledger says what became of each message."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.audience import Audience
from bot.domain.broadcasts import (
    KAZAKHSTAN,
    BroadcastState,
    Choices,
    DeliveryState,
    Hours,
    PauseReason,
)
from bot.domain.locales import Locale
from bot.domain.wording import Button, Wording, Wordings
from bot.storage.subscribers import SubscriberId, SubscriberRepository
from bot.storage.tables import deliveries
from bot.worker.loop import LOOK_EVERY_S
from tests.databases import on_both
from tests.telegram.client import until
from tests.telegram.process import free_port
from tests.worker.conftest import FieldOf
from tests.worker.field import AUTHOR, NEWS, Field, now

AMBIGUOUS: list[dict[str, Any]] = [
    {"kind": "error", "status": 502, "html": True},
    {"kind": "error", "status": 500},
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "hang"},
]


@on_both
async def test_everybody_gets_it_once_in_their_language(field: Field) -> None:
    broadcast_id = await field.begin()

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    assert set((await field.arrived()).values()) == {1}
    assert await field.counts(broadcast_id) == {DeliveryState.SENT: 30}
    texts = [(await field.messages(person))[-1]["text"] for person in field.ids[:3]]
    assert texts == ["Жаңалық", "Новость", "Жаңылык"]


async def test_buttons_lead_to_a_link_and_to_a_guide(field: Field) -> None:
    buttons = (Button("Сайт", url="https://fms.kz"), Button("Как оплатить", guide="pay"))
    wordings = Wordings({Locale.RU: Wording("Новость", buttons=buttons)}, fallback=Locale.RU)
    broadcast_id = await field.begin(wordings)

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    shown = (await field.messages(field.ids[0]))[-1]
    rows = shown["reply_markup"]["inline_keyboard"]
    assert shown["text"] == "Новость"
    assert rows == [
        [{"text": "Сайт", "url": "https://fms.kz"}],
        [{"text": "Как оплатить", "callback_data": "g:pay:"}],
    ]


async def test_correction_answers_the_message_that_it_corrects_or_comes_alone(
    field: Field,
) -> None:
    corrected, gone, *_ = field.ids
    theirs = (await field.messages(corrected))[0]["message_id"]
    choices = Choices(datetime.now(UTC) + timedelta(seconds=1))
    broadcast_id = await field.begin(choices=choices)
    async with field.engine.begin() as connection:
        for person, message_id in ((corrected, theirs), (gone, 999_999)):
            await connection.execute(
                update(deliveries)
                .where(deliveries.c.subscriber_id == person)
                .values(reply_to=message_id)
            )

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    shown = [(await field.messages(person))[-1] for person in field.ids[:3]]
    replied_to = [each.get("reply_to_message", {}).get("message_id") for each in shown]
    assert replied_to == [theirs, None, None]
    assert await field.counts(broadcast_id) == {DeliveryState.SENT: 30}


async def test_f03_f04_f05_message_that_may_have_been_sent_is_counted_and_not_repeated(
    field: Field,
) -> None:
    doubtful = field.ids[: len(AMBIGUOUS)]
    for person, fault in zip(doubtful, AMBIGUOUS, strict=True):
        await field.fail(fault, person)
    broadcast_id = await field.begin()

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    assert set(Counter(call["chat_id"] for call in await field.calls()).values()) == {1}
    ledger = await field.ledger(broadcast_id)
    uncertain = {person for person, state in ledger.items() if state is DeliveryState.UNCERTAIN}
    assert uncertain == {*doubtful}
    assert (await field.counts(broadcast_id))[DeliveryState.SENT] == 30 - len(doubtful)


async def test_operator_who_would_rather_have_it_twice_gets_that_with_an_end(
    field: Field,
) -> None:
    once, often = field.ids[0], field.ids[1]
    await field.fail({"kind": "reset_after"}, once)
    await field.fail({"kind": "reset_after"}, often, times=9)
    choices = Choices(datetime.now(UTC), rather_twice=True)
    broadcast_id = await field.begin(choices=choices)

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    arrived = await field.arrived()
    assert (arrived[once], arrived[often]) == (2, 3)
    counts = await field.counts(broadcast_id)
    assert counts == {DeliveryState.SENT: 29, DeliveryState.UNCERTAIN: 1}


async def test_f30_f31_who_cannot_be_reached_is_inactive_and_no_error(field: Field) -> None:
    unknown, *blocked = field.ids[:25]
    for person in blocked:
        await field.post("/client/block", user_id=person, blocked=True)
    await field.fail({"kind": "error", "status": 400}, unknown)
    broadcast_id = await field.begin()

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    counts = await field.counts(broadcast_id)
    assert counts == {DeliveryState.SENT: 5, DeliveryState.UNREACHABLE: 25}
    repository = SubscriberRepository(field.engine)
    found = [await repository.get(SubscriberId(person)) for person in field.ids[23:27]]
    assert [each.is_active for each in found if each] == [False, False, True, True]
    assert sum((await field.broadcasts.count(Audience())).values()) == 5


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        pytest.param(
            {"kind": "error", "status": 400, "description": "Bad Request: can't parse entities"},
            DeliveryState.FAILED,
            id="refused",
        ),
        pytest.param({"kind": "error", "status": 502}, DeliveryState.UNCERTAIN, id="in doubt"),
    ],
)
async def test_broadcast_pauses_by_itself_when_too_many_fail(
    field_of: FieldOf, fault: dict[str, Any], state: DeliveryState
) -> None:
    async with field_of(60) as field:
        await field.fail(fault, times=1000)
        broadcast_id = await field.begin()
        async with field.worker():
            await field.wait_for(broadcast_id, BroadcastState.PAUSED)
            paused = await field.broadcasts.get(broadcast_id)
            counts = await field.counts(broadcast_id)
            await field.heal()
            await field.broadcasts.resume(broadcast_id, AUTHOR)
            await field.wait_for(broadcast_id, BroadcastState.DONE)

        assert paused is not None
        assert paused.pause_reason is PauseReason.ERRORS
        assert 20 <= counts[state] <= 50
        assert counts[state] + counts[DeliveryState.PENDING] == 60
        assert (await field.counts(broadcast_id))[DeliveryState.SENT] == 60 - counts[state]


async def test_f02_broadcast_waits_as_long_as_telegram_asks(field: Field) -> None:
    await field.fail({"kind": "429", "retry_after": 2}, field.ids[0])
    broadcast_id = await field.begin()

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    refused, *later = [call["at"] for call in await field.calls()]
    assert len(later) == 30
    # What had left before the refusal was heard of is under way already.
    assert sum(at - refused < 2 for at in later) < 25
    assert (await field.arrived()).total() == 30


async def test_f02_pause_of_hours_pauses_the_broadcast_and_loses_nobody(field: Field) -> None:
    await field.fail({"kind": "429", "retry_after": 10_072}, field.ids[0])
    broadcast_id = await field.begin()

    async with field.worker(bulk_per_s=20):
        await field.wait_for(broadcast_id, BroadcastState.PAUSED)
        await asyncio.sleep(0.5)
        counts = await field.counts(broadcast_id)
        calls = len(await field.calls())
        await field.broadcasts.resume(broadcast_id, AUTHOR)
        await field.wait_for(broadcast_id, BroadcastState.PAUSED)
        calls_after = len(await field.calls())

    paused = await field.broadcasts.get(broadcast_id)
    assert paused is not None
    assert paused.pause_reason is PauseReason.TELEGRAM
    assert counts[DeliveryState.PENDING] + counts[DeliveryState.SENT] == 30
    assert calls <= 3
    assert calls_after == calls


async def test_f39_broadcast_goes_on_when_telegram_is_back(field: Field) -> None:
    broadcast_id = await field.begin()
    async with field.worker(url=f"http://127.0.0.1:{free_port()}"):
        await asyncio.sleep(2)
        between = await field.counts(broadcast_id)

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    assert not between.keys() - {DeliveryState.PENDING, DeliveryState.SENDING}
    assert await field.counts(broadcast_id) == {DeliveryState.SENT: 30}


async def test_f29_at_most_two_seconds_after_a_stop_nothing_leaves(field_of: FieldOf) -> None:
    async with field_of(75) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=25, look_every_s=LOOK_EVERY_S):
            await asyncio.sleep(0.9)
            await field.broadcasts.stop(broadcast_id)
            stopped_at = time.time()
            before = len(await field.calls())
            await asyncio.sleep(2.2)
            later = [call["at"] for call in (await field.calls())[before:]]
            counts = await field.counts(broadcast_id)

        assert before > 5
        assert len(later) <= 25
        assert all(at - stopped_at < 2 for at in later)
        assert counts == {
            DeliveryState.SENT: before + len(later),
            DeliveryState.PENDING: 75 - before - len(later),
        }


async def test_f29_stop_while_telegram_asks_to_wait_gives_everybody_back(field: Field) -> None:
    await field.fail({"kind": "429", "retry_after": 2}, field.ids[0])
    broadcast_id = await field.begin()

    async with field.worker(bulk_per_s=20):
        await asyncio.sleep(0.5)
        await field.broadcasts.stop(broadcast_id)
        await asyncio.sleep(0.6)
        counts = await field.counts(broadcast_id)
        await asyncio.sleep(1.5)
        later = await field.counts(broadcast_id)

    assert not counts[DeliveryState.SENDING]
    assert counts[DeliveryState.PENDING] >= 20
    assert later == counts


async def test_paused_broadcast_goes_on_where_it_was(field: Field) -> None:
    broadcast_id = await field.begin()
    async with field.worker(bulk_per_s=25):
        await asyncio.sleep(0.4)
        await field.broadcasts.pause(broadcast_id, PauseReason.OPERATOR)
        await asyncio.sleep(0.5)
        assert (await field.counts(broadcast_id))[DeliveryState.PENDING] > 0
        assert await field.broadcasts.resume(broadcast_id, AUTHOR)
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    assert set((await field.arrived()).values()) == {1}


async def test_messages_are_taken_back_from_everybody(field: Field) -> None:
    await field.fail({"kind": "reset_after"}, field.ids[0])
    broadcast_id = await field.begin()

    async def withdrawn() -> bool:
        progress = await field.broadcasts.progress(broadcast_id)
        return progress is not None and progress.withdrawn == 29

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)
        assert await field.broadcasts.withdraw(broadcast_id)
        assert not await field.broadcasts.withdraw(broadcast_id)
        await until(withdrawn)

    assert {person for person, n in (await field.arrived()).items() if n} == {field.ids[0]}


async def test_message_older_than_two_days_stays(field: Field) -> None:
    broadcast_id = await field.begin()
    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.DONE)
        async with field.engine.begin() as connection:
            await connection.exec_driver_sql(
                "UPDATE deliveries SET changed_at = '2026-01-01 00:00:00.000000'"
            )
        await field.broadcasts.withdraw(broadcast_id)
        await asyncio.sleep(0.3)

    assert not await field.calls("deleteMessage")


async def test_those_of_whom_nobody_knows_can_be_written_to_again(field: Field) -> None:
    await field.fail({"kind": "reset_after"}, field.ids[0])
    first = await field.begin()
    async with field.worker():
        await field.wait_for(first, BroadcastState.DONE)
        follow_up = await field.broadcasts.draft_follow_up("again", 42, first, NEWS, now())
        await field.broadcasts.confirm(follow_up, needs_approval=False)
        await field.wait_for(follow_up, BroadcastState.DONE)

    assert await field.ledger(follow_up) == {field.ids[0]: DeliveryState.SENT}


async def test_broadcast_waits_for_its_time_and_its_hours(field: Field) -> None:
    soon = Choices(datetime.now(UTC) + timedelta(seconds=1.2))
    local = datetime.now(KAZAKHSTAN)
    # A whole hour apart from now, whatever the time of day is.
    is_early = local.hour < 12
    opens, closes = (
        (local.replace(hour=22), local.replace(hour=23))
        if is_early
        else (
            local.replace(hour=1),
            local.replace(hour=2),
        )
    )
    closed = Choices(datetime.now(UTC), Hours(opens.time(), closes.time()))
    later, asleep = await field.begin(choices=soon), await field.begin(choices=closed)

    async with field.worker():
        await asyncio.sleep(0.5)
        too_early = len(await field.calls())
        await field.wait_for(later, BroadcastState.DONE)

    assert too_early == 0
    assert await field.state(asleep) is BroadcastState.RUNNING
    assert await field.counts(asleep) == {DeliveryState.PENDING: 30}


async def test_broadcast_whose_time_passed_while_nothing_ran_waits_for_an_operator(
    field: Field,
) -> None:
    broadcast_id = await field.begin(choices=Choices(datetime.now(UTC) - timedelta(hours=2)))
    async with field.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE broadcasts SET starts_at = '2026-01-01 00:00:00.000000',"
            " changed_at = '2026-01-01 00:00:00.000000'"
        )

    async with field.worker():
        await field.wait_for(broadcast_id, BroadcastState.PAUSED)
        await field.broadcasts.resume(broadcast_id, AUTHOR)
        await field.wait_for(broadcast_id, BroadcastState.DONE)


async def test_paid_broadcast_says_so_and_is_not_held_to_the_free_rate(field: Field) -> None:
    choices = Choices(datetime.now(UTC), is_paid=True)
    broadcast_id = await field.begin(choices=choices)
    async with field.worker(bulk_per_s=1):
        await field.wait_for(broadcast_id, BroadcastState.DONE)

    assert all(call["params"]["allow_paid_broadcast"] is True for call in await field.calls())
    assert await field.counts(broadcast_id) == {DeliveryState.SENT: 30}


@on_both
async def test_f09_two_workers_never_write_to_the_same_person(field_of: FieldOf) -> None:
    async with field_of(90) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=100), field.worker(bulk_per_s=100):
            await field.wait_for(broadcast_id, BroadcastState.DONE)

        assert set((await field.arrived()).values()) == {1}
        assert await field.counts(broadcast_id) == {DeliveryState.SENT: 90}


async def test_rate_is_that_of_the_bucket(field_of: FieldOf) -> None:
    async with field_of(45) as field:
        broadcast_id = await field.begin()
        async with field.worker(bulk_per_s=25):
            await field.wait_for(broadcast_id, BroadcastState.DONE)

        times = [call["monotonic"] for call in await field.calls()]
        rate = (len(times) - 1) / (times[-1] - times[0])
        assert 0.95 * 25 <= rate <= 25.5
