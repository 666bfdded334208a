"""An administrator chooses a new operator on the chat page, in a real browser."""

from playwright.async_api import Browser, ViewportSize

from bot.content.library import Content
from bot.domain.locales import Locale
from tests.browser.conftest import ChatPage, Column

_WIDE = ViewportSize(width=1320, height=1000)


async def test_new_operator_is_chosen_among_the_people_of_the_page(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    def say(message: str) -> str:
        return content.translations[Locale.KK].gettext(message)

    page = await browser.new_page(viewport=_WIDE)
    await page.goto(chat_page.url)
    column = Column.of(page, chat_page.people["kk"])
    anna = chat_page.people["ru"]
    await column.root.get_by_test_id("start").click()

    await column.write("/operators")
    await column.press(say("Add an operator"))
    await column.root.get_by_test_id("reply-button").filter(has_text=say("Choose a person")).click()
    await page.get_by_role("menuitem").filter(has_text=str(anna)).click()

    # Whoever has not written to the bot has no name for it.
    await column.wait_for(f"{anna}: {say('no role')}")
    assert await column.root.get_by_test_id("reply-button").count() == 0
    await column.root.get_by_text("Таңдалды: Анна").wait_for()
    await page.close()
