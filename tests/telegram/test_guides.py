"""Guides: two taps from the menu, whole, with the day's amounts, in every language."""

import re
from pathlib import Path

import pytest

from bot.config import SHARE
from tests.telegram.client import Client, Message, labels
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say, sum_of

AMOUNTS = {
    "{independent_monthly}": sum_of(4_250),
    "{independent_12}": sum_of(51_000),
    "{proprietor_monthly}": sum_of(5_950),
}
SLUGS = sorted(path.stem for path in (SHARE / "locales" / "ru" / "guides").glob("*.md"))


def source(language: str, slug: str) -> tuple[str, str, str]:
    """Give a guide's button, heading and Markdown."""
    path: Path = SHARE / "locales" / language / "guides" / f"{slug}.md"
    markdown = path.read_text(encoding="utf-8")
    title = re.search(r'^title: "?(.+?)"?$', markdown, re.MULTILINE)
    heading = re.search(r"^# (.+)$", markdown, re.MULTILINE)
    assert title
    assert heading
    return title[1], heading[1], markdown


async def open_guide(person: Client, language: str, slug: str) -> Message:
    menu = await person.send("/start")
    guides = await person.press(menu, say(language, "Guides"))
    return await person.press(guides, source(language, slug)[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
async def test_guide_opens_in_two_taps_whole_and_clean(
    newcomer: Newcomer, language: str, slug: str
) -> None:
    person = await newcomer(language)
    _, heading, markdown = source(language, slug)

    guide = await open_guide(person, language, slug)

    text = guide["text"]
    assert text.startswith(heading.split("{")[0])
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert not re.search(r"[{}]", text)
    assert not re.search(r"\*\*|__|^#|^\s*[-*>] |`|\]\(", text, re.MULTILINE)
    for name, amount in AMOUNTS.items():
        assert (amount in text) == (name in markdown), name
    bold = re.findall(r"\*\*(.+?)\*\*", markdown)
    marked = [entity["type"] for entity in guide.get("entities", [])]
    assert marked.count("bold") >= len(bold) + 1
    assert not re.search(r"<[a-z/]", text)


@pytest.mark.parametrize("slug", SLUGS)
async def test_language_switch_keeps_the_guide_open(newcomer: Newcomer, slug: str) -> None:
    person = await newcomer("ru")
    shown = await open_guide(person, "ru", slug)

    for language in ("kk", "ky", "ru"):
        shown = await person.press(shown, OWN_NAMES[language])
        assert shown["text"].startswith(source(language, slug)[1].split("{")[0])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_menu_lists_every_guide_and_leads_back(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    menu = await person.send("/start")

    guides = await person.press(menu, say(language, "Guides"))

    assert {source(language, slug)[0] for slug in SLUGS} <= set(labels(guides))
    back = await person.press(guides, say(language, "Menu"))
    assert back["text"] == menu["text"]


async def test_guide_opened_from_an_answer_leads_back_to_it(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("960526501013")
    guides = await person.press(answer, say("ru", "Guides"))

    assert labels(guides)[0] == source("ru", "pay-sole-proprietor")[0]
    guide = await person.press(guides, source("ru", "pay-sole-proprietor")[0])

    assert (await person.press(guide, say("ru", "Back to the answer")))["text"] == answer["text"]
