"""The owner of the phone in the register sees the details; nobody else does."""

from typing import Any

import pytest

from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, say

DISABLED = "960919501016"  # the register has +77000000001
DETAILS = "Show details to me as the owner"
NOT_OWN = "This is somebody else's contact. Press the button to share your own."


async def ask_for_details(person: Client, language: str, iin: str) -> Message:
    answer = await person.send(iin)
    await person.press_data(answer, data_of(answer, say(language, DETAILS)))
    return await person.next_message()


def category(language: str) -> str:
    text = "The state pays for this category: {category}."
    return say(language, text, category=say(language, "disability"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_stranger_sees_no_category_in_the_answer_nor_in_why(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language, phone="+77000000002")

    answer = await person.send(DISABLED)
    why = await person.press(answer, say(language, "Why?"))

    for view in (answer, why):
        assert say(language, "disability") not in view["text"].lower()
        assert category(language) not in view["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_owner_presses_shares_the_contact_and_sees_details(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language, phone="+77000000001")

    asked = await ask_for_details(person, language, DISABLED)
    [[button]] = asked["reply_markup"]["keyboard"]
    thanks = await person.send(contact=True)
    details = await person.next_message()

    assert button == {"text": say(language, "Share my phone number"), "request_contact": True}
    assert thanks["reply_markup"] == {"remove_keyboard": True}
    assert category(language) in details["text"]
    assert say(language, DETAILS) not in labels(details)
    why = await person.press(details, say(language, "Why?"))
    assert say(language, "disability") in why["text"].lower()


async def test_proved_phone_counts_for_the_next_number_with_the_same_phone(
    newcomer: Newcomer,
) -> None:
    person = await newcomer("ru", phone="+77000000001")
    await ask_for_details(person, "ru", DISABLED)
    await person.send(contact=True)
    await person.next_message()

    pensioner = await person.send("950317601018")
    student = await person.send("980915501018")  # another phone

    assert say("ru", "pensioner") in pensioner["text"]
    assert say("ru", "full-time student") not in student["text"]


async def test_phone_written_in_another_way_is_the_same_phone(newcomer: Newcomer) -> None:
    person = await newcomer("ru", phone="77000000001")
    await ask_for_details(person, "ru", DISABLED)

    await person.send(contact=True)
    details = await person.next_message()

    assert category("ru") in details["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_wrong_phone_shows_no_details(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language, phone="+77000000002")
    await ask_for_details(person, language, DISABLED)

    refused = await person.send(contact=True)

    text = "The register has another phone for this person, so the details stay hidden."
    assert refused["text"] == say(language, text)
    assert category(language) not in (await person.send(DISABLED))["text"]


@pytest.mark.parametrize("forged", ["of-the-owner", "without-an-id", "forwarded", "via-bot"])
async def test_contact_that_is_not_ones_own_shows_no_details(
    newcomer: Newcomer, forged: str
) -> None:
    owner = await newcomer("ru", phone="+77000000001")
    person = await newcomer("ru", phone="+77000000002")
    await ask_for_details(person, "ru", DISABLED)
    contact = {"phone_number": "+77000000001", "first_name": "X"}
    updates: dict[str, dict[str, Any]] = {
        "of-the-owner": {"contact": {**contact, "user_id": owner.id}},
        "without-an-id": {"contact": contact},
        "forwarded": {
            "contact": {**contact, "user_id": person.id},
            "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "X"},
        },
        "via-bot": {
            "contact": {**contact, "user_id": person.id},
            "via_bot": {"id": 5, "is_bot": True, "first_name": "X", "username": "x_bot"},
        },
    }

    await person.put_update(**updates[forged])

    assert (await person.next_message())["text"] == say("ru", NOT_OWN)
    assert category("ru") not in (await person.send(DISABLED))["text"]


async def test_contact_nobody_asked_for_shows_nothing_of_an_earlier_answer(
    newcomer: Newcomer,
) -> None:
    person = await newcomer("ru", phone="+77000000002")
    await person.send(DISABLED)

    await person.send(contact=True)

    assert not any(category("ru") in message.get("text", "") for message in await person.messages())


async def test_contact_before_consent_is_not_taken(newcomer: Newcomer) -> None:
    person = await newcomer("ru", consent=False, phone="+77000000001")
    welcome = await person.send("/start")

    asked = await person.send(contact=True)

    assert say("ru", "I agree, start") in labels(asked)
    await person.press(welcome, say("ru", "I agree, start"))
    assert category("ru") not in (await person.send(DISABLED))["text"]
