"""Ways back: paid ones compared, free ones beside."""

from datetime import date

import pytest

from tests.telegram.client import Client, Message
from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, day, month, say, sum_of


async def open_ways(person: Client, language: str, iin: str) -> Message:
    answer = await person.send(iin)
    label = "Ways back" if say(language, "Ways back") in str(answer) else "What you can do"
    return await person.press(answer, say(language, label))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_two_paid_ways_are_compared_the_cheapest_first(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    text = (await open_ways(person, language, "970614601016"))["text"]

    gaps, ahead = (
        text.index(say(language, way)) for way in ("Pay the missing months", "Pay 12 months ahead")
    )
    assert gaps < ahead
    assert text[gaps:].startswith(
        say(language, "{way} — the cheapest", way=say(language, "Pay the missing months"))
    )
    cheap, dear = text[gaps:ahead], text[ahead:]
    assert f"5 × {sum_of(4_250)}" in cheap
    assert sum_of(21_250) in cheap
    assert day(language, date(2026, 11, 30)) in cheap
    assert f"12 × {sum_of(4_250)}" in dear
    assert sum_of(51_000) in dear
    assert day(language, date(2027, 10, 31)) in dear
    assert month(language, date(2026, 7, 1)).lower() in cheap.lower()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_months_at_two_prices_are_told_apart(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    text = (await open_ways(person, language, "960511501018"))["text"]

    assert f"5 × {sum_of(5_950)}" in text
    assert f"6 × {sum_of(4_250)}" in text
    assert sum_of(55_250) in text
    assert sum_of(51_000) in text


@pytest.mark.parametrize(
    ("iin", "total"),
    [
        pytest.param("960922501012", 42_500, id="mixed"),
        pytest.param("971112601012", 46_750, id="one-sum"),
        pytest.param("970816601014", 4_250, id="wrong-year"),
        pytest.param("970627501010", 8_500, id="wrong-details"),
        pytest.param("970525601012", 17_000, id="employer"),
    ],
)
async def test_total_of_the_cheapest_way_is_told(newcomer: Newcomer, iin: str, total: int) -> None:
    person = await newcomer("ru")

    assert sum_of(total) in (await open_ways(person, "ru", iin))["text"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_free_ways_stand_beside_the_paid_ones(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    text = (await open_ways(person, language, "950101500019"))["text"]

    paid, free = text.split(say(language, "Without payment"))
    assert "₸" in paid
    assert "₸" not in free
    for way in (
        "Register as unemployed: the akimat pays",
        "Levels D or E of the Digital Family Card: the akimat pays",
        "If the data are wrong: send proof and get them corrected",
    ):
        assert say(language, way) in free


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_is_outside_is_sent_to_the_contract_and_not_to_the_till(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    text = (await open_ways(person, language, "980723501014"))["text"]

    assert say(language, "Insurance contract for foreigners") in text
    assert "₸" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("iin", ["991231500707", "950317601018", "960221601018"])
async def test_insured_person_is_offered_no_way_back(
    newcomer: Newcomer, language: str, iin: str
) -> None:
    person = await newcomer(language)

    answer = await person.send(iin)

    assert say(language, "Ways back") not in str(answer["reply_markup"])


@pytest.mark.parametrize(
    ("iin", "label"),
    [
        pytest.param("960511501018", "Pay 12 months ahead", id="as-many-months-at-a-lower-price"),
        pytest.param("950101500019", None, id="as-many-months-at-the-same-price"),
    ],
)
async def test_cheapest_is_told_by_the_sum_and_not_by_the_number_of_months(
    newcomer: Newcomer, iin: str, label: str | None
) -> None:
    person = await newcomer("ru")

    text = (await open_ways(person, "ru", iin))["text"]

    mark = say("ru", "{way} — the cheapest", way="").strip()
    assert (mark in text) == (label is not None)
    if label is not None:
        assert say("ru", "{way} — the cheapest", way=say("ru", label)) in text
