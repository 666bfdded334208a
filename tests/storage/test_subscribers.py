"""Subscribers are kept as they were saved, and erased with everything of theirs."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.storage.answers import AnswerRepository
from bot.storage.engine import open_engine
from bot.storage.subscribers import SubscriberId, SubscriberRepository

from .conftest import AIGUL, ANNA, KEY


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(ANNA, id="as it is"),
        pytest.param(replace(ANNA, locale=Locale.KY), id="other language"),
        pytest.param(replace(ANNA, consent_version=0), id="no consent"),
        pytest.param(replace(ANNA, phone_key=KEY), id="proved phone"),
        pytest.param(replace(ANNA, id=SubscriberId(2**52)), id="long id"),
    ],
)
async def test_saved_subscriber_is_read_back_after_a_restart(
    engine: AsyncEngine, url: str, changed: object
) -> None:
    assert isinstance(changed, type(ANNA))

    await SubscriberRepository(engine).save(changed)

    reopened = open_engine(url)
    try:
        assert await SubscriberRepository(reopened).get(changed.id) == changed
        assert await SubscriberRepository(reopened).get(AIGUL.id) == AIGUL
    finally:
        await reopened.dispose()


async def test_stranger_is_nobody(engine: AsyncEngine) -> None:
    assert await SubscriberRepository(engine).get(SubscriberId(1)) is None


async def test_deleting_takes_the_answers_along_and_nobody_elses(
    engine: AsyncEngine, answers: AnswerRepository, path: Path
) -> None:
    of_anna = answers.add(ANNA.id, KEY, "0019")
    of_aigul = answers.add(AIGUL.id, KEY, "0019")
    await answers.flush()

    await SubscriberRepository(engine).delete(ANNA.id)

    assert await SubscriberRepository(engine).get(ANNA.id) is None
    assert await answers.get(of_anna.id, ANNA.id) is None
    assert await answers.get(of_aigul.id, AIGUL.id) is not None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (1,)


async def test_deleting_a_stranger_does_nothing(engine: AsyncEngine) -> None:
    await SubscriberRepository(engine).delete(SubscriberId(1))

    assert await SubscriberRepository(engine).get(ANNA.id) == ANNA
