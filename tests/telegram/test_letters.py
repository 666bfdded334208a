"""Ready letters: shown to copy, sent as a document, with the missing months filled in."""

from io import BytesIO

import aiohttp
import pytest
from docx import Document

from bot.config import SHARE
from tests.telegram.client import Client, Message
from tests.telegram.conftest import Newcomer
from tests.telegram.test_guides import open_guide, source
from tests.telegram.texts import LANGUAGES, say

EMPLOYER_OWES = "991231501232"
TITLES = {"kk": "Бухгалтерияға хат", "ru": "Письмо в бухгалтерию", "ky": "Бухгалтерияга кат"}
MONTHS = "04.2026, 05.2026, 06.2026, 07.2026, 08.2026, 09.2026"


def body(language: str, slug: str) -> str:
    return (SHARE / "locales" / language / "letters" / f"{slug}.md").read_text("utf-8").strip()


async def open_letter(person: Client, language: str) -> Message:
    guide = await open_guide(person, language, "employer-did-not-pay")
    return await person.press(guide, TITLES[language])


async def letter_of_answer(person: Client) -> Message:
    answer = await person.send(EMPLOYER_OWES)
    guides = await person.press(answer, say("ru", "Guides"))
    guide = await person.press(guides, source("ru", "employer-did-not-pay")[0])
    return await person.press(guide, TITLES["ru"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_letter_is_shown_to_copy_in_the_language_of_offices(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    letter = await open_letter(person, language)

    shown = "kk" if language == "kk" else "ru"
    assert body(shown, "accountant").format(months="________") in letter["text"]
    assert "pre" in [entity["type"] for entity in letter["entities"]]


async def test_letter_changes_between_kazakh_and_russian(newcomer: Newcomer) -> None:
    person = await newcomer("ky")
    letter = await open_letter(person, "ky")

    kazakh = await person.press(letter, say("ky", "In Kazakh"))
    russian = await person.press(kazakh, say("ky", "In Russian"))

    assert body("kk", "accountant").format(months="________") in kazakh["text"]
    assert russian["text"] == letter["text"]


async def test_letter_from_an_answer_names_the_missing_months(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    letter = await letter_of_answer(person)

    assert MONTHS in letter["text"]


@pytest.mark.parametrize("language", ["kk", "ru"])
async def test_letter_comes_as_a_document_that_word_opens(
    newcomer: Newcomer, api: aiohttp.ClientSession, language: str
) -> None:
    person = await newcomer("ru")
    letter = await letter_of_answer(person)
    if language == "kk":
        letter = await person.press(letter, say("ru", "In Kazakh"))
    rows = letter["reply_markup"]["inline_keyboard"]
    data = next(
        b["callback_data"] for row in rows for b in row if b["text"] == say("ru", "As a document")
    )

    await person.press_data(letter, data)
    sent = (await person.next_message())["document"]
    async with api.get(f"/client/files/{sent['file_id']}") as response:
        document = Document(BytesIO(await response.read()))

    assert sent["file_name"] == f"accountant-{language}.docx"
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert "\n\n".join(paragraphs) == body(language, "accountant").format(months=MONTHS)
    assert not [text for text in paragraphs if EMPLOYER_OWES[-4:] in text]
