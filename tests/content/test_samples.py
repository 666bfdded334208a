"""The sample register shows every rule, and its page says what the rules say.

``python -m tests.content.test_samples > data/sample/README.md`` writes that page anew.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.config import SHARE
from bot.content.errors import ContentError
from bot.content.parameters import load_parameters
from bot.content.placeholders import format_tenge
from bot.content.samples import load_samples
from bot.domain.assess import assess
from bot.domain.assessment import Assessment, Basis, ReasonCode, Status, WayCode
from bot.domain.iin import parse_iin
from bot.domain.months import Month
from bot.domain.person import CATEGORIES, Level, Payer, Person, Residence, ReturnProblem, SpellCode
from bot.registry.rows import parse_row

FOLDER = SHARE / "data" / "sample"
SAMPLES = load_samples(FOLDER)
REGENERATE = "python -m tests.content.test_samples > data/sample/README.md"
DEMO_PHONES = {"+77000000001", "+77000000002", "+77000000003"}
HEAD = f"""\
# Who is who in the sample register

Everybody here is fictional: the numbers say "born 2095-2099". `register.csv` is an extract as of
{SAMPLES.as_of}, and the answers below are of that day. `people.yaml` has the same people in the
same order with a line about each in Kazakh, Russian and Kyrgyz. Two more numbers to try:
`991231500719` is right and not in the register, `991231501233` has a wrong control digit.

Written by `{REGENERATE}`.

| IIN | Who | Status | Basis | Until | Reasons | Cheapest way |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A person of the sample register and the answer to them."""

    iin: str
    person: Person
    phone: str | None
    assessment: Assessment


@cache
def read_register() -> tuple[Sampled, ...]:
    parameters = load_parameters(SHARE / "data" / "parameters")
    with (FOLDER / "register.csv").open(encoding="utf-8", newline="") as file:
        rows = [parse_row(row, as_of=SAMPLES.as_of) for row in csv.DictReader(file)]
    return tuple(
        Sampled(
            row.iin.digits, row.person, row.phone, assess(row.person, SAMPLES.as_of, parameters)
        )
        for row in rows
    )


def render_page() -> str:
    return HEAD + "".join(f"| {' | '.join(_cells(sampled))} |\n" for sampled in read_register())


def _cells(sampled: Sampled) -> Iterator[str]:
    answer = sampled.assessment
    yield sampled.iin
    # A kandas is one by residence and by category; said once.
    yield ", ".join(dict.fromkeys(_describe_person(sampled.person))) or "no payer, no category"
    yield answer.status.value
    yield _describe_basis(answer)
    yield str(answer.until or "")
    yield ", ".join(dict.fromkeys(reason.code.value for reason in answer.reasons))
    yield _describe_cheapest(answer)


def _describe_person(person: Person) -> Iterator[str]:
    if person.residence is not Residence.CITIZEN:
        yield person.residence.value
    for spell in person.spells:
        is_over = not spell.is_active(Month.of(SAMPLES.as_of))
        yield f"{spell.code.value} until {spell.last}" if is_over else spell.code.value
    if Payer.INDEPENDENT in person.contributions.letters:
        yield "independent payer"
    if person.level is not None and person.level.is_crisis:
        yield f"level {person.level}"


def _describe_basis(answer: Assessment) -> str:
    if answer.basis is None:
        return ""
    if answer.basis is Basis.CATEGORY and answer.spell is not None:
        return f"{answer.basis.value}: {answer.spell.value}"
    if answer.basis is Basis.GRACE:
        return f"{answer.basis.value}: {answer.grace_months} months"
    return answer.basis.value + (", mixed run" if answer.is_mixed else "")


def _describe_cheapest(answer: Assessment) -> str:
    way = answer.ways.cheapest
    if way is None or way.total is None:
        return ""
    same = [code.value for code, paid in answer.ways.paid.items() if paid == way]
    name = next((code for code in same if code != WayCode.CHEAPEST), "mixed")
    until = f"until {way.until}" if way.until else "for as long as payments go on"
    count = "1 payment" if len(way.payments) == 1 else f"{len(way.payments)} payments"
    return f"{name}: {format_tenge(way.total)} in {count}, {until}"


def test_the_register_and_the_list_name_the_same_people_in_the_same_order() -> None:
    assert [s.iin for s in read_register()] == [sample.iin for sample in SAMPLES.people]


def test_there_are_enough_people_and_not_too_many() -> None:
    assert 60 <= len(SAMPLES.people) <= 80


def test_the_most_typical_people_come_first() -> None:
    first = [sample.iin for sample in SAMPLES.people[:3]]
    reasons = [[reason.code for reason in s.assessment.reasons] for s in read_register()[:3]]

    assert first == ["950101500019", "991231501232", "991231500707"]
    assert reasons[0][0] is ReasonCode.NO_PAY_12M
    assert reasons[1][0] is ReasonCode.EMPLOYER_DEBT
    assert read_register()[2].assessment.basis is Basis.CONTRIBUTIONS


@pytest.mark.parametrize("sampled", read_register(), ids=lambda sampled: sampled.iin)
def test_a_number_can_belong_to_nobody_living(sampled: Sampled) -> None:
    assert 95 <= int(sampled.iin[:2]) <= 99
    assert sampled.iin[6] in "56"
    assert parse_iin(sampled.iin).digits == sampled.iin


def test_each_demo_phone_has_two_or_three_people_and_nobody_has_another_phone() -> None:
    phones = [s.phone for s in read_register() if s.phone]

    assert set(phones) == DEMO_PHONES
    assert all(2 <= phones.count(phone) <= 3 for phone in DEMO_PHONES)


def test_every_status_is_shown() -> None:
    # Nobody in the register is unknown.
    assert {s.assessment.status for s in read_register()} == set(Status) - {Status.UNKNOWN}


def test_every_basis_and_category_is_shown() -> None:
    answers = [s.assessment for s in read_register()]

    assert {answer.basis for answer in answers} == {None, *Basis}
    assert {a.spell for a in answers if a.basis is Basis.CATEGORY} == CATEGORIES


def test_every_reason_is_shown() -> None:
    answers = [s.assessment for s in read_register()]

    stated = {reason.code for answer in answers for reason in answer.reasons}
    asked = {claim for answer in answers for claim in answer.claims}
    assert stated | asked == set(ReasonCode)


def test_every_way_is_shown() -> None:
    ways = [s.assessment.ways for s in read_register()]

    assert {code for way in ways for code in (*way.paid, *(f.code for f in way.free))} == set(
        WayCode
    )


def test_every_code_of_the_register_is_shown() -> None:
    people = [s.person for s in read_register()]

    letters = {letter for person in people for letter in person.contributions.letters} - {"."}
    assert letters == set(Payer)
    assert {spell.code for person in people for spell in person.spells} == set(SpellCode)
    assert {person.level for person in people} == {None, *Level}
    assert {person.residence for person in people} == set(Residence)
    assert {r.problem for person in people for r in person.returned} == set(ReturnProblem)


def test_ways_of_every_shape_are_shown() -> None:
    ways = [s.assessment.ways for s in read_register()]
    cheapest = [way.cheapest for way in ways if way.cheapest]
    payments = [payment for way in cheapest for payment in way.payments]

    assert any(
        w.cheapest not in (w.paid[WayCode.GAPS], w.paid.get(WayCode.AHEAD)) for w in ways if w.paid
    )
    assert any(way.is_mixed for way in cheapest)
    assert any(way.has_next_year for way in cheapest)
    assert any(len(way.payments) == 1 for way in cheapest)
    assert any(payment.is_owed for payment in payments)
    assert any(w.code is WayCode.CRISIS_LEVEL and w.since for way in ways for w in way.free)
    assert any(w.code is WayCode.CRISIS_LEVEL and not w.since for way in ways for w in way.free)


def test_statuses_of_every_shape_are_shown() -> None:
    answers = [s.assessment for s in read_register()]

    assert {a.grace_months for a in answers if a.basis is Basis.GRACE} == {3, 6}
    assert any(a.is_mixed for a in answers)
    contributions = [a for a in answers if a.basis is Basis.CONTRIBUTIONS]
    assert {a.until is None for a in contributions} == {True, False}


def test_the_page_says_what_the_rules_say() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert page == render_page(), f"data/sample/README.md is out of date: run {REGENERATE}"


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        pytest.param(
            '[{iin: "950101500019", who: {kk: а, ru: б}}]', "missing in ky", id="language"
        ),
        pytest.param(
            '[{iin: "950101500018", who: {kk: а, ru: б, ky: в}}]',
            "wrong_control_digit",
            id="number",
        ),
        pytest.param(
            "[&one {iin: '950101500019', who: {kk: а, ru: б, ky: в}}, *one]",
            "…0019 is there already",
            id="twice",
        ),
        pytest.param(
            f'[{{iin: "950101500019", who: {{kk: {"а" * 71}, ru: б, ky: в}}}}]', "70", id="long"
        ),
        pytest.param("[]", "people", id="empty"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path: Path, people: str, problem: str) -> None:
    text = f"as_of: 2026-11-21\npeople: {people}\n"
    (tmp_path / "people.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ContentError, match=problem):
        load_samples(tmp_path)


if __name__ == "__main__":
    sys.stdout.write(render_page())
