"""Answers are found at once and after a restart, by their own subscriber, for thirty days."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import tables
from bot.storage.answers import KEPT_FOR, AnswerId, AnswerRepository, StoredAnswer
from bot.storage.engine import open_engine
from bot.storage.subscribers import SubscriberRepository
from tests.databases import on_both

from .conftest import AIGUL, ANNA, KEY

pytestmark = on_both


async def write_answer(engine: AsyncEngine, name: str, age: timedelta) -> AnswerId:
    """Write a row as an answer given so long ago has left it."""
    row = {
        "id": name,
        "subscriber_id": ANNA.id,
        "record_key": KEY,
        "last4": "0019",
        "created_at": datetime.now(UTC) - age,
    }
    async with engine.begin() as connection:
        await connection.execute(insert(tables.answers), [row])
    return AnswerId(name)


async def test_answer_is_found_at_once(answers: AnswerRepository) -> None:
    stored = answers.add(ANNA.id, KEY, "0019")

    assert await answers.get(stored.id, ANNA.id) == stored
    assert len(stored.id) == 22


async def test_answer_is_found_after_a_restart_as_it_was(
    answers: AnswerRepository, url: str
) -> None:
    stored = answers.add(ANNA.id, KEY, "0019")
    await answers.close()

    reopened = open_engine(url)
    try:
        found = await AnswerRepository(reopened).get(stored.id, ANNA.id)
    finally:
        await reopened.dispose()

    assert found is not None
    assert (found.id, found.record_key, found.last4) == (stored.id, KEY, "0019")


async def test_time_of_an_answer_is_an_aware_instant_also_from_the_database(
    answers: AnswerRepository,
) -> None:
    stored = answers.add(ANNA.id, KEY, "0019")
    await answers.flush()

    found = await answers.get(stored.id, ANNA.id)

    assert found == stored


@pytest.mark.parametrize("is_written", [False, True], ids=["pending", "written"])
async def test_answer_is_hidden_from_another_subscriber(
    answers: AnswerRepository, is_written: bool
) -> None:
    stored = answers.add(ANNA.id, KEY, "0019")
    if is_written:
        await answers.flush()

    assert await answers.get(stored.id, AIGUL.id) is None
    assert await answers.latest(AIGUL.id) is None
    assert await answers.get(AnswerId("no-such-answer-at-all-"), ANNA.id) is None


async def test_latest_answer_is_the_last_one_given(answers: AnswerRepository) -> None:
    answers.add(ANNA.id, KEY, "0019")
    await answers.flush()
    second = answers.add(ANNA.id, KEY, "0707")

    latest = await answers.latest(ANNA.id)

    assert latest is not None
    assert latest.id == second.id


@pytest.mark.parametrize(
    ("age", "is_found"),
    [
        pytest.param(KEPT_FOR - timedelta(minutes=5), True, id="almost thirty days"),
        pytest.param(KEPT_FOR + timedelta(minutes=5), False, id="more than thirty days"),
    ],
)
async def test_answer_opens_for_thirty_days_and_is_then_purged(
    engine: AsyncEngine, answers: AnswerRepository, age: timedelta, is_found: bool
) -> None:
    answer_id = await write_answer(engine, "an-answer-of-long-ago-", age)

    found = await answers.get(answer_id, ANNA.id), await answers.latest(ANNA.id)
    removed = await answers.purge()

    assert [isinstance(answer, StoredAnswer) for answer in found] == [is_found, is_found]
    assert removed == (0 if is_found else 1)
    assert await answers.purge() == 0


async def test_answer_of_somebody_erased_meanwhile_is_dropped_alone(
    engine: AsyncEngine, answers: AnswerRepository
) -> None:
    of_anna = answers.add(ANNA.id, KEY, "0019")
    of_aigul = answers.add(AIGUL.id, KEY, "0707")
    await SubscriberRepository(engine).delete(ANNA.id)

    await answers.flush()

    assert await answers.get(of_anna.id, ANNA.id) is None
    assert await answers.get(of_aigul.id, AIGUL.id) is not None


async def test_answers_of_somebody_who_comes_back_after_erasing_are_not_written(
    engine: AsyncEngine, answers: AnswerRepository
) -> None:
    of_anna = answers.add(ANNA.id, KEY, "0019")
    of_aigul = answers.add(AIGUL.id, KEY, "0707")
    await SubscriberRepository(engine).delete(ANNA.id)
    await answers.forget(ANNA.id)
    await SubscriberRepository(engine).add(ANNA)

    assert await answers.flush()

    assert await answers.get(of_anna.id, ANNA.id) is None
    assert await answers.get(of_aigul.id, AIGUL.id) is not None


async def test_answer_written_twice_is_there_once(
    engine: AsyncEngine, answers: AnswerRepository
) -> None:
    # As when the connection is lost before the end of a transaction is heard of.
    stored = answers.add(ANNA.id, KEY, "0019")
    await write_answer(engine, stored.id, timedelta(0))

    assert await answers.flush()

    async with engine.connect() as connection:
        assert len((await connection.execute(select(tables.answers))).all()) == 1
