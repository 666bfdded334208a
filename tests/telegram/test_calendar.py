"""The button "Calendar": a picture of the months with the same in words, uploaded once."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.locales import Locale
from bot.telegram.callbacks import ChooseLocale, OpenCalendar
from tests.telegram.client import Client, Message, data_of, labels
from tests.telegram.conftest import Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, OWN_NAMES, day, month, say

NOT_INSURED, CONDITIONAL, EMPLOYED = "970614601016", "960730501019", "991231500707"
SAME_MONTHS = ("950101500019", "980210501015")
LEVEL_D, CHILD_UNTIL_DECEMBER = "960221601018", "991212501010"
DISABLED, PLATFORM = "960919501016", "980127501014"
WRONG_FILE_ID = {
    "kind": "error",
    "status": 400,
    "description": "Bad Request: wrong remote file identifier specified: Wrong last symbol",
}


async def open_calendar(person: Client, language: str, iin: str) -> Message:
    return await press_calendar(person, language, await person.send(iin))


async def press_calendar(person: Client, language: str, answer: Message) -> Message:
    await person.press_data(answer, data_of(answer, say(language, "Calendar")))
    return await person.next_message()


async def uploads(*people: Client) -> list[bool]:
    """Tell of each picture sent whether it was uploaded."""
    calls = [call for person in people for call in await person.calls("sendPhoto")]
    return [
        not isinstance(call["params"]["photo"], str)
        for call in sorted(calls, key=lambda call: int(call["id"]))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_picture_comes_with_the_same_in_words(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    shown = await open_calendar(person, language, NOT_INSURED)

    assert shown["photo"][0]["width"] == 1000
    status, about, _blank, covered, missing = shown["caption"].split("\n")
    as_of = day(language, date(2026, 11, 21))
    assert status == say(language, "⛔ Not insured")
    assert about == say(language, "IIN ends in {last4}. Data as of {day}.", last4="1016", day=as_of)
    assert covered.startswith(f"{say(language, 'Covered')}: ")
    assert month(language, date(2025, 12, 1)).lower() in covered
    assert month(language, date(2026, 6, 1)).lower() in covered
    assert missing.startswith(f"{say(language, 'No contribution')}: ")
    assert month(language, date(2026, 7, 1)).lower() in missing


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("iin", "kind", "last"),
    [
        pytest.param(CONDITIONAL, "Conditional, to be paid", date(2027, 1, 1), id="grace"),
        pytest.param(EMPLOYED, "Not due yet", date(2026, 11, 1), id="awaited"),
        pytest.param("961105601014", "Covered", date(2027, 10, 1), id="prepaid"),
        pytest.param(CHILD_UNTIL_DECEMBER, "Covered", date(2026, 12, 1), id="child"),
    ],
)
async def test_every_kind_of_month_is_named(
    newcomer: Newcomer, language: str, iin: str, kind: str, last: date
) -> None:
    person = await newcomer(language)

    caption = (await open_calendar(person, language, iin))["caption"]

    (line,) = [line for line in caption.split("\n") if line.startswith(say(language, kind))]
    assert month(language, last).lower() in line
    assert str(last.year) in line


async def test_months_without_cover_do_not_worry_who_paid_ahead(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    prepaid = (await open_calendar(person, "ru", "961105601014"))["caption"]
    mixed = (await open_calendar(person, "ru", "970515501011"))["caption"]

    no_worry = say("ru", "Today's status does not depend on the months without a contribution.")
    uncertain = say("ru", "This counts past and prepaid months together: check it with 1414.")
    assert prepaid.endswith(no_worry)
    assert mixed.endswith(uncertain)


async def test_buttons_lead_on_from_the_picture_and_it_stays(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    shown = await open_calendar(person, "ru", NOT_INSURED)

    await person.press_data(shown, data_of(shown, say("ru", "Ways back")))
    ways = await person.next_message()

    assert ways["text"].startswith(say("ru", "Ways back to full cover"))
    assert ways["message_id"] != shown["message_id"]
    assert shown["message_id"] in [message["message_id"] for message in await person.messages()]
    assert say("ru", "Back to the answer") in labels(shown)


async def test_other_language_takes_the_place_of_the_picture(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    shown = await open_calendar(person, "ru", NOT_INSURED)

    kazakh = await person.press(shown, OWN_NAMES["kk"])
    again = await person.press(kazakh, OWN_NAMES["ru"])

    assert kazakh["message_id"] == shown["message_id"]
    assert kazakh["caption"].startswith(say("kk", "⛔ Not insured"))
    assert kazakh["photo"] != shown["photo"]
    assert (again["caption"], again["photo"]) == (shown["caption"], shown["photo"])


async def test_same_picture_in_its_place_is_no_error(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            person = await newcomer("ru")
            answer = await person.send(NOT_INSURED)
            shown = await press_calendar(person, "ru", answer)
            calendar = data_of(answer, say("ru", "Calendar"))
            same = ChooseLocale(locale=Locale.RU, view=calendar).pack()
            await person.press_for_answer(shown, same)
            await person.press(shown, OWN_NAMES["ky"])
        edits = await person.calls("editMessageMedia")
        messages = await person.calls("sendMessage")

    assert [call.get("error", {}).get("description", "")[:36] for call in edits] == [
        "Bad Request: message is not modified",
        "",
    ]
    assert messages[-1]["params"]["text"].startswith("<b>⛔")


async def test_same_months_are_uploaded_once_for_everybody(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url)
        async with running_bot(settings):
            first, second = await newcomer("ru"), await newcomer("ru")
            mine = await first.send(SAME_MONTHS[0])
            await press_calendar(first, "ru", mine)
            await press_calendar(first, "ru", mine)
            await open_calendar(second, "ru", SAME_MONTHS[1])
        async with running_bot(settings):
            await press_calendar(first, "ru", mine)
            in_kyrgyz = await open_calendar(await newcomer("ky"), "ky", SAME_MONTHS[0])
        seen = await uploads(first, second)

    assert seen == [True, False, False, False]
    assert in_kyrgyz["photo"]


async def test_stranger_gets_the_picture_of_a_child_for_a_level(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            person = await newcomer("kk")
            of_child = await open_calendar(person, "kk", CHILD_UNTIL_DECEMBER)
            by_level = await open_calendar(person, "kk", LEVEL_D)
        seen = await uploads(person)

    assert of_child["caption"].replace("1010", "1018") == by_level["caption"]
    assert seen == [True, False]


async def test_refused_file_id_is_replaced_by_an_upload(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        async with running_bot(bot_settings(own_home, emulator.url)):
            person = await newcomer("ru")
            answer = await person.send(NOT_INSURED)
            await press_calendar(person, "ru", answer)
            await person.fail("sendPhoto", WRONG_FILE_ID)
            shown = await press_calendar(person, "ru", answer)
            kazakh = await person.press(shown, OWN_NAMES["kk"])
            await person.fail("editMessageMedia", WRONG_FILE_ID)
            russian = await person.press(kazakh, OWN_NAMES["ru"])
        seen = await uploads(person)

    assert shown["caption"].startswith(say("ru", "⛔ Not insured"))
    assert russian["caption"] == shown["caption"]
    assert seen == [True, False, True]


async def test_file_ids_of_another_bot_do_no_harm(own_home: Path) -> None:
    for is_first in (True, False):
        async with (
            own_emulator() as (emulator, newcomer),
            running_bot(bot_settings(own_home, emulator.url)),
        ):
            person = await newcomer("ru", consent=is_first)
            shown = await open_calendar(person, "ru", NOT_INSURED)
            seen = await uploads(person)

    assert shown["photo"]
    assert seen == [False, True]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_owner_sees_who_paid_and_a_stranger_does_not(
    newcomer: Newcomer, language: str
) -> None:
    owner = await newcomer(language, phone="+77000000002")
    stranger = await newcomer(language, phone="+77000000009")
    answer = await owner.send(EMPLOYED)
    details = say(language, "Show details to me as the owner")
    await owner.press_data(answer, data_of(answer, details))
    await owner.next_message()
    await owner.send(contact=True)
    of_owner = await owner.next_message()

    seen = await press_calendar(owner, language, of_owner)
    hidden = await open_calendar(stranger, language, EMPLOYED)

    assert f"• {say(language, 'employer')}: " in seen["caption"]
    assert say(language, "employer") not in hidden["caption"]
    assert seen["photo"] != hidden["photo"]


async def test_calendar_that_is_out_of_date_says_so(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send(NOT_INSURED)

    alert = await person.press_for_alert(answer, OpenCalendar(answer_id="A" * 22).pack())

    assert alert == say("ru", "This button is out of date. Send the IIN again.")


async def test_who_is_outside_has_no_calendar(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send("980723501014")
    why = await person.press(answer, say("ru", "Why?"))
    answer_id = data_of(answer, say("ru", "Why?")).partition(":")[2]

    await person.press_data(why, OpenCalendar(answer_id=answer_id).pack())
    shown = (await person.next_event("edited"))["message"]

    assert shown["text"].startswith(say("ru", "ℹ️ Outside the insurance system"))
