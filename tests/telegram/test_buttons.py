"""Buttons change the message in place, lead back, and bear being pressed again."""

import pytest

from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say

# Questions, sums and months go on for ever; pictures, cards and letters are other messages.
ENDLESS = {"P", "C", "D", "o", "q", "k"}


def all_data(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("button", "title"),
    [
        pytest.param("Why?", "Why this answer", id="why"),
        pytest.param("Ways back", "Ways back to full cover", id="ways"),
        pytest.param("Guides", "Guides: what to do, step by step", id="guides"),
    ],
)
async def test_button_opens_a_view_in_place_and_back_returns(
    newcomer: Newcomer, language: str, button: str, title: str
) -> None:
    person = await newcomer(language)
    answer = await person.send("950101500019")

    view = await person.press(answer, say(language, button))
    back = await person.press(view, say(language, "Back to the answer"))

    assert view["text"].startswith(say(language, title))
    assert view["message_id"] == back["message_id"] == answer["message_id"]
    assert back["text"] == answer["text"]
    assert back["reply_markup"] == answer["reply_markup"]


@pytest.mark.parametrize("button", ["Why?", "Ways back", "Guides"])
async def test_language_changes_in_every_view_and_stays_changed(
    newcomer: Newcomer, button: str
) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    view = await person.press(answer, say("ru", button))

    kazakh = await person.press(view, OWN_NAMES["kk"])
    kyrgyz = await person.press(kazakh, OWN_NAMES["ky"])
    back = await person.press(kyrgyz, say("ky", "Back to the answer"))

    assert len({view["text"], kazakh["text"], kyrgyz["text"]}) == 3
    assert back["text"].startswith(say("ky", "⛔ Not insured"))
    assert (await person.send("991231500707"))["text"].startswith(say("ky", "✅ Insured"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_another_person_asks_for_the_next_number(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    answer = await person.send("950101500019")

    asked = await person.press(answer, say(language, "Another person"))

    assert asked["text"].startswith(say(language, "Send an IIN: 12 digits"))
    assert "0019" not in asked["text"]


async def test_every_callback_fits_and_carries_nothing_personal(newcomer: Newcomer) -> None:
    person = await newcomer("ru", phone="+77000000001")
    seen: dict[str, Message] = {}
    waiting = [await person.send(iin) for iin in ("950101500019", "960919501016")]
    while waiting:
        message = waiting.pop()
        for data in all_data(message):
            if data in seen:
                continue
            seen[data] = message
            if (
                data in {"p", "J", "F"}
                or data.startswith("l|")
                or data.partition(":")[0] in ENDLESS
            ):
                continue
            # Sums have no end, and a key may change nothing: the calculator has tests of its own.
            if data.startswith("k:"):
                continue
            await person.press_data(message, data)
            waiting.append((await person.next_event("edited"))["message"])
        assert len(seen) < 2000

    assert len(seen) > 20
    assert all(1 <= len(data.encode()) <= 64 for data in seen)
    assert not [data for data in seen if "50001" in data or "0019" in data or "1016" in data]


@pytest.mark.parametrize("button", ["Why?", "Ways back", "Guides"])
async def test_pressing_twice_does_no_harm(newcomer: Newcomer, button: str) -> None:
    person = await newcomer("ru")
    answer = await person.send("950101500019")
    data = data_of(answer, say("ru", button))
    view = await person.press(answer, say("ru", button))

    event = await person.press_for_answer(answer, data)

    assert not event["show_alert"]
    assert (await person.messages())[-1] == view
    assert (await person.press(view, say("ru", "Back to the answer")))["text"] == answer["text"]


async def test_consent_pressed_again_does_no_harm(newcomer: Newcomer) -> None:
    person: Client = await newcomer("ru", consent=False)
    welcome = await person.send("/start")
    data = data_of(welcome, say("ru", "I agree, start"))
    await person.press(welcome, say("ru", "I agree, start"))

    await person.press_for_answer(welcome, data)

    assert labels((await person.messages())[-1])
    assert (await person.send("950101500019"))["text"].startswith(say("ru", "⛔ Not insured"))
