"""Strange names break nothing, and people who write at once are not mixed up."""

import asyncio

import pytest

from tests.telegram.client import Client, Message
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say

PEOPLE = {
    "950101500019": "⛔ Not insured",
    "991231501232": "⛔ Not insured",
    "991231500707": "✅ Insured",
    "950317601018": "✅ Insured",
    "980723501014": "ℹ️ Outside the insurance system",
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('<b>&"', id="html"),
        pytest.param("</b></i><script>", id="closing-tags"),
        pytest.param("{first_name} %s {0}", id="format-marks"),
        pytest.param("*_`[x](y)", id="markdown"),
        pytest.param("\u202e\u200b😀", id="unseen-marks"),
    ],
)
async def test_strange_name_breaks_nothing(newcomer: Newcomer, name: str) -> None:
    person = await newcomer("ru", first_name=name, last_name=name, phone="+77000000001")

    answer = await person.send("950101500019")
    for button in ("Why?", "Ways back", "Guides"):
        view = await person.press(answer, say("ru", button))
        answer = await person.press(view, say("ru", "Back to the answer"))
    free = await person.send(f"{name} <a href='x'>&amp;</a>")
    asked = await person.send("/forget")
    erased = await person.press(asked, say("ru", "Yes, erase"))

    assert answer["text"].startswith(say("ru", "⛔ Not insured"))
    assert free["text"]
    assert erased["text"]
    assert not [call for call in await person.calls() if call.get("error")]


async def test_people_who_write_at_once_in_three_languages_are_not_mixed_up(
    newcomer: Newcomer,
) -> None:
    crowd = [(language, await newcomer(language)) for language in LANGUAGES * 2]

    async def ask(language: str, person: Client, turn: int) -> None:
        numbers = list(PEOPLE)
        for step in range(3):
            iin = numbers[(turn + step) % len(numbers)]
            answer = await person.send(iin)
            assert answer["text"].startswith(say(language, PEOPLE[iin]))
            assert iin[-4:] in answer["text"].split("\n")[1]
            why = await person.press(answer, say(language, "Why?"))
            assert why["text"].startswith(say(language, "Why this answer"))

    async with asyncio.TaskGroup() as group:
        for turn, (language, person) in enumerate(crowd):
            group.create_task(ask(language, person, turn))


async def test_change_of_language_by_one_is_nothing_to_another(newcomer: Newcomer) -> None:
    one, other = await newcomer("ru"), await newcomer("ru")
    answers: list[Message] = [await person.send("950101500019") for person in (one, other)]

    await one.press(answers[0], OWN_NAMES["kk"])

    assert (await one.send("991231500707"))["text"].startswith(say("kk", "✅ Insured"))
    assert (await other.send("991231500707"))["text"].startswith(say("ru", "✅ Insured"))


async def test_many_numbers_of_one_person_at_once_are_all_answered(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    async with asyncio.TaskGroup() as group:
        for iin in list(PEOPLE) * 3:
            group.create_task(person.write(iin))

    # A number that comes again before its answer may be answered once for all.
    missing = set(PEOPLE)
    while missing:
        status, about = (await person.next_message())["text"].split("\n")[:2]
        [iin] = [iin for iin in PEOPLE if iin[-4:] in about]
        assert status.startswith(say("ru", PEOPLE[iin]))
        missing.discard(iin)
