"""A real browser on the chat page, with three residents and the running bot behind it."""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright

from bot.config import SHARE
from bot.content.samples import load_samples
from bot.emulator import Emulator
from tests.telegram.conftest import bot_settings, running_bot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# UPDATE_SCREENSHOTS=1 writes the README's pictures anew; look at them before committing.
_IMAGES = Path(__file__).parents[2] / "docs" / "images"
_IS_UPDATING = bool(os.environ.get("UPDATE_SCREENSHOTS"))
_PEOPLE = (("Айгүл", "kk"), ("Анна", "ru"), ("Бакыт", "ky"))


@dataclass(frozen=True)
class ChatPage:
    """The address of the chat page and the people on it, by language."""

    url: str
    people: dict[str, int]


async def keep(page: Page, name: str, part: Locator | None = None) -> None:
    """Take a picture of the page, or of a part of it."""
    await page.wait_for_timeout(400)
    picture = await (part or page).screenshot(animations="disabled")
    assert len(picture) > 10_000
    if _IS_UPDATING:
        _IMAGES.mkdir(exist_ok=True)
        (_IMAGES / f"{name}.png").write_bytes(picture)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        message = "no Chromium: install Debian's package chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--force-color-profile=srgb"]
        )
        yield browser
        await browser.close()


@pytest.fixture
async def chat_page(tmp_path: Path, sample_home: Path) -> AsyncIterator[ChatPage]:
    """Give a fresh page: nobody has written yet; one of the people is an administrator."""
    home = tmp_path / "home"
    shutil.copytree(sample_home / "registry", home / "registry")
    samples = load_samples(SHARE / "data" / "sample")
    tappable = [sample.model_dump(mode="json") for sample in samples.people]
    async with Emulator(samples=tappable, notice="21.11.2026") as emulator:
        people = {}
        async with aiohttp.ClientSession(emulator.url) as session:
            for name, language in _PEOPLE:
                body = {"first_name": name, "language_code": language}
                async with session.post("/client/people", json=body) as response:
                    people[language] = (await response.json())["id"]
        settings = bot_settings(home, emulator.url, operators=(people["kk"],))
        async with running_bot(settings):
            yield ChatPage(emulator.url, people)


@dataclass(frozen=True)
class Column:
    """One person's chat on the page."""

    page: Page
    root: Locator

    @classmethod
    def of(cls, page: Page, person_id: int) -> "Column":
        return cls(page, page.get_by_test_id(f"column-{person_id}"))

    async def press(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.root.get_by_test_id("inline-button").filter(has_text=label).last.click()

    async def write(self, text: str) -> None:
        await self.root.get_by_test_id("composer").fill(text)
        await self.root.get_by_test_id("send").click()

    async def wait_for(self, text: str) -> Locator:
        """Wait until a message with this text is shown; give the newest."""
        message = self.root.get_by_test_id("message").filter(has_text=text).last
        await message.wait_for()
        return message

    async def start(self, agree: str) -> None:
        await self.root.get_by_test_id("start").click()
        await self.press(agree)
        await (
            self.root.get_by_test_id("inline-button")
            .filter(has_text=agree)
            .wait_for(state="detached")
        )
