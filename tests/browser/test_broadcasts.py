"""An operator watches a broadcast on the chat page, in a real browser, and gets its report."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from bot.content.library import Content
from bot.domain.broadcasts import Choices, PauseReason
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from tests.browser.conftest import Column, keep
from tests.telegram.broadcasts.newsroom import prepared, settings_of
from tests.telegram.conftest import running_bot

_NARROW = ViewportSize(width=620, height=900)
_TALL = ViewportSize(width=620, height=1040)
_NEWS = Wordings(
    {
        Locale.KK: Wording("Желтоқсанның жарнасын 25-іне дейін төлеңіз"),
        Locale.RU: Wording("Взнос за декабрь платите до 25 числа"),
        Locale.KY: Wording("Декабрь айынын төгүмүн 25ине чейин төлөңүз"),
    }
)


async def test_card_of_a_broadcast_moves_and_its_report_comes(
    browser: Browser, tmp_path: Path, content: Content
) -> None:
    def say(message: str) -> str:
        return content.translations[Locale.KK].gettext(message)

    async with prepared(tmp_path, people=250, chiefs=["kk"]) as room:
        [chief] = room.chiefs
        await room.fail("sendMessage", {"kind": "reset_after"}, room.ids[3:5])
        blocked = {"kind": "error", "status": 403, "description": "Forbidden: bot was blocked"}
        await room.fail("sendMessage", blocked, room.ids[10:22])
        async with running_bot(settings_of(room)):
            page = await browser.new_page(viewport=_NARROW)
            await page.goto(room.emulator.url)
            column = Column.of(page, chief.id)
            later = Choices(datetime.now(UTC) + timedelta(hours=1))
            broadcast_id = await room.confirm(chief, wordings=_NEWS, choices=later)
            await room.broadcasts.pause(broadcast_id, PauseReason.OPERATOR)
            room.rows(
                "UPDATE broadcasts SET starts_at = ?", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}"
            )

            await column.write("/broadcasts")
            await column.press(f"{broadcast_id} · ")
            await column.press(say("Resume"))
            await column.wait_for(say("Speed: {number} a second").split(":")[0])
            await keep(page, "broadcast-progress")

            await page.set_viewport_size(_TALL)
            await column.wait_for(say("Done: {sent} of {all} got it").format(sent=236, all=250))
            await column.root.get_by_test_id("message").locator("img").last.wait_for()
            await keep(page, "broadcast-report")
            await page.close()
