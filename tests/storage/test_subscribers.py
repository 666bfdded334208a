"""Subscribers are kept as they were saved, and erased with everything of theirs."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.storage.answers import AnswerRepository
from bot.storage.engine import open_engine
from bot.storage.subscribers import SubscriberId, SubscriberRepository
from tests.databases import on_both

from .conftest import AIGUL, ANNA, KEY

pytestmark = on_both


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"locale": "ky"}, id="other language"),
        pytest.param({"consent_version": 0}, id="no consent"),
        pytest.param({"phone_key": KEY}, id="proved phone"),
    ],
)
async def test_changed_column_is_read_back_after_a_restart_with_the_others(
    engine: AsyncEngine, url: str, columns: dict[str, Any]
) -> None:
    changed = await SubscriberRepository(engine).change(ANNA.id, **columns)

    assert changed == replace(ANNA, **columns)
    reopened = open_engine(url)
    try:
        assert await SubscriberRepository(reopened).get(ANNA.id) == changed
        assert await SubscriberRepository(reopened).get(AIGUL.id) == AIGUL
    finally:
        await reopened.dispose()


async def test_newcomer_with_a_long_id_is_kept_and_never_overwritten(engine: AsyncEngine) -> None:
    repository = SubscriberRepository(engine)
    newcomer = replace(ANNA, id=SubscriberId(2**52))

    await repository.add(newcomer)
    await repository.add(replace(newcomer, locale=Locale.KY, consent_version=0))

    assert await repository.get(newcomer.id) == newcomer


async def test_stranger_cannot_be_changed(engine: AsyncEngine) -> None:
    assert await SubscriberRepository(engine).change(SubscriberId(1), locale="kk") is None


async def test_stranger_is_nobody(engine: AsyncEngine) -> None:
    assert await SubscriberRepository(engine).get(SubscriberId(1)) is None


async def test_deleting_takes_the_answers_along_and_nobody_elses(
    engine: AsyncEngine, answers: AnswerRepository
) -> None:
    of_anna = answers.add(ANNA.id, KEY, "0019")
    of_aigul = answers.add(AIGUL.id, KEY, "0019")
    await answers.flush()

    await SubscriberRepository(engine).delete(ANNA.id)

    assert await SubscriberRepository(engine).get(ANNA.id) is None
    assert await answers.get(of_anna.id, ANNA.id) is None
    assert await answers.get(of_aigul.id, AIGUL.id) is not None
    async with engine.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM answers")
        assert rows.scalar_one() == 1


async def test_deleting_a_stranger_does_nothing(engine: AsyncEngine) -> None:
    await SubscriberRepository(engine).delete(SubscriberId(1))

    assert await SubscriberRepository(engine).get(ANNA.id) == ANNA
