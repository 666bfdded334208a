"""Any well-formed person, for properties."""

from datetime import date

from hypothesis import strategies as st

from bot.domain.months import Month
from bot.domain.person import (
    NOT_PAID,
    Contributions,
    Level,
    Payer,
    Person,
    Residence,
    Returned,
    ReturnProblem,
    Spell,
    SpellCode,
)

FIRST = Month.parse("2019-01")
LAST = Month.parse("2032-12")

months = st.integers(FIRST, LAST).map(Month)
# Days whose amounts are verified: holes reach eleven months back.
verified_days = st.dates(date(2022, 1, 1), date(2026, 12, 31))


@st.composite
def _contributions(draw: st.DrawFn) -> Contributions:
    first = draw(months)
    # Long stretches of one letter, as in real histories, rather than noise alone.
    stretches = draw(
        st.lists(
            st.tuples(st.sampled_from([*(p.value for p in Payer), NOT_PAID]), st.integers(1, 24)),
            max_size=6,
        )
    )
    letters = "".join(letter * length for letter, length in stretches)
    return Contributions(first, letters) if letters else Contributions()


@st.composite
def _spells(draw: st.DrawFn) -> Spell:
    first = draw(months)
    length = draw(st.none() | st.integers(0, 80))
    return Spell(
        draw(st.sampled_from(SpellCode)), first, None if length is None else first.shift(length)
    )


people = st.builds(
    Person,
    residence=st.sampled_from(Residence),
    contributions=_contributions(),
    spells=st.lists(_spells(), max_size=4).map(tuple),
    level=st.none() | st.sampled_from(Level),
    pension_paid=st.none() | months,
    returned=st.lists(
        st.builds(Returned, month=months, problem=st.sampled_from(ReturnProblem)), max_size=2
    ).map(tuple),
)


def with_payments(known: Contributions, payments: dict[Month, Payer]) -> Contributions:
    """Give the same history with these months paid too."""
    paid = {Month(known.first + place): letter for place, letter in enumerate(known.letters)}
    paid |= {month: payer.value for month, payer in payments.items()}
    if not paid:
        return known
    first, last = min(paid), max(paid)
    letters = "".join(paid.get(Month(month), NOT_PAID) for month in range(first, last + 1))
    return Contributions(first, letters)
