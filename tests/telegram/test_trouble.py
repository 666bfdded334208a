"""When Telegram or the register fails, the bot lives on and never says what is untrue."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.telegram.client import Client, data_of
from tests.telegram.conftest import Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, say

LATER = "The service cannot answer right now. Please try again in a few minutes."
DELETE = "I could not delete your message with the IIN. Please delete it yourself."
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"kind": "429", "retry_after": 1},
    "500": {"kind": "error", "status": 500},
    "502-in-html": {"kind": "error", "status": 502, "html": True},
    "403": {"kind": "error", "status": 403, "description": "Forbidden: user is deactivated"},
    "reset-before": {"kind": "reset_before"},
    "reset-after": {"kind": "reset_after"},
}


async def answer_about(person: Client, last4: str) -> str:
    while True:
        text: str = (await person.next_message())["text"]
        if last4 in text:
            return text


@pytest.mark.parametrize("fault", FAULTS)
async def test_bot_answers_the_next_message_after_a_failed_one(
    newcomer: Newcomer, fault: str
) -> None:
    person = await newcomer("ru")
    await person.fail("sendMessage", FAULTS[fault])

    await person.write("950101500019")
    await person.write("991231500707")

    assert (await answer_about(person, "0707")).startswith(say("ru", "✅ Insured"))


@pytest.mark.parametrize("fault", ["429", "500", "reset-before"])
async def test_person_hears_something_when_the_answer_failed(
    newcomer: Newcomer, fault: str
) -> None:
    person = await newcomer("ru")
    await person.fail("sendMessage", FAULTS[fault])

    answer = await person.send("950101500019")

    assert answer["text"].startswith((say("ru", "⛔ Not insured"), say("ru", LATER)))


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_button_works_after_it_failed_once(newcomer: Newcomer, method: str) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    await person.fail(method, FAULTS["500"])
    await person.press_data(answer, data_of(answer, say("ru", "Why?")))

    view = await person.press(answer, say("ru", "Ways back"))

    while not view["text"].startswith(say("ru", "Ways back to full cover")):
        view = (await person.next_event("edited"))["message"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_person_is_told_to_delete_what_the_bot_could_not(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    description = "Bad Request: message can't be deleted for everyone"
    fault = {"kind": "error", "status": 400, "description": description}
    await person.fail("deleteMessage", fault, times=5)

    await person.write("950101500019")
    texts = [(await person.next_message())["text"] for _ in range(2)]

    assert [say(language, DELETE) in text for text in texts].count(True) == 1
    assert any(text.startswith(say(language, "⛔ Not insured")) for text in texts)


async def test_person_who_blocked_the_bot_comes_back(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    await person.block()

    answer = await person.send("950101500019")

    assert answer["text"].startswith(say("ru", "⛔ Not insured"))


def _empty(snapshot: Path) -> None:
    with snapshot.open("r+b") as file:
        file.truncate(0)


def _halve(snapshot: Path) -> None:
    with snapshot.open("r+b") as file:
        file.truncate(snapshot.stat().st_size // 2)


def _overwrite(snapshot: Path) -> None:
    with snapshot.open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * (snapshot.stat().st_size - 100))


def _remove(snapshot: Path) -> None:
    snapshot.unlink()


@pytest.mark.parametrize("harm", [_empty, _halve, _overwrite, _remove])
@pytest.mark.parametrize("warm", [False, True], ids=["before-the-first", "after-an-answer"])
async def test_broken_register_gives_later_and_never_no_record(
    own_home: Path, harm: Callable[[Path], None], warm: bool
) -> None:
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        person = await newcomer("ru")
        if warm:
            await person.send("961105601014")
        [snapshot] = (own_home / "registry").glob("*.sqlite")

        harm(snapshot)
        known = [(await person.send(iin))["text"] for iin in ("950101500019", "991231500707")]
        unknown = (await person.send("991231500719"))["text"]
        menu = (await person.send("/start"))["text"]

    later, no_record = say("ru", LATER), say("ru", "❔ No record for this IIN")
    right = (say("ru", "⛔ Not insured"), say("ru", "✅ Insured"))
    for text, status in zip(known, right, strict=True):
        assert text.startswith((later, status))
    assert unknown.startswith((later, no_record))
    assert menu.startswith(say("ru", "Send an IIN: 12 digits"))
