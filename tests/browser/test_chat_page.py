"""A resident's whole way on the chat page, in a real browser; screenshots are kept on request."""

from playwright.async_api import Browser, Page, ViewportSize

from bot.content.library import Content
from bot.domain.locales import Locale
from tests.browser.conftest import ChatPage, Column, keep
from tests.telegram.conftest import AGREE

_WIDE = ViewportSize(width=1320, height=1000)
_PHONE = ViewportSize(width=390, height=844)

NOBODY_PAID = "950101500019"
EMPLOYER_DID_NOT_PAY = "991231501232"
INSURED = "991231500707"
SIX_MONTHS_OF_GRACE = "960730501019"


async def open_columns(browser: Browser, chat_page: ChatPage) -> tuple[Page, dict[str, Column]]:
    page = await browser.new_page(viewport=_WIDE)
    await page.goto(chat_page.url)
    columns = {
        language: Column.of(page, person_id) for language, person_id in chat_page.people.items()
    }
    for language, column in columns.items():
        await column.start(AGREE[language])
    return page, columns


def label(content: Content, language: str, message: str) -> str:
    """Give the words of a button in a language."""
    return content.translations[Locale(language)].gettext(message)


async def test_resident_goes_from_consent_to_a_guide_and_changes_the_language(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)
    russian, guide = columns["ru"], content.guides["register-unemployed"]

    await russian.write(NOBODY_PAID)
    await russian.wait_for(label(content, "ru", "⛔ Not insured"))
    await russian.root.get_by_text(NOBODY_PAID).wait_for(state="detached")
    await russian.press(label(content, "ru", "Ways back"))
    await russian.wait_for("51 000 ₸")
    await russian.press(guide[Locale.RU].title)
    await russian.wait_for("enbek.kz")
    await russian.press(Locale.KY.own_name)

    await russian.wait_for(first_line(guide[Locale.KY].body))
    assert await russian.root.get_by_test_id("alert").count() == 0
    await page.close()


def first_line(markdown: str) -> str:
    return markdown.strip().splitlines()[0].removeprefix("# ")


async def test_answers_look_right_side_by_side(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)
    for name, iin in (
        ("insured", INSURED),
        ("conditional", SIX_MONTHS_OF_GRACE),
        ("uninsured", EMPLOYER_DID_NOT_PAY),
    ):
        for column in columns.values():
            await column.write(iin)
            await column.wait_for(iin[-4:])
        await keep(page, name)

    for language, column in columns.items():
        await column.press(label(content, language, "Ways back"))
    await columns["ru"].wait_for("25 500 ₸")
    await keep(page, "ways")
    await page.close()


async def test_phone_sized_window_shows_one_chat_and_sends_a_tapped_sample(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page = await browser.new_page(viewport=_PHONE, has_touch=True)
    await page.goto(chat_page.url)
    person_id = chat_page.people["kk"]
    await page.get_by_test_id("person-tab").first.click()
    column = Column.of(page, person_id)
    await column.start(AGREE["kk"])

    await page.get_by_test_id("samples-toggle").click()
    await page.locator(f"[data-testid=sample][data-iin='{NOBODY_PAID}']").click()
    await column.wait_for("0019")
    await keep(page, "phone")

    await column.press(label(content, "kk", "Ways back"))
    await column.press(content.guides["pay-independent"][Locale.KK].title)
    guide = await column.wait_for(first_line(content.guides["pay-independent"][Locale.KK].body))
    await guide.evaluate("message => message.scrollIntoView({block: 'start'})")
    await keep(page, "guide")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= _PHONE["width"]
    await page.close()


async def test_page_works_by_keyboard_alone(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)
    column = columns["ru"]

    await column.root.get_by_test_id("composer").focus()
    await page.keyboard.type(INSURED)
    await page.keyboard.press("Enter")
    await column.wait_for("0707")
    button = (
        column.root.get_by_test_id("inline-button")
        .filter(has_text=label(content, "ru", "Why?"))
        .last
    )
    await button.focus()
    await page.keyboard.press("Enter")

    await column.wait_for("405-V")
    await page.close()
