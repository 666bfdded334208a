"""Of several processes one edits a board in its turn, and one tells an operator a change."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.broadcasts import BroadcastId
from bot.domain.locales import Locale
from bot.storage.boards import Board, BoardRepository
from bot.storage.engine import open_engine
from bot.storage.news import KEPT_FOR, Item, NewsRepository
from bot.storage.schema import upgrade
from bot.storage.tables import broadcasts

NOW = datetime.now(UTC)
EVERY = timedelta(seconds=3)
BOARD = Board(operator_id=42, message_id=7, broadcast_id=BroadcastId(1), locale=Locale.KK)


@pytest.fixture
async def engines(tmp_path: Path) -> AsyncIterator[list[AsyncEngine]]:
    """Give the same database as five processes have it, with two broadcasts in it."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}"
    engines = [open_engine(url) for _ in range(5)]
    await upgrade(engines[0])
    values = {
        "author": 42,
        "state": "running",
        "wordings": "{}",
        "audience": "{}",
        "starts_at": NOW,
        "rather_twice": False,
        "is_paid": False,
        "created_at": NOW,
        "changed_at": NOW,
    }
    async with engines[0].begin() as connection:
        await connection.execute(
            insert(broadcasts), [{**values, "nonce": "a"}, {**values, "nonce": "b"}]
        )
    yield engines
    for engine in engines:
        await engine.dispose()


async def test_operator_has_one_board_the_last_one(engines: list[AsyncEngine]) -> None:
    boards = BoardRepository(engines[0])
    later = Board(operator_id=42, message_id=9, broadcast_id=BroadcastId(2), locale=Locale.RU)

    await boards.keep(BOARD)
    await boards.keep(later)
    await boards.drop(42, BOARD.message_id)

    assert await boards.list_due(timedelta()) == [later]
    assert await boards.list_due(EVERY) == []


async def test_turn_to_edit_comes_once_in_three_seconds_to_one_process(
    engines: list[AsyncEngine],
) -> None:
    processes = [BoardRepository(engine) for engine in engines]
    await processes[0].keep(BOARD)

    at_once = await asyncio.gather(*(each.claim(BOARD, EVERY) for each in processes))
    async with engines[0].begin() as connection:
        earlier = f"{datetime.now(UTC) - EVERY:%Y-%m-%d %H:%M:%S.%f}"
        await connection.exec_driver_sql("UPDATE boards SET edited_at = ?", (earlier,))
    later = await asyncio.gather(*(each.claim(BOARD, EVERY) for each in processes))

    assert at_once == [False] * 5
    assert sorted(later) == [False] * 4 + [True]


async def test_board_that_shows_something_else_now_gives_no_turn(
    engines: list[AsyncEngine],
) -> None:
    boards = BoardRepository(engines[0])
    await boards.keep(BOARD)
    await boards.drop(42, BOARD.message_id)

    assert not await boards.claim(BOARD, timedelta())


async def test_one_of_five_processes_tells_a_change(engines: list[AsyncEngine]) -> None:
    item = Item(BroadcastId(1), 42, NOW)
    processes = [NewsRepository(engine) for engine in engines]

    claimed = await asyncio.gather(*(each.claim(item) for each in processes))

    assert sorted(claimed) == [False] * 4 + [True]
    assert await processes[0].told(BroadcastId(1), NOW) == {42}
    assert await processes[0].told(BroadcastId(1), NOW + timedelta(microseconds=1)) == set()


async def test_what_was_given_back_is_told_by_the_next(engines: list[AsyncEngine]) -> None:
    item = Item(BroadcastId(1), 42, NOW)
    news = NewsRepository(engines[0])
    await news.claim(item)

    await news.give_back(item)

    assert await news.claim(item)


async def test_old_rows_are_removed(engines: list[AsyncEngine]) -> None:
    news = NewsRepository(engines[0])
    old = Item(BroadcastId(1), 42, NOW - KEPT_FOR - timedelta(days=1))
    await news.claim(old)
    await news.claim(Item(BroadcastId(2), 42, NOW))

    assert await news.purge() == 1
    assert await news.told(BroadcastId(2), NOW) == {42}
