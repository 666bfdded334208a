"""What administrators hear of a new register: once, in their language, nobody told apart."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.config import SHARE, Settings
from bot.content.parameters import load_parameters
from bot.emulator import Emulator
from bot.registry.generations import Generations, summary_name
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from bot.registry.summary import summarise
from bot.services.register_judge import RegisterJudge
from tests.conftest import SAMPLE_DAY
from tests.failures.texts import heard, wait_heard
from tests.registry.samples import IINS, line, write_csv
from tests.telegram.client import Client
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, day, say

NEXT_DAY = SAMPLE_DAY + timedelta(days=1)
RENEWED = "The register was renewed"
# How many lose the cover where; Shymkent's four must not be told apart.
LOST = {"39": 30, "75": 25, "71": 15, "79": 4}
# Two groups of people without cover, by what the reason will be.
NEVER_PAID = {"contributions": "", "spells": ""}
JOB_ENDED = {"contributions": "2025-01=EEEEEEEEEEEE", "spells": "job:2025-01..2025-12"}


def people(lost: dict[str, int], how: dict[str, str]) -> list[str]:
    """Give 200 rows, some of which lost the cover in these regions."""
    regions = [region for region, number in lost.items() for _ in range(number)]
    lines = [line(iin, region=region, **how) for iin, region in zip(IINS, regions, strict=False)]
    return lines + [line(iin) for iin in IINS[len(lines) : 200]]


def import_people(home: Path, lines: list[str], as_of: date, *, summary: bool = True) -> str:
    """Import them as the command does; give the name of the generation."""
    key = registry_key(Settings(home_dir=home, _env_file=None))
    path = write_csv(home / "rows.csv", lines)
    generation = import_csv(path, as_of=as_of, home=home, key=key).generation
    if summary:
        judge = RegisterJudge(load_parameters(SHARE / "data" / "parameters"))
        summarise(Generations(home), generation, judge, lambda _: None)
    return generation


def covered() -> list[str]:
    """Give 200 rows of people with cover, in the same regions."""
    return people(LOST, {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    import_people(home, covered(), SAMPLE_DAY)
    return home


@asynccontextmanager
async def with_chiefs(home: Path, *languages: str) -> AsyncIterator[tuple[Emulator, list[Client]]]:
    """Start an emulator with administrators whose languages a bot has come to know."""
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(home, emulator.url)):
            chiefs = [await newcomer(language) for language in languages]
        yield emulator, chiefs


def settings(home: Path, emulator: Emulator, chiefs: list[Client]) -> Settings:
    operators = tuple(chief.id for chief in chiefs)
    return bot_settings(home, emulator.url, today=NEXT_DAY, operators=operators)


async def news_of(chief: Client, language: str) -> list[str]:
    texts = [message.get("text", "") for message in await chief.messages()]
    return [text for text in texts if text.startswith(say(language, RENEWED))]


async def wait_for_answer(chief: Client, language: str) -> None:
    """Wait until the bot has answered: what it tells by itself it has told by then."""
    await chief.write("/audit")
    await wait_heard(chief, say(language, "Audit log"))


async def test_administrators_hear_once_what_a_new_register_brought(home: Path) -> None:
    async with with_chiefs(home, *LANGUAGES) as (emulator, chiefs):
        async with running_bot(settings(home, emulator, chiefs)):
            import_people(home, people(LOST, NEVER_PAID), NEXT_DAY)
            for language, chief in zip(LANGUAGES, chiefs, strict=True):
                await wait_heard(chief, say(language, RENEWED))
        async with running_bot(settings(home, emulator, chiefs)):
            for language, chief in zip(LANGUAGES, chiefs, strict=True):
                await wait_for_answer(chief, language)

        for language, chief in zip(LANGUAGES, chiefs, strict=True):
            (text,) = await news_of(chief, language)
            lines = text.splitlines()
            people_line = say(
                language, "Data of {day}, people: {people}", day=day(language, NEXT_DAY), people=200
            )
            assert people_line in lines
            since = say(language, "Compared with the data of {day}:", day=day(language, SAMPLE_DAY))
            assert since in lines
            assert "• " + say(language, "lost the cover: {people}", people=74) in lines
            few = say(language, "fewer than {number}", number=10)
            assert "• " + say(language, "got the cover: {people}", people=few) in lines
            where = lines.index(say(language, "Where the cover was lost:"))
            assert lines[where + 1 : where + 4] == [
                "• " + say(language, "Almaty city") + ": 25",
                "• " + say(language, "Astana") + ": 15",
                # Kostanay's thirty hide the four of Shymkent.
                "• " + say(language, "others and small groups") + ": 34",
            ]
            assert say(language, "Shymkent") not in text
            why = lines.index(say(language, "Why the cover was lost:"))
            assert lines[why + 1].endswith(": 74")


async def test_few_who_lost_the_cover_are_neither_counted_nor_placed(home: Path) -> None:
    async with with_chiefs(home, "ru") as (emulator, chiefs):
        async with running_bot(settings(home, emulator, chiefs)):
            import_people(home, people({"39": 6}, JOB_ENDED)[:6] + covered()[6:], NEXT_DAY)
            await wait_heard(chiefs[0], say("ru", RENEWED))

        (text,) = await news_of(chiefs[0], "ru")
    few = say("ru", "fewer than {number}", number=10)
    assert say("ru", "lost the cover: {people}", people=few) in text
    assert say("ru", "Where the cover was lost:") not in text
    assert say("ru", "Why the cover was lost:") not in text
    assert say("ru", "Kostanay region") not in text


async def test_news_that_surely_did_not_leave_comes_later_and_once(home: Path) -> None:
    async with with_chiefs(home, "ru") as (emulator, (chief,)):
        import_people(home, people(LOST, NEVER_PAID), NEXT_DAY)
        fault = {"kind": "error", "status": 409, "description": "Conflict: try again"}
        await chief.fail("sendMessage", fault)
        async with running_bot(settings(home, emulator, [chief])):
            await wait_heard(chief, say("ru", RENEWED))

        assert await heard(chief, say("ru", RENEWED)) == 1
        assert len(await chief.calls("sendMessage")) >= 2


async def test_damaged_or_missing_summary_keeps_nobody_from_answers(home: Path) -> None:
    async with with_chiefs(home, "ru") as (emulator, (chief,)):
        async with running_bot(settings(home, emulator, [chief])):
            name = import_people(home, people(LOST, NEVER_PAID), NEXT_DAY, summary=False)
            await wait_for_answer(chief, "ru")
            (home / "registry" / summary_name(name)).write_text("{}")
            answer = await chief.send(IINS[150].digits)

        assert answer["text"]
        assert await news_of(chief, "ru") == []
