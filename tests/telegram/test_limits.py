"""Guessing numbers is slow, told to the operators, and does not stop honest people (F50)."""

from pathlib import Path

import pytest

from bot.domain.iin import control_digit
from tests.telegram.conftest import (
    Newcomer,
    bot_settings,
    bot_with_operator,
    own_emulator,
    running_bot,
)
from tests.telegram.texts import LANGUAGES, has_status, say

DAY = (
    "You have asked about many people today. Those you asked about can be asked about again; for "
    "others come back tomorrow or call 1414."
)
MISSES = (
    "Several of your numbers are not in the register. Compare the number with the document and "
    "try again in an hour, or call 1414."
)
GUESSING = (
    "Many wrong numbers are being tried right now, so for a while only people with a proved phone "
    "get answers. Press the button below, then send the IIN again; or come back in an hour. The "
    "phone number itself is not kept."
)
NO_RECORD = "❔ No record for this IIN"


def unknown_numbers(count: int) -> list[str]:
    """Make numbers with a right control digit that the sample does not have."""
    prefixes = (f"9712315{serial:04d}" for serial in range(5000, 9999))
    digits = ((prefix, control_digit(prefix)) for prefix in prefixes)
    numbers = [f"{prefix}{digit}" for prefix, digit in digits if digit is not None]
    return numbers[:count]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_person_at_the_limit_of_a_day_is_told_and_known_numbers_still_work(
    own_home: Path, language: str
) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url, lookups_per_day=1)
        async with running_bot(settings):
            person = await newcomer(language)
            answer = await person.send("950101500019")
            sent = await person.write("991231500707")
            refused = await person.next_message()
            await person.wait_gone(sent["message_id"])
            again = await person.send("950101500019")
            ways = await person.press(answer, say(language, "Ways back"))

    assert refused["text"] == say(language, DAY)
    assert again["text"] == answer["text"]
    assert ways["text"].startswith(say(language, "Ways back to full cover"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_person_who_misses_again_and_again_is_told_to_compare(
    own_home: Path, language: str
) -> None:
    *wrong, last = unknown_numbers(6)
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        person = await newcomer(language)
        misses = [await person.send(number) for number in wrong]
        refused = await person.send(last)

    assert all(miss["text"].startswith(say(language, NO_RECORD)) for miss in misses)
    assert refused["text"] == say(language, MISSES)


async def guess(newcomer: Newcomer, numbers: list[str]) -> list[str]:
    """Let accounts of one crowd try five numbers each; give what they are told."""
    texts = []
    for start in range(0, len(numbers), 5):
        account = await newcomer("ru")
        texts += [(await account.send(number))["text"] for number in numbers[start : start + 5]]
    return texts


async def test_f50_crowd_that_guesses_is_stopped_and_honest_people_are_still_served(
    own_home: Path,
) -> None:
    async with bot_with_operator(own_home, "kk") as (operator, newcomer):
        known = await newcomer("ru")
        before = await known.send("950101500019")
        told = await guess(newcomer, unknown_numbers(70))
        warning = await operator.next_message()

        again = await known.send("950101500019")
        reopened = await known.press(before, say("ru", "Why?"))
        honest = await newcomer("ky", phone="+77000000009")
        asked = await honest.send("991231500707")
        await honest.send(contact=True)
        answer = await honest.send("991231500707")
        warnings = await operator.messages()

    assert sum(text.startswith(say("ru", NO_RECORD)) for text in told) == 50
    assert sum(text == say("ru", GUESSING) for text in told) == 20
    assert warning["text"].startswith(say("kk", "Somebody may be guessing IINs"))
    assert (
        say(
            "kk",
            "Not in the register in the last ten minutes: {missed} of {asked}.",
            missed=50,
            asked=51,
        )
        in warning["text"]
    )
    assert again["text"].startswith(say("ru", "⛔ Not insured"))
    assert reopened["text"].startswith(say("ru", "Why this answer"))
    assert asked["text"] == say("ky", GUESSING)
    assert not has_status(asked)
    [[button]] = asked["reply_markup"]["keyboard"]
    assert button["request_contact"]
    assert answer["text"].startswith(say("ky", "✅ Insured"))
    assert [message["text"] for message in warnings].count(warning["text"]) == 1
