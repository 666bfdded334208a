"""A resident asks a person and an operator answers in the topic, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from tests.browser.conftest import Column, keep
from tests.telegram.client import Client
from tests.telegram.desk import Desk, open_desk
from tests.telegram.test_inbox import picture
from tests.telegram.texts import say

_WIDE = ViewportSize(width=1120, height=860)
IIN = "950101500019"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk


async def test_operator_answers_in_the_topic_and_closes_it(browser: Browser, desk: Desk) -> None:
    resident = await desk.resident("ru", first_name="Анна")
    page = await browser.new_page(viewport=_WIDE)
    await page.goto(desk.emulator.url)
    await _hide_others(page, desk, resident)
    anna = Column.of(page, resident.id)
    await anna.write(IIN)
    await anna.press(say("ru", "Ask a person"))
    await anna.wait_for(
        say("ru", "Operators will read what you write here and see your photos and files.")
    )
    await anna.press(say("ru", "I understand, begin"))
    await anna.wait_for(say("ru", "Write your question here"))
    await anna.write(f"Мой ИИН {IIN}. Работодатель платил, а статуса нет. Что делать?")
    await anna.wait_for(say("ru", "Your message is with the operators. You can add more."))

    await page.get_by_test_id("person-tab").filter(has_text="Операторы").click()
    group = Column.of(page, desk.group)
    await group.wait_for("Работодатель платил")
    assert await group.root.get_by_text(IIN).count() == 0
    await group.root.locator(".topic-label").last.click()
    await group.write("// проверил: платежей нет с июня")
    await group.write("Здравствуйте! Попросите бухгалтера показать платёжки за июнь – август.")
    await anna.wait_for("Попросите бухгалтера")
    await resident.write(photo=picture(), caption="Вот что дали")
    await group.wait_for("Вот что дали")
    await keep(page, "inbox-topic")
    assert await anna.root.get_by_text("проверил: платежей нет").count() == 0

    await group.root.get_by_test_id("commands").click()
    await page.get_by_role("menuitem").filter(has_text="/close").click()
    await anna.wait_for(say("ru", "Did it help?"))
    await group.root.get_by_text("Тема закрыта", exact=True).wait_for()
    assert await group.root.get_by_test_id("composer").is_disabled()
    await anna.press(say("ru", "🙂 It helped"))
    await anna.wait_for(
        say("ru", "Thank you. Your answer: {answer}", answer=say("ru", "it helped"))
    )
    await page.close()


async def _hide_others(page: Page, desk: Desk, resident: Client) -> None:
    """Leave the columns to the resident and the group."""
    for person in (desk.operator, desk.outsider, desk.chief):
        column = Column.of(page, person.id)
        if await column.root.is_visible():
            await column.root.locator("[data-part=hide]").click()
