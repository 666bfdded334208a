"""What a stranger cannot learn: people who differ only in a sensitive fact look the same."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.iin import control_digit
from tests.telegram.client import Client, labels
from tests.telegram.conftest import Newcomer, bot_settings, home_with, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, say

SENSITIVE = ("disability", "convict", "detainee", "pregnant", "social_assistance")
WORDS = (
    "disability",
    "serving a sentence",
    "detention or house arrest",
    "pregnancy without work",
    "targeted social assistance",
    "Levels D or E of the Digital Family Card: the akimat pays",
)
PHONE = "+77000000009"


def _iin(serial: int) -> str:
    candidates = (f"9701015{serial:03d}{last}" for last in range(10))
    return next(
        f"{body}{digit}" for body in candidates if (digit := control_digit(body)) is not None
    )


# Women and men do not matter here; the seventh digit is the same for all.
ACTIVE = {kind: _iin(100 + number) for number, kind in enumerate(SENSITIVE)}
ENDED = {kind: _iin(200 + number) for number, kind in enumerate(SENSITIVE)}
POOR = {level: _iin(300 + number) for number, level in enumerate(("", "A", "B", "C"))}


@pytest.fixture(scope="module")
async def people(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newcomer]:
    """Give people and a bot whose register has one person for each sensitive fact."""
    folder = tmp_path_factory.mktemp("strangers")
    home = home_with(_register(folder / "register.csv"), folder / "home")
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(home, emulator.url)),
    ):
        yield newcomer


def _register(path: Path) -> Path:
    names = "iin residence region clinic phone contributions spells level pension_paid returned"
    rows = [
        *((iin, f"{kind}:2024-03..2027-02", "") for kind, iin in ACTIVE.items()),
        *((iin, f"{kind}:2024-03..2026-07", "") for kind, iin in ENDED.items()),
        *((iin, "", level) for level, iin in POOR.items()),
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names.split(), restval="")
        writer.writeheader()
        for iin, spells, level in rows:
            about = {"iin": iin, "residence": "citizen", "region": "75", "phone": PHONE}
            writer.writerow({**about, "clinic": "KZ-0001", "spells": spells, "level": level})
    return path


async def _all_views(person: Client, language: str, iin: str) -> str:
    answer = await person.send(iin)
    names = ("Why?", "Ways back", "What if…")
    buttons = {say(language, button) for button in names} & set(labels(answer))
    views = [answer, *[await person.press(answer, button) for button in sorted(buttons)]]
    shown = [f"{view['text']}\n{' '.join(labels(view))}" for view in views]
    return "\n---\n".join(shown).replace(iin[-4:], "0000")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SENSITIVE[1:])
async def test_insured_by_any_sensitive_category_looks_the_same(
    people: Newcomer, language: str, kind: str
) -> None:
    person = await people(language)

    disability = await _all_views(person, language, ACTIVE["disability"])
    other = await _all_views(person, language, ACTIVE[kind])

    assert other == disability
    assert not [word for word in WORDS if say(language, word) in other]


@pytest.mark.parametrize("kind", SENSITIVE[1:])
async def test_sensitive_category_that_ended_looks_the_same(people: Newcomer, kind: str) -> None:
    person = await people("ru")

    disability = await _all_views(person, "ru", ENDED["disability"])
    other = await _all_views(person, "ru", ENDED[kind])

    assert other == disability


@pytest.mark.parametrize("level", ["A", "B", "C"])
async def test_level_of_an_uninsured_person_cannot_be_told(people: Newcomer, level: str) -> None:
    person = await people("ru")

    unknown = await _all_views(person, "ru", POOR[""])
    known = await _all_views(person, "ru", POOR[level])

    assert known == unknown


@pytest.mark.parametrize("kind", SENSITIVE)
async def test_owner_of_the_phone_sees_the_category(people: Newcomer, kind: str) -> None:
    person = await people("ru", phone=PHONE)
    answer = await person.send(ACTIVE[kind])
    await person.press_data(answer, "p")
    await person.next_message()

    await person.send(contact=True)
    shown = await person.next_message()

    assert say("ru", WORDS[SENSITIVE.index(kind)]) in shown["text"]
