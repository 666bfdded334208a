"""What happens to the register is in the audit log, of SQLite and of PostgreSQL alike."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.register_log import write_down
from bot.config import Settings
from bot.domain.audit import COMMAND_LINE, SYSTEM, Event
from bot.registry.errors import ImportStoppedError
from bot.registry.keys import RegistryKey
from bot.services.audit import AuditLog
from bot.storage.audit import AuditRepository
from tests.databases import on_both

KEY = RegistryKey(bytes(range(32)))


def settings(home: Path, url: str) -> Settings:
    values: dict[str, Any] = {"database_url": url}
    return Settings(home_dir=home, _env_file=None, **values)


def event(action: str) -> Event:
    return Event(datetime.now(UTC), SYSTEM, action, "{}")


@on_both
async def test_f19_row_of_an_import_continues_the_chain(
    engine: AsyncEngine, url: str, tmp_path: Path
) -> None:
    log = AuditLog(AuditRepository(engine), KEY.of_subscriber)
    await log.record(SYSTEM, "tested")

    for is_forced in (False, True):
        await asyncio.to_thread(
            write_down, settings(tmp_path, url), "register_tried", is_forced=is_forced, people=3
        )

    last, *_ = await log.page(None)
    assert (last.event.actor, last.event.values()) == (COMMAND_LINE, {"people": 3})
    assert (await log.verify()).last == 3


async def test_f19_server_that_is_not_reached_stops_what_is_forced_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = settings(tmp_path, "postgresql+asyncpg://saqbol:word-of-pass@127.0.0.1:9/saqbol")

    await asyncio.to_thread(write_down, nobody, "register_tried", is_forced=False)
    with pytest.raises(ImportStoppedError, match="nothing is forced") as stopped:
        await asyncio.to_thread(write_down, nobody, "register_tried", is_forced=True)

    assert "not in the audit log" in capsys.readouterr().err
    assert "word-of-pass" not in str(stopped.value)


@on_both
async def test_one_of_many_processes_adds_a_turn_and_only_after_its_opposite(
    engine: AsyncEngine,
) -> None:
    audit = AuditRepository(engine)

    async def turn(action: str, opposite: str, *, at_first: bool) -> int:
        added = await asyncio.gather(
            *(audit.add_turn(event(action), opposite, at_first=at_first) for _ in range(5))
        )
        return sum(added)

    assert await turn("fresh", "stale", at_first=False) == 0
    for _ in range(2):
        assert await turn("stale", "fresh", at_first=True) == 1
        await audit.add(event("something else"))
        assert await turn("fresh", "stale", at_first=False) == 1
    await AuditLog(audit, KEY.of_subscriber).verify()
