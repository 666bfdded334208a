from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bot.content.parameters import load_parameters
from bot.domain.assess import assess
from bot.domain.assessment import ReasonCode, Status
from bot.domain.iin import parse_iin
from bot.domain.months import Month
from bot.domain.person import CATEGORIES, Level, Person, Residence, SpellCode
from bot.registry.generate import generate
from bot.registry.importing import import_csv
from bot.registry.rows import COLUMNS, ParsedRow, parse_row
from bot.registry.synthetic import insured, uninsured
from bot.registry.synthetic.draw import Draw, Life
from bot.registry.synthetic.iins import synthetic_iins
from bot.registry.synthetic.places import POPULATION
from bot.registry.synthetic.profiles import SHARES, Profile

from .samples import AS_OF, KEY

PEOPLE = 4_000
PARAMETERS = load_parameters(Path(__file__).parents[2] / "data" / "parameters")
OUTSIDE = {uninsured.foreigner_outside}
EMPLOYER_REASONS = (
    ReasonCode.EMPLOYER_DEBT,
    ReasonCode.EMPLOYER_DELAY,
    ReasonCode.JUST_HIRED_DEBT,
)
GRACE = {uninsured.lost_job, uninsured.lost_job_after_60_months}


def rows(people: int, seed: int = 1, as_of: date = AS_OF) -> Iterator[ParsedRow]:
    lines = generate(people, seed, as_of)
    next(lines)
    return (
        parse_row(dict(zip(COLUMNS, text.split(","), strict=True)), as_of=as_of) for text in lines
    )


def person_of(life: Life, as_of: date = AS_OF) -> Person:
    residence, paid, spells, level, pension, returned = life
    cells = ("950101500019", residence, "", "", "", paid, spells, level, pension, returned)
    return parse_row(dict(zip(COLUMNS, cells, strict=True)), as_of=as_of).person


@pytest.fixture(scope="module")
def population() -> list[ParsedRow]:
    return list(rows(PEOPLE))


def test_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    first = list(generate(200, 1, AS_OF))

    assert list(generate(200, 1, AS_OF)) == first
    assert list(generate(100, 1, AS_OF)) == first[:101]
    assert not set(generate(200, 2, AS_OF)) & set(first[1:])


def test_first_line_is_the_header() -> None:
    assert list(generate(0, 1, AS_OF)) == [",".join(COLUMNS)]


def test_every_number_is_valid_unique_and_of_nobody_living() -> None:
    numbers = list(islice(synthetic_iins(Random(3)), 20_000))

    assert len(set(numbers)) == len(numbers)
    for digits in numbers:
        parse_iin(digits)
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
        assert "95" <= digits[:2] <= "99"
        assert digits[6] in "56"


def test_generated_register_is_imported_without_a_single_reject(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("\n".join(generate(2_000, 5, AS_OF)))

    report = import_csv(path, as_of=AS_OF, home=tmp_path, key=KEY)

    assert (report.accepted, report.rejected, report.duplicates) == (2_000, 0, 0)


@pytest.mark.parametrize(
    "as_of", [date(2023, 1, 1), date(2026, 2, 26), date(2026, 12, 1), date(2027, 3, 31)]
)
def test_register_of_another_day_is_well_formed(as_of: date) -> None:
    assert sum(1 for _ in rows(1_000, 2, as_of)) == 1_000


def test_phones_are_fictional_and_no_two_people_share_one(population: list[ParsedRow]) -> None:
    phones = [row.phone for row in population if row.phone]

    assert len(set(phones)) == len(phones) == pytest.approx(0.85 * PEOPLE, rel=0.05)
    assert all(phone.startswith("+7700000") for phone in phones)


def test_people_live_where_people_live(population: list[ParsedRow]) -> None:
    regions = Counter(row.person.region for row in population)

    assert set(regions) == set(POPULATION)
    assert regions["75"] > regions["71"] > regions["59"] > regions["62"]
    assert {row.person.clinic[:2] for row in population if row.person.clinic} <= set(POPULATION)


def test_every_kind_of_life_occurs() -> None:
    draw = Draw(Random(4), AS_OF)

    people = [person_of(profile(draw)) for profile, _ in SHARES for _ in range(300)]

    assert {spell.code for person in people for spell in person.spells} == set(SpellCode)
    assert {person.level for person in people} == {None, *Level}
    assert {person.residence for person in people} == set(Residence)
    assert any(person.returned for person in people)
    assert any(len(person.contributions.letters.strip(".")) >= 60 for person in people)


def test_shares_are_those_of_the_country(population: list[ParsedRow]) -> None:
    assessments = [assess(row.person, AS_OF, PARAMETERS) for row in population]
    share = {
        status: sum(item.status is status for item in assessments) / PEOPLE for status in Status
    }
    privileged = sum(row.person.has(CATEGORIES, Month.of(AS_OF)) for row in population)
    reasons = Counter(
        item.reasons[0].code for item in assessments if item.status is Status.UNINSURED
    )

    assert share[Status.UNINSURED] == pytest.approx(0.10, abs=0.015)
    assert share[Status.CONDITIONAL] == pytest.approx(0.024, abs=0.008)
    assert share[Status.OUTSIDE] == pytest.approx(0.006, abs=0.004)
    assert privileged / PEOPLE == pytest.approx(0.62, abs=0.025)
    assert reasons[ReasonCode.NO_PAY_12M] / reasons.total() == pytest.approx(0.47, abs=0.08)
    employers = sum(reasons[code] for code in EMPLOYER_REASONS)
    assert employers / reasons.total() == pytest.approx(0.37, abs=0.08)


@pytest.mark.parametrize(
    "profile", [profile for profile, _ in SHARES], ids=lambda profile: profile.__name__
)
@pytest.mark.parametrize("as_of", [date(2026, 11, 21), date(2026, 11, 30)], ids=str)
def test_each_made_up_life_has_the_status_it_is_meant_to_have(
    profile: Profile, as_of: date
) -> None:
    draw = Draw(Random(9), as_of)
    expected = (
        Status.CONDITIONAL
        if profile in GRACE
        else Status.OUTSIDE
        if profile in OUTSIDE
        else Status.INSURED
        if profile.__module__ == insured.__name__
        else Status.UNINSURED
    )

    people = [person_of(profile(draw), as_of) for _ in range(60)]

    assert {assess(person, as_of, PARAMETERS).status for person in people} == {expected}


def test_shares_add_up_to_everybody() -> None:
    assert sum(share for _, share in SHARES) == pytest.approx(100)
