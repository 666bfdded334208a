"""A register that nobody renewed: no status that may be wrong by now, in any view or language."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.registry.importing import import_csv
from bot.registry.keys import registry_key
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures.texts import heard, wait_heard
from tests.telegram.client import Client, Message, labels
from tests.telegram.conftest import (
    Newcomer,
    bot_settings,
    home_with,
    own_emulator,
    running_bot,
)
from tests.telegram.texts import LANGUAGES, day, say

LATE = SAMPLE_DAY + timedelta(days=12)
UNINSURED, CONDITIONAL, INSURED = "950101500019", "970822501010", "991231500707"
UNKNOWN = "❔ The status is not known today"
TOO_OLD = "The data are {number} day old, too old to say."
CHANGED = "The data are {number} day old: what has changed since then is not in them."
_MONTHS_AND_WAYS = ("Ways back", "How to keep the cover", "Calendar", "What if…")


@dataclass
class Late:
    """A bot twelve days after the day of its register.

    Attributes:
        before: answers of the first day, by what was asked about and the button to be pressed.
    """

    newcomer: Newcomer
    person: Client
    before: dict[tuple[str, str], Message]


@pytest.fixture(scope="module")
async def late(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Late]:
    home = home_with(SAMPLE_REGISTER, tmp_path_factory.mktemp("old") / "home")
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(home, emulator.url)):
            person, before = await newcomer("ru"), {}
            for iin in (UNINSURED, CONDITIONAL):
                answer = await person.send(iin)
                for label in ("Why?", *_MONTHS_AND_WAYS):
                    if say("ru", label) in labels(answer):
                        before[iin, label] = await person.send(iin)
        async with running_bot(bot_settings(home, emulator.url, today=LATE)):
            yield Late(newcomer, person, before)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_old_data_say_of_nobody_that_something_is_missing(late: Late, language: str) -> None:
    person = await late.newcomer(language)

    for iin in (UNINSURED, CONDITIONAL):
        answer = await person.send(iin)
        text = answer["text"]
        assert text.startswith(say(language, UNKNOWN))
        assert say(language, TOO_OLD, 12) in text
        assert day(language, SAMPLE_DAY) in text
        assert "1414" in text
        assert not {"⛔", "⚠️"} & set(text)
        assert not {say(language, label) for label in _MONTHS_AND_WAYS} & {*labels(answer)}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_old_data_still_say_who_is_insured_and_how_old_they_are(
    late: Late, language: str
) -> None:
    person = await late.newcomer(language)

    answer = await person.send(INSURED)
    why = await person.press(answer, say(language, "Why?"))

    text = answer["text"]
    assert text.startswith("✅")
    assert say(language, CHANGED, 12) in text
    assert day(language, SAMPLE_DAY) in text
    assert "1414" in text
    assert not {say(language, label) for label in _MONTHS_AND_WAYS} & {*labels(answer)}
    assert day(language, SAMPLE_DAY) in why["text"]


async def test_buttons_of_earlier_answers_say_no_more_than_the_old_data(late: Late) -> None:
    for (_iin, label), answer in late.before.items():
        shown = await late.person.press(answer, say("ru", label))
        assert shown["text"].startswith(say("ru", UNKNOWN)), label

    assert len(late.before) == 8


async def test_administrators_hear_once_that_the_register_is_too_old_and_once_that_it_is_not(
    own_home: Path,
) -> None:
    old, new = say("ru", "The register is too old"), say("ru", "The register is up to date again")
    async with own_emulator() as (emulator, newcomer):
        chief = await newcomer("ru", consent=False)
        await chief.write("/start")
        settings = bot_settings(own_home, emulator.url, today=LATE, operators=(chief.id,))
        async with running_bot(settings):
            await wait_heard(chief, old)
        async with running_bot(settings):
            await chief.write("/audit")
            await wait_heard(chief, say("ru", "Audit log"))
            key = registry_key(Settings(home_dir=own_home, _env_file=None))
            import_csv(SAMPLE_REGISTER, as_of=LATE, home=own_home, key=key)
            await wait_heard(chief, new)

        assert (await heard(chief, old), await heard(chief, new)) == (1, 1)
        shown = [message.get("text", "") for message in await chief.messages()]
    noticed = say("ru", "noticed that the register of {as_of} is too old", as_of=SAMPLE_DAY)
    assert any(noticed in text for text in shown)
