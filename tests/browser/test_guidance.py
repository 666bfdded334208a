"""Guidance on the chat page: payment card, calendar, screener, search, foreigners in Kyrgyz."""

import pytest
from playwright.async_api import Browser

from bot.content.library import Content
from bot.domain.locales import Locale
from tests.browser.conftest import ChatPage, Column, keep
from tests.browser.test_chat_page import first_line, label, open_columns

# A conditional person: nine covered months and three of grace.
CONDITIONAL = "970822501010"
NOBODY_PAID = "950101500019"
# Covered, missing and not yet due months in one picture.
JUST_HIRED = "980707601013"


async def scroll_to_start(column: Column, text: str) -> None:
    message = await column.wait_for(text)
    await message.evaluate("message => message.scrollIntoView({block: 'start'})")


async def test_payment_card_is_ticked_off_in_three_languages(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)
    await page.set_viewport_size({"width": 1320, "height": 1360})

    for language, column in columns.items():
        await column.write(NOBODY_PAID)
        await column.wait_for("0019")
        await column.press(label(content, language, "Ways back"))
        card = label(content, language, "Payment card: {way}").format(way="").strip()
        await column.root.get_by_test_id("inline-button").filter(has_text=card).first.click()
        await column.press("☐ 11.2026")
        await column.wait_for("46 750 ₸")
        await column.press("☐ 12.2026")
        await column.wait_for("42 500 ₸")

    await keep(page, "payment-card")
    await page.close()


async def test_calendar_picture_shows_its_months_and_the_same_in_words(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)

    for (language, column), iin in zip(
        columns.items(), (CONDITIONAL, JUST_HIRED, NOBODY_PAID), strict=True
    ):
        await column.write(iin)
        await column.wait_for(iin[-4:])
        await column.press(label(content, language, "Calendar"))
        await column.root.locator("img").last.wait_for()

    await keep(page, "calendar")
    await page.close()


async def test_screener_leads_to_a_result_without_an_iin(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)

    for language, column in columns.items():
        await column.press(label(content, language, "Without an IIN: a few questions"))
        for _tap in range(8):
            choices = column.root.get_by_test_id("inline-button")
            if await choices.filter(
                has_text=label(content, language, "Exact answer: send an IIN")
            ).count():
                break
            before = await column.root.get_by_test_id("message").last.inner_text()
            await answer_no(column, content, language)
            await column.root.get_by_test_id("message").filter(has_not_text=before).last.wait_for()
            await page.wait_for_timeout(250)
        await (
            column.root.get_by_test_id("inline-button")
            .filter(has_text=label(content, language, "Exact answer: send an IIN"))
            .last.wait_for()
        )

    await keep(page, "screener")
    await page.close()


async def answer_no(column: Column, content: Content, language: str) -> None:
    """Give the answer of somebody for whom nobody pays: a resident, adult, who does not work."""
    wanted = (
        "Citizen of Kazakhstan",
        "None of these",
        "No official work",
        "Longer ago or never worked",
        "No",
    )
    buttons = column.root.get_by_test_id("message").last.get_by_test_id("inline-button")
    count = await buttons.count()
    texts = [await buttons.nth(place).inner_text() for place in range(count)]
    for msgid in wanted:
        for place, text in enumerate(texts):
            if text == label(content, language, msgid):
                await buttons.nth(place).click()
                return
    await buttons.nth(0).click()


async def test_question_in_words_finds_guides_in_three_languages(
    browser: Browser, chat_page: ChatPage, content: Content
) -> None:
    page, columns = await open_columns(browser, chat_page)
    asked = {
        "ru": "начальник не перечисляет осмс, что делать",
        "kk": "начальник осмс аудармайды, не истеймин",
        "ky": "иш берүүчү осмс которбойт экен, эмне кылам",
    }

    for language, column in columns.items():
        await column.write(asked[language])
        title = content.guides["employer-did-not-pay"][Locale(language)].title
        await column.root.get_by_test_id("inline-button").filter(has_text=title).wait_for()

    await keep(page, "search")
    await page.close()


@pytest.mark.parametrize("language", ["ky"])
async def test_worker_from_a_neighbouring_country_reads_the_way_in_kyrgyz(
    browser: Browser, chat_page: ChatPage, content: Content, language: str
) -> None:
    page = await browser.new_page(viewport={"width": 1320, "height": 1300})
    await page.goto(chat_page.url)
    column = Column.of(page, chat_page.people[language])
    await column.root.get_by_test_id("start").click()
    guide = content.guides["eaeu-worker"][Locale.KY]

    await column.write("Кыргызстандан келип иштейм, ооруканага кантип катталам")
    await column.press(guide.title)

    await scroll_to_start(column, first_line(guide.body)[:40])
    await keep(page, "eaeu-worker")
    await page.close()
