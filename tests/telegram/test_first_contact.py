"""The first minute: the language, the privacy notice, consent."""

from itertools import permutations

import pytest

from tests.telegram.client import data_of, labels
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, OWN_NAMES, has_status, say

WELCOME = "Am I insured? Send an IIN and find out"
AGREE = "I agree, start"


@pytest.mark.parametrize(
    ("telegram_language", "language"),
    [
        pytest.param("kk", "kk", id="kazakh"),
        pytest.param("ru", "ru", id="russian"),
        pytest.param("ky", "ky", id="kyrgyz"),
        pytest.param("kk-KZ", "kk", id="kazakh-with-region"),
        pytest.param("en", "ru", id="english"),
        pytest.param("uz", "ru", id="uzbek"),
    ],
)
async def test_bot_greets_in_the_language_of_telegram(
    newcomer: Newcomer, telegram_language: str, language: str
) -> None:
    person = await newcomer(telegram_language, consent=False)

    welcome = await person.send("/start")

    assert welcome["text"].startswith(say(language, WELCOME))
    others = set(OWN_NAMES.values()) - {OWN_NAMES[language]}
    assert set(labels(welcome)) == {say(language, AGREE), *others}


async def test_person_without_a_language_is_greeted_in_russian(newcomer: Newcomer) -> None:
    person = await newcomer("ru", consent=False)
    sender = {"id": person.id, "is_bot": False, "first_name": "X"}

    await person.put_update(text="/start", **{"from": sender})

    assert (await person.next_message())["text"].startswith(say("ru", WELCOME))


@pytest.mark.parametrize(("before", "after"), list(permutations(LANGUAGES, 2)))
async def test_one_tap_changes_the_language_before_consent(
    newcomer: Newcomer, before: str, after: str
) -> None:
    person = await newcomer(before, consent=False)
    welcome = await person.send("/start")

    changed = await person.press(welcome, OWN_NAMES[after])

    assert changed["message_id"] == welcome["message_id"]
    assert changed["text"].startswith(say(after, WELCOME))
    menu = await person.press(changed, say(after, AGREE))
    assert menu["text"].startswith(say(after, "Send an IIN: 12 digits"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_notice_tells_what_is_kept_before_consent(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language, consent=False)

    welcome = (await person.send("/start"))["text"]

    assert "Telegram ID" in welcome
    assert "/forget" in welcome
    assert say(language, "Telegram's servers are abroad: what you send passes through them.") in (
        welcome
    )
    assert say(language, "Ask only for yourself or for people who agree.") in welcome


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("greeted", [True, False], ids=["after-start", "as-the-first-message"])
async def test_iin_before_consent_is_deleted_and_not_looked_up(
    newcomer: Newcomer, language: str, greeted: bool
) -> None:
    person = await newcomer(language, consent=False)
    if greeted:
        await person.send("/start")

    sent = await person.write("950101500019")
    asked = await person.next_message()

    notice = "First read this and agree. Then send the number again."
    assert say(language, notice) in asked["text"]
    assert not has_status(asked)
    assert "0019" not in asked["text"]
    await person.wait_gone(sent["message_id"])
    menu = await person.press(asked, say(language, AGREE))
    assert not has_status(menu)
    assert not any(has_status(message) for message in await person.messages())
    answer = await person.send("950101500019")
    assert answer["text"].startswith(say(language, "⛔ Not insured"))


async def test_wrong_number_before_consent_is_not_judged(newcomer: Newcomer) -> None:
    person = await newcomer("ru", consent=False)

    sent = await person.write("991231501233")
    asked = await person.next_message()

    assert say("ru", AGREE) in labels(asked)
    await person.wait_gone(sent["message_id"])


@pytest.mark.parametrize("sent", ["привет", "/language", "/forget", "/nothing"])
async def test_whatever_comes_before_consent_nothing_breaks(newcomer: Newcomer, sent: str) -> None:
    person = await newcomer("ru", consent=False)

    await person.send(sent)

    welcome = await person.send("/start")
    assert data_of(welcome, say("ru", AGREE))
