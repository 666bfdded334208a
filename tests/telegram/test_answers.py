"""What the sample people are told on 21 November 2026."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.telegram.conftest import Newcomer
from tests.telegram.texts import LANGUAGES, day, month, say, sum_of

CONDITIONAL = "⚠️ Insured conditionally, until {day}"


@dataclass(frozen=True)
class Case:
    """Who is asked about, and what the answer must hold."""

    name: str
    iin: str
    status: str
    until: date | None = None
    total: int | None = None
    first: date | None = None
    last: date | None = None
    days: tuple[date, ...] = ()
    says: tuple[str, ...] = ()


NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)
CASES = (
    Case(
        "nobody-paid",
        "950101500019",
        "⛔ Not insured",
        total=51_000,
        first=NOV,
        last=date(2027, 10, 1),
        days=(date(2026, 11, 25), date(2027, 10, 31)),
        says=("Nobody has paid for the last 12 months.",),
    ),
    Case(
        "employer-did-not-pay",
        "991231501232",
        "⛔ Not insured",
        total=25_500,
        first=date(2026, 4, 1),
        last=date(2026, 9, 1),
        days=(date(2026, 11, 25),),
    ),
    Case("one-hole", "970303501019", "⛔ Not insured", total=4_250, first=date(2026, 3, 1)),
    Case(
        "sole-proprietor-with-debts",
        "960526501013",
        "⛔ Not insured",
        total=59_500,
        first=date(2025, 12, 1),
        last=date(2026, 9, 1),
        days=(date(2026, 11, 25), date(2026, 12, 25)),
        says=("The months of the business are owed in any case.",),
    ),
    Case(
        "three-months",
        "970822501010",
        CONDITIONAL,
        until=date(2026, 11, 30),
        total=12_750,
        first=date(2026, 9, 1),
        last=NOV,
    ),
    Case(
        "six-months",
        "960730501019",
        CONDITIONAL,
        until=date(2027, 1, 31),
        total=17_000,
        first=date(2026, 8, 1),
        last=NOV,
    ),
    Case(
        "contributions", "991231500707", "✅ Insured", says=("Twelve months in a row are covered.",)
    ),
    Case("paid-ahead", "961105601014", "✅ Insured until {day}", until=date(2027, 10, 31)),
    Case("pensioner", "950317601018", "✅ Insured"),
    Case("child", "991014601010", "✅ Insured until {day}", until=date(2034, 10, 31)),
    Case("unemployed", "970923601016", "✅ Insured"),
    Case("level-d", "960221601018", "✅ Insured until {day}", until=date(2026, 12, 31)),
    Case("outside", "980723501014", "ℹ️ Outside the insurance system"),
    Case(
        "no-record",
        "991231500719",
        "❔ No record for this IIN",
        says=("The register has nobody with this number. It does not mean “not insured”.",),
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
async def test_person_is_told_the_status_the_sum_and_the_days(
    newcomer: Newcomer, language: str, case: Case
) -> None:
    person = await newcomer(language)

    text = (await person.send(case.iin))["text"]

    last_day = day(language, case.until) if case.until else ""
    assert text.split("\n")[0] == say(language, case.status, day=last_day)
    assert case.iin[-4:] in text.split("\n")[1]
    if case.total:
        assert sum_of(case.total) in text
    else:
        assert "51\u00a0000" not in text
    for when in (case.first, case.last):
        assert when is None or month(language, when).lower() in text.lower()
    for when in case.days:
        assert day(language, when) in text
    for msgid in case.says:
        assert say(language, msgid) in text
    assert say(language, "What to do now") in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_sole_proprietor_sees_the_price_of_a_month(newcomer: Newcomer, language: str) -> None:
    person = await newcomer(language)

    text = (await person.send("960526501013"))["text"]

    assert sum_of(5_950) in text
    assert sum_of(4_250) not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_record_offers_1414_and_never_says_not_insured(
    newcomer: Newcomer, language: str
) -> None:
    person = await newcomer(language)

    text = (await person.send("991231500719"))["text"]

    assert "1414" in text
    assert say(language, "⛔ Not insured") not in text
    assert "₸" not in text
