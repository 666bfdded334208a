"""File ids are found at once and after a restart, and go after a week."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import tables
from bot.storage.engine import open_engine
from bot.storage.pictures import KEPT_FOR, PictureRepository
from bot.storage.schema import downgrade
from tests.databases import on_both

pytestmark = on_both

KEY, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def pictures(engine: AsyncEngine) -> PictureRepository:
    return PictureRepository(engine)


async def test_kept_picture_is_found_and_another_is_not(pictures: PictureRepository) -> None:
    await pictures.keep(KEY, "file-1")

    assert await pictures.find(KEY) == "file-1"
    assert await pictures.find(OTHER) is None


async def test_picture_is_found_after_a_restart(pictures: PictureRepository, url: str) -> None:
    await pictures.keep(KEY, "file-1")

    reopened = open_engine(url)
    try:
        assert await PictureRepository(reopened).find(KEY) == "file-1"
    finally:
        await reopened.dispose()


async def test_new_upload_takes_the_place_of_a_refused_one(
    engine: AsyncEngine, pictures: PictureRepository
) -> None:
    await pictures.keep(KEY, "file-1")
    await pictures.keep(KEY, "file-2")

    assert await pictures.find(KEY) == "file-2"
    assert await PictureRepository(engine).find(KEY) == "file-2"


@pytest.mark.parametrize(
    ("age", "removed"),
    [
        pytest.param(KEPT_FOR - timedelta(minutes=5), 0, id="almost a week"),
        pytest.param(KEPT_FOR + timedelta(minutes=5), 1, id="more than a week"),
    ],
)
async def test_old_pictures_are_purged(
    engine: AsyncEngine, pictures: PictureRepository, age: timedelta, removed: int
) -> None:
    row = {"key": KEY, "file_id": "file-1", "created_at": datetime.now(UTC) - age}
    async with engine.begin() as connection:
        await connection.execute(insert(tables.pictures), [row])

    assert await pictures.purge() == removed
    async with engine.connect() as connection:
        left = (await connection.execute(select(tables.pictures.c.key))).scalars().all()
    assert len(left) == 1 - removed


async def test_database_without_the_table_costs_an_upload_and_nothing_else(
    engine: AsyncEngine, pictures: PictureRepository
) -> None:
    await downgrade(engine, "0001")

    await pictures.keep(KEY, "file-1")

    assert await pictures.find(OTHER) is None
    assert await pictures.purge() == 0
