"""The payment card: every month by itself, ticked off in place, safe to copy."""

import re

import pytest

from tests.telegram.client import Client, Message, labels
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, OWN_NAMES, say, sum_of

NOBODY_PAYS, CONDITIONAL, PROPRIETOR, OWES_SOON = (
    "950101500019",
    "970822501010",
    "960526501013",
    "960213601014",
)
PERIOD = re.compile(r"[0-9]{2}\.[0-9]{4}")


async def open_card(person: Client, language: str, iin: str) -> Message:
    """Open the card of the first way, as the cheapest comes first."""
    answer = await person.send(iin)
    label = "How to keep the cover" if iin == CONDITIONAL else "Ways back"
    ways = await person.press(answer, say(language, label))
    card = say(language, "Payment card: {way}", way="")
    await person.press_data(ways, _data_of(ways, card.strip()))
    return await person.next_message()


def _data_of(message: Message, label: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return next(str(b["callback_data"]) for row in rows for b in row if b["text"].startswith(label))


def copied(message: Message) -> dict[str, str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return {b["text"]: b["copy_text"]["text"] for row in rows for b in row if "copy_text" in b}


def ticks(message: Message) -> list[str]:
    return [label for label in labels(message) if PERIOD.search(label)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_month_stands_by_itself_with_its_amount(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    card = await open_card(person, language, NOBODY_PAYS)

    lines = [line for line in card["text"].splitlines() if PERIOD.search(line)]
    assert [PERIOD.findall(line) for line in lines] == [
        [f"{month:02d}.{year}"]
        for year, month in [(2026, 11), (2026, 12), *((2027, m) for m in range(1, 11))]
    ]
    assert all(sum_of(4_250) in line for line in lines)
    assert sum_of(51_000) in card["text"].splitlines()[0]
    warning = "{number} separate payment, not one sum: one payment counts for one month."
    assert say(language, warning, 12) in card["text"]
    assert (
        say(language, "Watch the year: the months belong to {years}.", years="2026, 2027")
        in (card["text"])
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ticked_months_are_counted_out_and_can_be_unticked(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)
    card = await open_card(person, language, NOBODY_PAYS)

    card = await person.press(card, "☐ 12.2026")
    card = await person.press(card, "☐ 11.2026")
    ticked_twice = card["text"].splitlines()[0]
    card = await person.press(card, "✓ 12.2026")

    assert sum_of(42_500) in ticked_twice
    assert sum_of(46_750) in card["text"].splitlines()[0]
    assert ticks(card)[:3] == ["✓ 11.2026", "☐ 12.2026", "☐ 01.2027"]


async def test_all_months_ticked_sends_to_check_the_status(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    card = await open_card(person, "ru", CONDITIONAL)

    for label in ticks(card):
        card = await person.press(card, label)

    done = (
        "All months are ticked. Check the status in a few working days and see that the next "
        "months are paid, too."
    )
    assert card["text"].startswith(say("ru", done))


async def test_card_stays_in_the_chat_while_the_answer_goes_on(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    card = await open_card(person, "ru", NOBODY_PAYS)
    card = await person.press(card, "☐ 11.2026")

    messages = await person.messages()

    assert messages[-1] == card
    assert messages[-2]["text"].startswith(say("ru", "Ways back to full cover"))


async def test_language_changes_and_ticks_stay(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    card = await person.press(await open_card(person, "ru", NOBODY_PAYS), "☐ 05.2027")

    kyrgyz = await person.press(card, OWN_NAMES["ky"])

    assert "✓ 05.2027" in labels(kyrgyz)
    assert say("ky", "Payment code (KNP)") in kyrgyz["text"]


async def test_details_are_copied_whole(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    copies = copied(await open_card(person, "ru", NOBODY_PAYS))

    assert set(copies.values()) == {
        "122",
        "160440007161",
        "KZ92009MEDS368609103",
        "GCVPKZ2A",
        "4250",
    }


async def test_sole_proprietor_pays_the_own_rate(newcomer: Newcomer) -> None:
    person = await newcomer("ru")

    card = await open_card(person, "ru", PROPRIETOR)

    assert sum_of(5_950) in card["text"]
    assert say("ru", "sole proprietor") in card["text"]
    assert "5950" in copied(card).values()


async def test_insured_person_gets_a_card_of_the_months_due_soon(newcomer: Newcomer) -> None:
    person = await newcomer("ru")
    answer = await person.send(OWES_SOON)
    await person.press_data(answer, _data_of(answer, say("ru", "Payment card")))

    card = await person.next_message()

    assert ticks(card)
    assert "25 " in card["text"]


@pytest.mark.parametrize(
    "data",
    [
        "P:{id}:swimming",
        "P:{other}:gaps",
        "x:{id}:due:0:0",
        "x:{id}:gaps:24322:-1",
        "x:{id}:gaps:99999999999999:1",
    ],
)
async def test_forged_card_is_refused_or_harmless(newcomer: Newcomer, data: str) -> None:
    person = await newcomer("ru")
    answer = await person.send(NOBODY_PAYS)
    own = _data_of(answer, say("ru", "Why?")).partition(":")[2]
    forged = data.format(id=own, other="A" * 22)

    await person.press_data(answer, forged)
    event = await person.next_event("callback_answer")

    assert event["show_alert"] or not event.get("text")
    assert (await person.send(NOBODY_PAYS))["text"].startswith(say("ru", "⛔ Not insured"))
