"""An author prepares a broadcast on the chat page, in a real browser."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.async_api import Browser, ViewportSize

from bot.content.library import Content
from bot.domain.locales import Locale
from tests.browser.conftest import ChatPage, Column, keep

_TALL = ViewportSize(width=1560, height=1180)


def _give_roles(database: Path, person_id: int) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        for role in ("author", "sender"):
            connection.execute(
                "INSERT INTO operators VALUES (?, ?, '2026-11-21 00:00:00')", (person_id, role)
            )


async def test_broadcast_is_prepared_on_one_card(
    browser: Browser, chat_page: ChatPage, content: Content, tmp_path: Path
) -> None:
    def say(message: str) -> str:
        return content.translations[Locale.RU].gettext(message)

    anna = chat_page.people["ru"]
    await asyncio.to_thread(_give_roles, tmp_path / "home" / "saqbol.sqlite", anna)
    page = await browser.new_page(viewport=_TALL)
    await page.goto(chat_page.url)
    column = Column.of(page, anna)
    await column.start("согласие")

    await column.write("/broadcast")
    await column.press(Locale.RU.own_name)
    await column.write("Взносы за ноябрь платят до 25 декабря. Проверьте, застрахованы ли вы.")
    await column.wait_for("«Взносы за ноябрь")
    await column.press(say("Show me"))
    await column.root.get_by_test_id("message").nth(4).wait_for()
    await column.press(say("Also for languages without a text"))
    await column.press(say("When"))
    await column.press("09:00–21:00")
    await column.press(say("Back to the draft"))
    await column.wait_for(
        say("Only between {opens} and {closes}").format(opens="09:00", closes="21:00")
    )

    await keep(page, "broadcast-preview", column.root)
    await page.close()
