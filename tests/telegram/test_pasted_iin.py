"""An IIN may be pasted at any time, in any form, and leaves only four digits."""

from datetime import date

import pytest

from tests.telegram.client import data_of
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, day, has_status, say


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("950101500019", id="bare"),
        pytest.param("950101 500 019", id="spaces"),
        pytest.param("9501 0150 0019", id="groups-of-four"),
        pytest.param("950101-500-019", id="dashes"),
        pytest.param("950101–500–019", id="en-dashes"),
        pytest.param("950101\u00a0500\u00a0019", id="no-break-spaces"),
        pytest.param("950101\u202f500019", id="narrow-no-break-space"),
        pytest.param(" 950101500019 \n", id="space-around"),
        pytest.param("мой ИИН 950101500019", id="in-words"),
        pytest.param("ИИН: 950101500019.", id="with-a-full-stop"),
        pytest.param("(950101500019)", id="in-brackets"),
        pytest.param("это отец,\n950101500019\nпроверьте", id="in-lines"),
        pytest.param("950101500019 950101500019", id="the-same-twice"),
    ],
)
async def test_iin_is_understood(newcomer: Newcomer, text: str) -> None:
    person = await newcomer("ru")

    sent = await person.write(text)
    answer = await person.next_message()

    assert answer["text"].startswith(say("ru", "⛔ Not insured"))
    await person.wait_gone(sent["message_id"])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_answer_opens_with_the_status_then_four_digits_and_the_day_of_the_data(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    answer = await person.send("991231501232")

    status, source = answer["text"].split("\n")[:2]
    assert status == say(language, "⛔ Not insured")
    as_of = day(language, date(2026, 11, 21))
    expected = say(language, "IIN ends in {last4}. Data as of {day}.", last4="1232", day=as_of)
    assert source == expected
    assert "991231501232" not in str(answer)


@pytest.mark.parametrize("view", ["Guides", "Privacy and my data", "/forget", "/language"])
async def test_iin_is_looked_up_wherever_the_person_is(newcomer: Newcomer, view: str) -> None:
    person = await newcomer("ky")
    if view.startswith("/"):
        await person.send(view)
    else:
        menu = await person.send("/start")
        await person.press(menu, say("ky", view))

    answer = await person.send("991231500707")

    assert answer["text"].startswith(say("ky", "✅ Insured"))


async def test_iin_is_looked_up_in_the_middle_of_proving_a_phone(newcomer: Newcomer) -> None:
    person = await newcomer("ru", phone="+77000000001")
    answer = await person.send("960919501016")
    await person.press_data(answer, data_of(answer, say("ru", "Show details to me as the owner")))
    await person.next_message()

    answer = await person.send("991231501232")

    assert answer["text"].startswith(say("ru", "⛔ Not insured"))


@pytest.mark.parametrize("text", ["/check 950101500019", "/iin950101500019"])
async def test_iin_typed_after_a_command_is_deleted_and_not_taken_for_a_picture(
    newcomer: Newcomer, text: str
) -> None:
    person = await newcomer("ru")

    sent = await person.write(text)
    answer = await person.next_message()

    pictures = (
        "Numbers in links, forwarded messages, pictures and files are not looked up. "
        "Type the 12 digits yourself."
    )
    assert say("ru", pictures) not in answer["text"]
    await person.wait_gone(sent["message_id"])


async def test_each_answer_is_a_new_message_and_the_old_one_stays(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    await person.send("991231501232")
    await person.send("991231500707")

    shown = [message for message in await person.messages() if has_status(message)]
    assert [("1232" in m["text"], "0707" in m["text"]) for m in shown] == [
        (True, False),
        (False, True),
    ]
