import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.months import Month
from bot.domain.person import (
    Contributions,
    Level,
    Person,
    Residence,
    Returned,
    ReturnProblem,
    Spell,
    SpellCode,
)
from bot.registry.payload import PayloadChecker, decode
from bot.registry.rows import parse_row

from .samples import AS_OF, GOOD, IINS, PHONE, columns_of

months = st.integers(12, 9999 * 12).map(Month)
persons = st.builds(
    Person,
    residence=st.sampled_from(Residence),
    region=st.none() | st.from_regex("[0-9]{2}", fullmatch=True),
    clinic=st.none() | st.from_regex("[0-9A-Za-z][0-9A-Za-z._-]{0,7}", fullmatch=True),
    contributions=st.builds(Contributions, months, st.text(".EISGPF", max_size=130)),
    spells=st.lists(
        st.builds(Spell, st.sampled_from(SpellCode), months, st.none() | months), max_size=6
    ).map(tuple),
    level=st.none() | st.sampled_from(Level),
    pension_paid=st.none() | months,
    returned=st.lists(st.builds(Returned, months, st.sampled_from(ReturnProblem)), max_size=3).map(
        tuple
    ),
)


def written(person: Person) -> bytes:
    return ",".join(columns_of(person)).encode()


@given(persons)
def test_any_person_survives_encoding(person: Person) -> None:
    assert decode(written(person)) == person


def test_nobody_in_particular_survives_encoding() -> None:
    assert decode(written(Person())) == Person()


def test_encoded_person_has_no_number_and_no_phone() -> None:
    payload = written(parse_row(GOOD, as_of=AS_OF).person)

    assert IINS[0].digits.encode() not in payload
    assert PHONE[1:].encode() not in payload


@given(st.binary(max_size=60) | st.text("citizen,=:.0123456789-", max_size=60).map(str.encode))
def test_foreign_bytes_are_a_value_error(payload: bytes) -> None:
    try:
        person = decode(payload)
    except ValueError:
        return
    assert isinstance(person, Person)


def test_record_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="2 fields"):
        decode(b"citizen,75")


def test_letter_of_no_payer_is_refused_and_not_taken_for_an_unpaid_month() -> None:
    with pytest.raises(ValueError, match="unknown payer"):
        decode(b"citizen,75,,2026-01=EEXEE,,,,")


@given(
    st.lists(
        st.builds(written, persons)
        | st.binary(max_size=30)
        | st.tuples(
            st.sampled_from([b"citizen", b"kandas", b"x"]),
            st.sampled_from([b"", b"75", b"75,1"]),
            st.sampled_from([b"", b"75-012"]),
            st.sampled_from([b"", b"2025-01=EE", b"2025=E", b"2025-01=EX"]),
            st.sampled_from([b"", b"job:2024-01..", b"job"]),
            st.sampled_from([b"", b"A", b"F"]),
            st.sampled_from([b"", b"2026-10", b"2026"]),
            st.sampled_from([b"", b"2025-01:one_sum", b"2025-01"]),
        ).map(b",".join),
        max_size=20,
    )
)
def test_checker_says_of_any_payload_whether_it_can_be_read(payloads: list[bytes]) -> None:
    checker = PayloadChecker()

    for payload in [*payloads, *payloads]:
        assert checker.can_be_read(payload) is is_readable(payload)


def is_readable(payload: bytes) -> bool:
    try:
        decode(payload)
    except ValueError:
        return False
    return True
