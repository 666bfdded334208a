"""What a backup does not know is not sent twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.audience import Audience
from bot.domain.broadcasts import BroadcastState, Choices, PauseReason
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.storage.backup import back_up, restore
from bot.storage.broadcasts import BroadcastRepository
from bot.storage.engine import open_engine
from bot.storage.erasures import ErasureFile
from bot.storage.schema import upgrade
from bot.storage.subscribers import SubscriberRepository

from .conftest import ANNA

AUTHOR, APPROVER = 42, 43
NEWS = Wordings({Locale.RU: Wording("Новость")})
CONFIRMED = (BroadcastState.AWAITING_APPROVAL, BroadcastState.SCHEDULED)


async def _write_broadcasts(database: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{database}")
    await upgrade(engine)
    await SubscriberRepository(engine).add(ANNA)
    repository = BroadcastRepository(engine)
    tomorrow = Choices(datetime.now(UTC) + timedelta(days=1))
    for state in CONFIRMED:
        broadcast_id = await repository.add(state.value, AUTHOR, NEWS, Audience(), tomorrow)
        await repository.confirm(broadcast_id, state)
    await engine.dispose()


async def _read_broadcasts(
    database: Path,
) -> tuple[dict[BroadcastState, PauseReason | None], bool, int]:
    engine = open_engine(f"sqlite+aiosqlite:///{database}")
    repository = BroadcastRepository(engine)
    found = await repository.history(None, 10)
    is_approved = any([await repository.approve(each.id, APPROVER) for each in found])
    news = await repository.list_news(datetime.now(UTC) - timedelta(hours=1))
    await engine.dispose()
    return {each.state: each.pause_reason for each in found}, is_approved, len(news)


def test_restored_broadcast_goes_on_by_no_button_of_before(tmp_path: Path) -> None:
    database, file = tmp_path / "saqbol.sqlite", tmp_path / "backup.sqlite"
    asyncio.run(_write_broadcasts(database))
    back_up(database, file)

    restore(file, database, ErasureFile(tmp_path / "erasures", lambda _: b"", "key"))
    states, is_approved, news = asyncio.run(_read_broadcasts(database))

    assert states == {
        BroadcastState.PAUSED: PauseReason.RESTORED,
        BroadcastState.STOPPED: None,
    }
    assert not is_approved
    # Operators hear of both.
    assert news == 2
