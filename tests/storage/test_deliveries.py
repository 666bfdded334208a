"""A claim is one worker's, and who comes back after its lease may only say what was sent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices, DeliveryState
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.storage.answers import AnswerRepository, Told
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.deliveries import Claim, DeliveryRepository, Finding
from bot.storage.engine import open_engine
from bot.storage.subscribers import SubscriberRepository
from bot.storage.tables import deliveries
from tests.databases import on_both

from .conftest import AIGUL, ANNA

pytestmark = on_both

NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
Begin = Callable[..., Awaitable[BroadcastId]]


@pytest.fixture
def begin(engine: AsyncEngine) -> Begin:
    async def write(*, rather_twice: bool = False, only: int = ANNA.id) -> BroadcastId:
        repository = BroadcastRepository(engine)
        choices = Choices(datetime.now(UTC), rather_twice=rather_twice)
        audience = Audience(only=frozenset({only}))
        broadcast_id = await repository.add(f"{only}", 1, NEWS, audience, choices)
        await repository.confirm(broadcast_id, BroadcastState.SCHEDULED)
        await repository.begin_due(datetime.now(UTC))
        return broadcast_id

    return write


@pytest.fixture
def short(engine: AsyncEngine) -> DeliveryRepository:
    """Give the ledger as one who loses every claim at once sees it."""
    return DeliveryRepository(engine, lease_s=0)


def finding(claim: Claim, state: DeliveryState) -> Finding:
    return Finding(claim, state, datetime.now(UTC))


async def state(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        return str((await connection.execute(select(deliveries.c.state))).scalar_one())


async def test_f09_recipient_is_claimed_by_one_of_many_at_once(
    engine: AsyncEngine, begin: Begin
) -> None:
    broadcast_id = await begin()
    ledger = DeliveryRepository(engine, lease_s=30)

    claims = await asyncio.gather(*(ledger.claim(broadcast_id, 5) for _ in range(10)))

    assert sorted(map(len, claims)) == [0] * 9 + [1]


async def test_f10_send_pressed_at_two_replicas_at_once_sends_one_broadcast(
    engine: AsyncEngine, url: str
) -> None:
    other = open_engine(url)
    replicas = [BroadcastRepository(each) for each in (engine, other)]
    now = Choices(datetime.now(UTC))
    ids = await asyncio.gather(*(each.add("n", 1, NEWS, Audience(), now) for each in replicas))

    numbers = await asyncio.gather(
        *(replicas[n % 2].confirm(ids[0], BroadcastState.SCHEDULED) for n in range(10))
    )
    await other.dispose()

    assert ids[0] == ids[1]
    assert [number for number in numbers if number is not None] == [2]
    assert sum((await replicas[0].progress(ids[0])).values()) == 2


async def test_no_more_are_claimed_than_asked_for(
    engine: AsyncEngine, short: DeliveryRepository
) -> None:
    repository = BroadcastRepository(engine)
    broadcast_id = await repository.add("n", 1, NEWS, Audience(), Choices(datetime.now(UTC)))
    await repository.confirm(broadcast_id, BroadcastState.SCHEDULED)
    await repository.begin_due(datetime.now(UTC))

    claims = [await short.claim(broadcast_id, 1) for _ in range(3)]

    assert [len(each) for each in claims] == [1, 1, 0]


async def test_nobody_is_claimed_of_a_broadcast_that_does_not_run(
    engine: AsyncEngine, begin: Begin
) -> None:
    broadcast_id = await begin()
    running = [BroadcastState.RUNNING]
    await BroadcastRepository(engine).move(broadcast_id, running, BroadcastState.PAUSED)

    assert not await DeliveryRepository(engine, 30).claim(broadcast_id, 5)


async def test_claim_in_time_is_not_given_up(engine: AsyncEngine, begin: Begin) -> None:
    await DeliveryRepository(engine, 30).claim(await begin(), 1)

    assert await DeliveryRepository(engine, 30).give_up_expired() == 0
    assert await state(engine) == DeliveryState.SENDING


@pytest.mark.parametrize(
    ("rather_twice", "expected"),
    [
        pytest.param(False, DeliveryState.UNCERTAIN, id="never twice"),
        pytest.param(True, DeliveryState.PENDING, id="rather twice"),
    ],
)
async def test_lost_claim_becomes_what_the_operator_chose(
    engine: AsyncEngine,
    begin: Begin,
    short: DeliveryRepository,
    rather_twice: bool,
    expected: DeliveryState,
) -> None:
    await short.claim(await begin(rather_twice=rather_twice), 1)

    assert await short.give_up_expired() == 1

    assert await state(engine) == expected


@pytest.mark.parametrize("late", [DeliveryState.FAILED, DeliveryState.PENDING])
async def test_f09_late_owner_cannot_change_what_was_given_up(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository, late: DeliveryState
) -> None:
    (claim,) = await short.claim(await begin(), 1)
    await short.give_up_expired()

    await short.record([finding(claim, late)])

    assert await state(engine) == DeliveryState.UNCERTAIN


async def test_f09_late_owner_cannot_take_a_recipient_from_the_next_one(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository
) -> None:
    broadcast_id = await begin(rather_twice=True)
    (first,) = await short.claim(broadcast_id, 1)
    await short.give_up_expired()
    (second,) = await short.claim(broadcast_id, 1)

    await short.record([finding(first, DeliveryState.FAILED)])
    between = await state(engine)
    await short.record([finding(second, DeliveryState.UNREACHABLE)])

    assert (first.attempt, second.attempt) == (1, 2)
    assert between == DeliveryState.SENDING
    assert await state(engine) == DeliveryState.UNREACHABLE


async def test_message_that_was_sent_is_recorded_however_late_and_stays(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository
) -> None:
    broadcast_id = await begin(rather_twice=True)
    (first,) = await short.claim(broadcast_id, 1)
    await short.give_up_expired()
    (second,) = await short.claim(broadcast_id, 1)

    await short.record([finding(first, DeliveryState.SENT)])
    await short.record([finding(second, DeliveryState.FAILED)])

    assert await state(engine) == DeliveryState.SENT
    assert await short.give_up_expired() == 0
    assert not await short.claim(broadcast_id, 1)


async def test_message_that_was_sent_is_recorded_over_uncertain(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository
) -> None:
    (claim,) = await short.claim(await begin(), 1)
    await short.give_up_expired()

    await short.record([finding(claim, DeliveryState.SENT)])

    assert await state(engine) == DeliveryState.SENT


async def test_attempt_that_never_left_does_not_count(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository
) -> None:
    broadcast_id = await begin()
    (first,) = await short.claim(broadcast_id, 1)
    untried = Finding(first, DeliveryState.PENDING, datetime.now(UTC), is_untried=True)

    await short.record([untried])
    (again,) = await short.claim(broadcast_id, 1)

    assert again.attempt == 1


async def test_one_broadcast_does_not_touch_another(
    engine: AsyncEngine, begin: Begin, short: DeliveryRepository
) -> None:
    first, second = await begin(), await begin(only=AIGUL.id)

    (claim,) = await short.claim(second, 5)

    assert claim.subscriber_id == AIGUL.id
    assert len(await short.claim(first, 5)) == 1


async def test_who_wants_no_messages_any_more_gets_none_but_corrections(
    engine: AsyncEngine, answers: AnswerRepository
) -> None:
    answers.add(ANNA.id, b"key", "0019", Told(generation="wrong"))
    await answers.flush()
    repository, ledger = BroadcastRepository(engine), DeliveryRepository(engine, lease_s=30)
    correction = Audience(answered_from=Origin(generation="wrong"))
    ids: list[BroadcastId] = []
    for audience in (correction, Audience()):
        choices = Choices(datetime.now(UTC))
        ids.append(await repository.add(f"{len(ids)}", 1, NEWS, audience, choices))
        await repository.confirm(ids[-1], BroadcastState.SCHEDULED)
        await repository.begin_due(datetime.now(UTC))

    await SubscriberRepository(engine).leave_out(ANNA.id)

    claimed = [await ledger.claim(each, 5) for each in ids]
    assert [[claim.subscriber_id for claim in each] for each in claimed] == [[ANNA.id], [AIGUL.id]]
    assert await repository.progress(ids[1]) == {"sending": 1, "unreachable": 1}


async def test_messages_to_delete_are_taken_in_order_and_again_where_they_were_given_back(
    engine: AsyncEngine,
) -> None:
    repository, ledger = BroadcastRepository(engine), DeliveryRepository(engine, lease_s=30)
    broadcast_id = await repository.add("n", 1, NEWS, Audience(), Choices(datetime.now(UTC)))
    await repository.confirm(broadcast_id, BroadcastState.SCHEDULED)
    await repository.begin_due(datetime.now(UTC))
    at = datetime.now(UTC)
    claims = await ledger.claim(broadcast_id, 5)
    await ledger.record([Finding(each, DeliveryState.SENT, at, message_id=1) for each in claims])
    long_ago = at - timedelta(days=1)

    [first] = await ledger.claim_to_withdraw(broadcast_id, long_ago, 1)
    await ledger.record_withdrawn(broadcast_id, [(first, None)])
    beyond = await ledger.claim_to_withdraw(broadcast_id, long_ago, 5, first.subscriber_id)
    none = await ledger.claim_to_withdraw(broadcast_id, long_ago, 5, beyond[-1].subscriber_id)
    again = await ledger.claim_to_withdraw(broadcast_id, long_ago, 5)

    people = [[each.subscriber_id for each in some] for some in ([first], beyond, none, again)]
    assert people == [[AIGUL.id], [ANNA.id], [], [AIGUL.id]]
