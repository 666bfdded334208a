"""An audience is counted exactly, and the same people get their rows."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.assessment import ReasonCode, Status
from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import BroadcastId, BroadcastState, Choices
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.schema import upgrade
from bot.storage.tables import answers, broadcasts, deliveries, reminders, subscribers
from tests.databases import on_both

pytestmark = on_both

NOW = datetime.now(UTC)
NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
# Somebody for each thing that an audience may ask.
PEOPLE: dict[int, dict[str, Any]] = {
    1: {"locale": "kk"},
    2: {"locale": "ru"},
    3: {"locale": "ky"},
    4: {"consent_version": 2},
    5: {"inactive_since": NOW},
    6: {"accepts_broadcasts": False},
}
ANSWERS: list[dict[str, Any]] = [
    {"subscriber_id": 1, "age": 20, "status": "uninsured", "reason": "JOB_LOST", "region": "75"},
    {"subscriber_id": 1, "age": 1, "status": "insured", "covered_until": date(2026, 11, 30)},
    {"subscriber_id": 2, "age": 5, "status": "uninsured", "reason": "GAP", "region": "75"},
    {"subscriber_id": 3, "age": 9, "status": "insured", "covered_until": date(2026, 12, 31)},
    {"subscriber_id": 6, "age": 2, "status": "uninsured", "reason": "GAP", "region": "75"},
]


@pytest.fixture
async def repository(empty_engine: AsyncEngine) -> BroadcastRepository:
    engine = empty_engine
    await upgrade(engine)
    usual = {"locale": "ru", "consent_version": 3, "inactive_since": None, "changed_at": NOW}
    usual["accepts_broadcasts"] = True
    people = [{"id": number, **usual, **about} for number, about in PEOPLE.items()]
    empty = dict.fromkeys(("status", "reason", "region", "covered_until"))
    given = [
        {
            **empty,
            **about,
            "id": f"answer-{number}",
            "message_id": 100 + number,
            "record_key": b"",
            "last4": "0000",
            "rules_version": "old" if number != 1 else "new",
            "generation": f"g{number}",
            "created_at": NOW - timedelta(days=about["age"]),
        }
        for number, about in enumerate(ANSWERS)
    ]
    for row in given:
        del row["age"]
    async with engine.begin() as connection:
        await connection.execute(insert(subscribers), people)
        await connection.execute(insert(answers), given)
        # The second one got a broadcast three days ago, of the third nobody knows.
        values = {"state": "done", "wordings": "", "audience": "", "author": 1, "starts_at": NOW}
        flags = {"rather_twice": False, "is_paid": False, "created_at": NOW, "changed_at": NOW}
        await connection.execute(
            insert(broadcasts).values(id=7, nonce="earlier", **values, **flags)
        )
        row = {"broadcast_id": 7, "locale": "ru", "attempt": 1}
        await connection.execute(
            insert(deliveries),
            [
                {**row, "subscriber_id": 2, "state": "sent", "changed_at": _days_ago(3)},
                {**row, "subscriber_id": 3, "state": "uncertain", "changed_at": _days_ago(40)},
                {**row, "subscriber_id": 6, "state": "uncertain", "changed_at": _days_ago(40)},
            ],
        )
        row = {"last4": "0000", "is_covered": True, "as_of": NOW.date(), "created_at": NOW}
        await connection.execute(
            insert(reminders),
            [{**row, "id": f"r{n}", "subscriber_id": n, "record_key": b""} for n in (2, 4, 6)],
        )
    return BroadcastRepository(engine)


def _days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        pytest.param(Audience(), {1, 2, 3}, id="all who agreed and can be reached"),
        pytest.param(Audience(locales=frozenset({Locale.KK, Locale.KY})), {1, 3}, id="languages"),
        pytest.param(Audience(statuses=frozenset({Status.UNINSURED})), {2}, id="status now"),
        pytest.param(Audience(reasons=frozenset({ReasonCode.JOB_LOST})), set(), id="old reason"),
        pytest.param(Audience(reasons=frozenset({ReasonCode.GAP})), {2}, id="reason"),
        pytest.param(Audience(regions=frozenset({"75"})), {2}, id="region"),
        pytest.param(
            Audience(covered_until=(date(2026, 11, 21), date(2026, 12, 1))), {1}, id="ending"
        ),
        pytest.param(Audience(asked_since=_days_ago(6).date()), {1, 2}, id="asked lately"),
        pytest.param(Audience(rest_days=7), {1, 3}, id="not again in a week"),
        pytest.param(Audience(rest_days=60), {1}, id="not again in two months"),
        pytest.param(Audience(uncertain_of=7), {3}, id="uncertain"),
        # Who wants no messages is told of a wrong answer, and when that is told again.
        pytest.param(Audience(answered_from=Origin("old")), {1, 2, 3, 6}, id="by old rules"),
        pytest.param(
            Audience(answered_from=Origin("old"), uncertain_of=7), {3, 6}, id="follow-up of those"
        ),
        pytest.param(Audience(reminded=True), {2}, id="reminded"),
        pytest.param(Audience(answered_from=Origin("old", "g2")), {2}, id="from a register"),
        pytest.param(Audience(only=frozenset({2, 4, 99})), {2}, id="listed"),
    ],
)
async def test_audience_is_counted_and_written_down_exactly(
    repository: BroadcastRepository, audience: Audience, expected: set[int]
) -> None:
    counted = await repository.count(audience)
    drafted = await repository.add("n", 42, NEWS, audience, Choices(NOW))
    if expected:
        assert await repository.confirm(drafted, BroadcastState.SCHEDULED) == len(expected)

    assert sum(counted.values()) == len(expected)
    assert await recipients(repository, drafted) == expected


async def test_count_is_by_language(repository: BroadcastRepository) -> None:
    assert await repository.count(Audience()) == {Locale.KK: 1, Locale.RU: 1, Locale.KY: 1}


async def test_correction_is_a_reply_to_the_last_answer_of_its_origin(
    repository: BroadcastRepository,
) -> None:
    audience = Audience(answered_from=Origin(rules_version="old"))
    drafted = await repository.add("n", 42, NEWS, audience, Choices(NOW))
    await repository.confirm(drafted, BroadcastState.SCHEDULED)

    query = select(deliveries.c.subscriber_id, deliveries.c.reply_to).where(
        deliveries.c.broadcast_id == drafted
    )
    async with repository._engine.connect() as connection:
        rows = (await connection.execute(query)).all()

    # The first one's newer answer came from other rules.
    assert {(person, message) for person, message in rows} == {
        (1, 100),
        (2, 102),
        (3, 103),
        (6, 104),
    }


async def recipients(repository: BroadcastRepository, of: BroadcastId) -> set[int]:
    query = select(deliveries.c.subscriber_id).where(deliveries.c.broadcast_id == of)
    async with repository._engine.connect() as connection:
        return set((await connection.execute(query)).scalars())
