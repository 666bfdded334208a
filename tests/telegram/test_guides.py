"""Guides: three taps from the menu, whole, with the day's amounts, in every language."""

import re
from pathlib import Path

import frontmatter
import pytest
import yaml

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


TOPICS = yaml.safe_load((SHARE / "data" / "routes" / "guides.yaml").read_text("utf-8"))["topics"]


def source(language: str, slug: str) -> tuple[str, str, str]:
    """Give a guide's button, heading and Markdown."""
    path: Path = SHARE / "locales" / language / "guides" / f"{slug}.md"
    post = frontmatter.load(str(path))
    heading = re.search(r"^# (.+)$", post.content, re.MULTILINE)
    assert heading
    return str(post["title"]), heading[1], post.content


def topic(language: str, slug: str) -> str:
    return next(str(t["title"][language]) for t in TOPICS.values() if slug in t["guides"])


async def open_guide(person: Client, language: str, slug: str) -> Message:
    topics = await person.press(await person.send("/start"), say(language, "Guides"))
    guides = await person.press(topics, topic(language, slug))
    return await person.press(guides, source(language, slug)[0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
async def test_guide_opens_in_three_taps_whole_and_clean(
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
async def test_topics_list_every_guide_and_lead_back(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    menu = await person.send("/start")
    topics = await person.press(menu, say(language, "Guides"))

    listed: set[str] = set()
    for about in TOPICS.values():
        guides = await person.press(topics, about["title"][language])
        listed |= set(labels(guides))
        topics = await person.press(guides, say(language, "All topics"))

    assert {source(language, slug)[0] for slug in SLUGS} <= listed
    assert (await person.press(topics, say(language, "Menu")))["text"] == menu["text"]


async def test_guide_opened_from_an_answer_leads_back_to_it(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("960526501013")
    guides = await person.press(answer, say("ru", "Guides"))

    assert labels(guides)[0] == source("ru", "pay-sole-proprietor")[0]
    guide = await person.press(guides, source("ru", "pay-sole-proprietor")[0])
    others = await person.press(guide, say("ru", "More guides"))

    assert (await person.press(others, say("ru", "Back to the answer")))["text"] == answer["text"]


async def test_topic_that_is_no_more_is_out_of_date(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    menu = await person.send("/start")

    for data in ("t:gone:", "g:gone:", "V:gone:0", "V:free:99", "e:gone:", "L:gone:kk:"):
        assert await person.press_for_alert(menu, data) == say(
            "ru", "This button is out of date. Send the IIN again."
        )
