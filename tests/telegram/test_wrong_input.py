"""Each wrong number is told what is wrong with it, and nothing is looked up."""

import pytest

from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, has_status, say

SHORT = "An IIN has 12 digits, this has {number}. Compare it with your document."
LONG = "An IIN has 12 digits, this has {number}. Send one number at a time."
LETTERS = (
    "An IIN has only digits 0–9. Is there a letter O instead of a zero? Type the 12 digits again."
)
ZEROS = (
    "The zeros at the beginning seem to be lost, as happens in spreadsheets. "
    "Send all 12 digits, with the zeros."
)
CONTROL = (
    "There is a mistake in this number: the control digit does not fit. "
    "Compare each digit with your document."
)
BIN = (
    "This looks like a BIN, the number of a company. "
    "Send the IIN of a person: it is on the identity card."
)
SEVERAL = "There are several numbers here. Send one IIN at a time."
NOTHING_FOUND = "I have found nothing that fits"
FOUND = "This may help"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "msgid", "number"),
    [
        pytest.param("95010150001", SHORT, 11, id="too-short"),
        pytest.param("950101500", SHORT, 9, id="much-too-short"),
        pytest.param("9501015000190", LONG, 13, id="too-long"),
        pytest.param("95O101500019", LETTERS, None, id="letter-o"),
        pytest.param("мой ИИН 95О101500019", LETTERS, None, id="cyrillic-o-in-words"),
        # The seventh digit stands for a century to come: a number nobody has.
        pytest.param("101700004", ZEROS, None, id="zeros-lost"),
        pytest.param("991231501233", CONTROL, None, id="control-digit"),
        pytest.param("991231 501 233", CONTROL, None, id="control-digit-with-spaces"),
        pytest.param("160440007161", BIN, None, id="bin-of-the-state-corporation"),
        pytest.param("950101500019 991231501232", SEVERAL, None, id="two-numbers"),
        pytest.param("950101500019, 991231501232, 991231500707", SEVERAL, None, id="three-numbers"),
        pytest.param("950101500019\n991231501232", SEVERAL, None, id="two-lines"),
    ],
)
async def test_wrong_number_is_explained_and_deleted(
    newcomer: Newcomer, language: str, text: str, msgid: str, number: int | None
) -> None:
    person = await newcomer(language)

    sent = await person.write(text)
    answer = await person.next_message()

    assert answer["text"] == say(language, msgid, number)
    await person.wait_gone(sent["message_id"])


async def test_number_of_a_bank_card_is_too_long_and_not_looked_up(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    answer = await person.send("9501 0150 0019 5678")

    assert not has_status(answer)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("+7 700 000 00 01", id="with-plus-seven"),
        pytest.param("+77000000001", id="with-plus-seven-in-one"),
        pytest.param("8 (700) 000-00-01", id="with-eight"),
        pytest.param("87000000001", id="with-eight-in-one"),
    ],
)
async def test_phone_is_not_looked_up_nor_blamed_for_letters(newcomer: Newcomer, text: str) -> None:
    person = await newcomer("ru")

    answer = await person.send(text)

    assert not has_status(answer)
    assert answer["text"] != say("ru", LETTERS)


@pytest.mark.parametrize(
    ("language", "text", "msgid"),
    [
        ("ru", "сколько платить за 12 месяцев 2026 года?", FOUND),
        ("ky", "камсыздандырылганмынбы?", FOUND),
        ("ru", "😀", NOTHING_FOUND),
        ("ru", "<b>&lt;</b> \x00 \u202e", NOTHING_FOUND),
    ],
)
async def test_free_text_is_a_question_and_never_gets_a_status(
    newcomer: Newcomer, language: str, text: str, msgid: str
) -> None:
    person = await newcomer(language)

    answer = await person.send(text)

    assert answer["text"].startswith(say(language, msgid))
    assert "1414" in answer["text"]
    assert not has_status(answer)


async def test_very_long_text_is_answered(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    answer = await person.send("очень длинный рассказ " * 180)

    assert "1414" in answer["text"]
    assert not has_status(answer)


async def test_wall_of_digits_is_answered_without_a_status(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    assert not has_status(await person.send("950101500019" * 300))
