"""The calculator, by buttons alone, in each language."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.contributions import MAX_JOBS
from bot.domain.person import Payer
from bot.telegram.callbacks import OpenCalculator
from tests.telegram.client import Client, Message, labels
from tests.telegram.conftest import Newcomer, bot_settings, own_emulator, running_bot
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say, sum_of

STALE = "This button is out of date. Send the IIN again."
_LONGEST_VIEW = 59
_LABEL_CHARACTERS = 32


async def open_calculator(person: Client, language: str, payer: str) -> Message:
    menu = await person.send("/start")
    payers = await person.press(menu, say(language, "Contribution calculator"))
    return await person.press(payers, say(language, payer))


async def press_keys(person: Client, message: Message, *keys: str) -> Message:
    for key in keys:
        await person.press_data(message, data_of_key(message, key))
        message = (await person.next_event("edited"))["message"]
    return message


def data_of_key(message: Message, key: str) -> str:
    """Give what the key with exactly this label does; the presets have digits too."""
    (data,) = [button["callback_data"] for button in buttons(message) if button["text"] == key]
    return str(data)


def buttons(message: Message) -> list[dict[str, str]]:
    return [button for row in message["reply_markup"]["inline_keyboard"] for button in row]


def headline(message: Message) -> str:
    return str(message["text"]).split("\n", 1)[0]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_employee_sees_both_shares_in_three_taps(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    sums = await open_calculator(person, language, "Employee")
    result = await person.press(sums, sum_of(300_000))

    assert headline(result) == say(
        language,
        "You pay {own} a month, your employer pays {employer}",
        own=sum_of(6_000),
        employer=sum_of(9_000),
    )
    for fact in (sum_of(15_000), sum_of(180_000), "122", "121", "25", "2026"):
        assert fact in result["text"]
    assert say(language, "Minimum wage: {wage}", wage=sum_of(85_000)) in labels(sums)
    assert "1414" not in result["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("payer", "monthly", "yearly", "due"),
    [
        ("Sole proprietor, own practice", 5_950, 71_400, True),
        ("Head of a farm", 5_950, 71_400, True),
        ("Independent payer", 4_250, 51_000, False),
    ],
)
async def test_fixed_payer_gets_the_answer_at_once(
    newcomer: Newcomer, language: str, payer: str, monthly: int, yearly: int, due: bool
) -> None:
    person = await newcomer(language)

    result = await open_calculator(person, language, payer)

    assert headline(result) == say(language, "You pay {own} a month", own=sum_of(monthly))
    assert sum_of(yearly) in result["text"]
    text = say(language, "Pay by day {day} of the next month.", day=25)
    assert (text in result["text"]) == due
    assert say(language, "Change the sum") not in labels(result)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_contractor_pays_and_the_customer_adds_nothing(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    sums = await open_calculator(person, language, "Civil-law contract")

    result = await person.press(sums, sum_of(2_000_000))

    assert headline(result) == say(language, "You pay {own} a month", own=sum_of(34_000))
    assert sum_of(1_700_000) in result["text"]
    assert "121" not in result["text"]
    assert say(language, "Add a job") not in labels(result)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_self_employed_person_is_told_what_is_not_settled(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    sums = await open_calculator(person, language, "Self-employed, special regime")

    result = await person.press(sums, sum_of(200_000))

    assert headline(result) == say(language, "You pay {own} a month", own=sum_of(2_000))
    assert (
        say(language, "From what income a month counts as paid is not settled: ask 1414.")
        in result["text"]
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_income_over_the_limit_gets_no_sum(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    sums = await open_calculator(person, language, "Self-employed, special regime")

    result = await person.press(sums, sum_of(2_000_000))

    assert headline(result) == say(
        language,
        "The special regime is only for an income of up to {limit} a month",
        limit=sum_of(1_297_500),
    )
    assert "1414" in result["text"]
    assert sum_of(17_000) not in result["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_sum_is_typed_with_the_keys_and_the_answer_runs_along(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    sums = await open_calculator(person, language, "Employee")
    erase, count = say(language, "⌫ Erase"), say(language, "Count")
    assert count not in labels(sums)

    typed = await press_keys(person, sums, "1", "2", erase, "5", "0", "000")
    result = await person.press(typed, count)

    assert say(language, "Sum: {income}", income=sum_of(150_000)) in typed["text"]
    assert headline(typed) == headline(result)
    assert headline(result) == say(
        language,
        "You pay {own} a month, your employer pays {employer}",
        own=sum_of(3_000),
        employer=sum_of(4_500),
    )


@pytest.mark.parametrize("key", ["0", "000", "⌫ Erase"])
async def test_key_that_changes_nothing_does_no_harm(newcomer: Newcomer, key: str) -> None:
    person = await newcomer("ru")
    sums = await open_calculator(person, "ru", "Employee")
    label = say("ru", key) if key == "⌫ Erase" else key

    event = await person.press_for_answer(sums, data_of_key(sums, label))

    assert not event["show_alert"]
    assert (await person.messages())[-1] == sums


async def test_sum_ends_at_eight_digits(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    sums = await open_calculator(person, "ru", "Employee")

    typed = await press_keys(person, sums, *("99999999"))

    assert sum_of(99_999_999) in typed["text"]
    for key in ("9", "000"):
        await person.press_for_answer(typed, data_of_key(typed, key))
    assert (await person.messages())[-1] == typed


@pytest.mark.parametrize("language", LANGUAGES)
async def test_jobs_are_added_up_to_the_cap_and_taken_away(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    add, without = say(language, "Add a job"), say(language, "Without this job")
    message = await open_calculator(person, language, "Employee")
    message = await person.press(message, sum_of(1_000_000))

    second = await person.press(message, add)
    two = await person.press(second, sum_of(1_000_000))
    three = await person.press(await person.press(two, add), sum_of(150_000))

    assert headline(second) == headline(message)
    assert headline(two) == say(
        language,
        "You pay {own} a month, your employers pay {employer}",
        own=sum_of(34_000),
        employer=sum_of(60_000),
    )
    assert sum_of(1_700_000) in two["text"]
    assert "1414" in two["text"]
    assert say(language, "Job {number}: {income}", 3, income=sum_of(150_000)) in three["text"]
    assert sum_of(64_500) in headline(three)
    assert add not in labels(three)
    fewer = await person.press(await person.press(three, say(language, "Change the sum")), without)
    assert (await person.press(fewer, say(language, "Count")))["text"] == two["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_other_year_counts_by_its_own_caps(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)
    sums = await open_calculator(person, language, "Employee")
    result = await person.press(sums, sum_of(2_000_000))

    year_before = await person.press(result, say(language, "For {year}", year=2025))
    back = await person.press(year_before, say(language, "For {year}", year=2026))

    assert sum_of(17_000) in headline(year_before)
    assert sum_of(25_500) in headline(year_before)
    assert back["text"] == result["text"]
    for message in (result, year_before):
        assert say(language, "For {year}", year=2027) not in labels(message)
        assert say(language, "For {year}", year=2024) not in labels(message)


async def test_language_changes_and_the_sums_stay(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    sums = await open_calculator(person, "ru", "Employee")
    result = await person.press(sums, sum_of(300_000))
    second = await person.press(result, say("ru", "Add a job"))
    typed = await press_keys(person, second, "7", "000")

    kazakh = await person.press(typed, OWN_NAMES["kk"])
    kyrgyz = await person.press(kazakh, OWN_NAMES["ky"])
    counted = await person.press(kyrgyz, say("ky", "Count"))

    for language, message in (("kk", kazakh), ("ky", kyrgyz), ("ky", counted)):
        assert say(language, "Job {number}: {income}", 1, income=sum_of(300_000)) in message["text"]
        assert say(language, "Job {number}: {income}", 2, income=sum_of(7_000)) in message["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_result_leads_to_the_guide_and_to_another_payer(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    result = await open_calculator(person, language, "Independent payer")

    payers = await person.press(result, say(language, "Another payer"))

    assert "g:pay-independent:" in [button["callback_data"] for button in buttons(result)]
    assert say(language, "Head of a farm") in labels(payers)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("k:X:0::0", id="unknown-payer"),
        pytest.param("k:E:0:abc:1", id="no-number"),
        pytest.param("k:E:0::1", id="nothing-to-count"),
        pytest.param("k:E:0:0:1", id="zero"),
        pytest.param("k:E:0:007:0", id="leading-zeros"),
        pytest.param("k:E:0:-5:0", id="empty-before-another"),
        pytest.param("k:E:0:5-:1", id="open-job-in-a-result"),
        pytest.param("k:E:0:100000000:1", id="too-much"),
        pytest.param("k:E:0:٣٣:1", id="other-digits"),
        pytest.param("k:E:0:1-2-3-4:1", id="too-many-jobs"),
        pytest.param("k:G:0:1-2:1", id="second-job-of-a-contract"),
        pytest.param("k:I:0:300000:1", id="income-of-a-fixed-payer"),
        pytest.param("k:E:-1:5:1", id="negative-year"),
        pytest.param("k:E:10000:5:1", id="year-no-calendar-has"),
        pytest.param("k:E:x:5:1", id="year-in-letters"),
        pytest.param("k:E:0:5:maybe", id="neither-counted-nor-not"),
        pytest.param("k:E:0:5", id="too-few-parts"),
    ],
)
async def test_forged_button_opens_nothing(newcomer: Newcomer, data: str) -> None:
    person = await newcomer("ru")
    payers = await open_calculator(person, "ru", "Employee")

    alert = await person.press_for_alert(payers, data)

    assert alert == say("ru", STALE)
    assert (await person.messages())[-1]["text"] == payers["text"]


@pytest.mark.parametrize("year", [1, 2024, 2027, 9999])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_year_nobody_verified_is_said_to_be_unconfirmed(
    newcomer: Newcomer, language: str, year: int
) -> None:
    person = await newcomer(language)
    payers = await open_calculator(person, language, "Employee")

    await person.press_data(payers, f"k:E:{year}:300000:1")
    message = (await person.next_event("edited"))["message"]

    text = say(language, "The amounts of {year} are not confirmed yet: ask 1414.", year=year)
    assert headline(message) == text
    assert "₸" not in message["text"]
    assert sum_of(6_000) in headline(
        await person.press(message, say(language, "For {year}", year=2026))
    )


async def test_on_new_year_the_last_known_year_is_offered(own_home: Path) -> None:
    async with own_emulator() as (emulator, newcomer):
        settings = bot_settings(own_home, emulator.url, today=date(2027, 1, 1))
        async with running_bot(settings):
            person = await newcomer("ru")

            message = await open_calculator(person, "ru", "Employee")
            sums = await person.press(message, say("ru", "For {year}", year=2026))
            result = await person.press(sums, sum_of(300_000))

    assert headline(message) == say(
        "ru", "The amounts of {year} are not confirmed yet: ask 1414.", year=2027
    )
    assert say("ru", "For {year}", year=2025) not in labels(message)
    assert sum_of(6_000) in headline(result)


async def test_every_callback_and_label_is_short_enough(newcomer: Newcomer) -> None:
    longest = OpenCalculator(
        payer=Payer.EMPLOYER,
        year=date.max.year,
        incomes="-".join(["9" * 8] * MAX_JOBS),
        is_counted=True,
    )
    assert len(longest.pack().encode()) <= _LONGEST_VIEW
    for language in LANGUAGES:
        person = await newcomer(language)
        sums = await open_calculator(person, language, "Employee")
        result = await person.press(sums, sum_of(2_000_000))
        second = await person.press(result, say(language, "Add a job"))
        payers = await person.press(second, say(language, "Another payer"))
        for button in [b for message in (payers, sums, second, result) for b in buttons(message)]:
            # The title of a guide is its editor's.
            if not button["callback_data"].startswith("g:"):
                assert len(button["text"]) <= _LABEL_CHARACTERS, button
