"""Many rows are removed in several steps, and no other ones."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import purging
from bot.storage.purging import remove_rows
from bot.storage.tables import counters, pictures
from tests.databases import on_both

pytestmark = on_both
NOW = datetime.now(UTC)


@pytest.mark.parametrize("number", [0, 1, 4, 5])
async def test_all_rows_of_which_the_condition_is_true_are_removed(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(purging, "_BATCH", 2)
    rows = [{"key": f"old-{each}", "file_id": "x", "created_at": NOW} for each in range(number)]
    kept = {"key": "new", "file_id": "y", "created_at": NOW}
    async with engine.begin() as connection:
        await connection.execute(insert(pictures), [*rows, kept])

    removed = await remove_rows(engine, pictures, pictures.c.file_id == "x")

    assert removed == number
    async with engine.connect() as connection:
        left = (await connection.execute(select(pictures.c.key))).scalars().all()
    assert left == ["new"]


async def test_rows_are_told_apart_by_their_whole_key(engine: AsyncEngine) -> None:
    row = {"day": NOW.date(), "kind": "answers", "number": 1}
    async with engine.begin() as connection:
        await connection.execute(insert(counters), [{**row, "label": "a"}, {**row, "label": "b"}])

    removed = await remove_rows(engine, counters, counters.c.label == "a")

    assert removed == 1
    async with engine.connect() as connection:
        assert (await connection.execute(select(func.count()).select_from(counters))).scalar() == 1
