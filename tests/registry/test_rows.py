from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.iin import parse_iin
from bot.domain.months import Month
from bot.domain.person import (
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
from bot.registry.row_problems import RowError, RowProblem
from bot.registry.rows import COLUMNS, parse_row

from .samples import AS_OF, GOOD, IINS, PHONE, row

EMPTY = dict.fromkeys(COLUMNS, "") | {"iin": IINS[0].digits, "residence": "citizen"}

# Each wrong row: the columns changed, the reason. Also the corpus of the stranger's CSV.
WRONG = {
    "iin is empty": ({"iin": ""}, RowProblem.IIN_TOO_SHORT),
    "iin has eleven digits": ({"iin": "95010150001"}, RowProblem.IIN_TOO_SHORT),
    "iin has thirteen digits": ({"iin": "9501015000190"}, RowProblem.IIN_TOO_LONG),
    "iin has a space before it": ({"iin": " 950101500019"}, RowProblem.IIN_LETTERS),
    "iin has a space after it": ({"iin": "950101500019 "}, RowProblem.IIN_LETTERS),
    "iin has a space of another width": ({"iin": "950101500019\u00a0"}, RowProblem.IIN_LETTERS),
    "iin has a point and a zero after it": ({"iin": "950101500019.0"}, RowProblem.IIN_LETTERS),
    "iin has an O for a zero": ({"iin": "95O101500019"}, RowProblem.IIN_LETTERS),
    "iin was rounded by a spreadsheet": ({"iin": "9.50102E+11"}, RowProblem.IIN_SCIENTIFIC),
    "iin with zeros was rounded": ({"iin": "1.01E+10"}, RowProblem.IIN_SCIENTIFIC),
    "iin was rounded with a comma": ({"iin": "1,01e10"}, RowProblem.IIN_SCIENTIFIC),
    "iin has Arabic digits": ({"iin": "٩٥٠١٠١٥٠٠٠١٩"}, RowProblem.IIN_FOREIGN_DIGITS),
    "iin has full-width digits": (
        {"iin": "９５０１０１５０００１９"},
        RowProblem.IIN_FOREIGN_DIGITS,
    ),
    "iin has one foreign digit": ({"iin": "95010150001９"}, RowProblem.IIN_FOREIGN_DIGITS),
    "iin has a superscript": ({"iin": "95010150001⁹"}, RowProblem.IIN_LETTERS),
    "iin lost its leading zero": ({"iin": "10101900019"}, RowProblem.IIN_LEADING_ZERO_LOST),
    "iin lost its three leading zeros": ({"iin": "101900007"}, RowProblem.IIN_LEADING_ZERO_LOST),
    "iin has a wrong control digit": (
        {"iin": "991231501233"},
        RowProblem.IIN_WRONG_CONTROL_DIGIT,
    ),
    "iin is the number of a business": ({"iin": "990140000007"}, RowProblem.IIN_LOOKS_LIKE_BIN),
    "residence is unknown": ({"residence": "tourist"}, RowProblem.UNKNOWN_RESIDENCE),
    "residence is empty": ({"residence": ""}, RowProblem.UNKNOWN_RESIDENCE),
    "region has one digit": ({"region": "7"}, RowProblem.BAD_REGION),
    "region is a name": ({"region": "Almaty"}, RowProblem.BAD_REGION),
    "clinic is long enough to be a phone": ({"clinic": "77000001234"}, RowProblem.BAD_CLINIC),
    "clinic is in Cyrillic": ({"clinic": "№5"}, RowProblem.BAD_CLINIC),
    "phone has no plus": ({"phone": "77000001234"}, RowProblem.BAD_PHONE),
    "phone is too long": ({"phone": "+7700000123456789"}, RowProblem.BAD_PHONE),
    "contributions have no month": ({"contributions": "EEEE"}, RowProblem.BAD_CONTRIBUTIONS),
    "contributions have no letters": ({"contributions": "2024-01="}, RowProblem.BAD_CONTRIBUTIONS),
    "contributions begin in month 13": (
        {"contributions": "2024-13=E"},
        RowProblem.BAD_CONTRIBUTIONS,
    ),
    "contributions have an unknown letter": (
        {"contributions": "2024-01=EEX"},
        RowProblem.UNKNOWN_PAYER,
    ),
    "contributions are in lower case": ({"contributions": "2024-01=e"}, RowProblem.UNKNOWN_PAYER),
    "contributions begin before July 2017": (
        {"contributions": "2017-06=E"},
        RowProblem.CONTRIBUTION_MONTH_OUT_OF_RANGE,
    ),
    "contributions end 37 months ahead": (
        {"contributions": "2026-12=" + "S" * 37},
        RowProblem.CONTRIBUTION_MONTH_OUT_OF_RANGE,
    ),
    "spell has no months": ({"spells": "job"}, RowProblem.BAD_SPELL),
    "spells have two spaces between": (
        {"spells": "job:2024-01..  child:2020-01.."},
        RowProblem.BAD_SPELL,
    ),
    "spell begins in month 0": ({"spells": "job:2024-00.."}, RowProblem.BAD_SPELL),
    "spell code is unknown": ({"spells": "astronaut:2024-01.."}, RowProblem.UNKNOWN_SPELL_CODE),
    "spell begins in 1899": ({"spells": "job:1899-12.."}, RowProblem.SPELL_MONTH_OUT_OF_RANGE),
    "spell begins four years ahead": (
        {"spells": "job:2030-11.."},
        RowProblem.SPELL_MONTH_OUT_OF_RANGE,
    ),
    "spell ends in 9999": (
        {"spells": "job:2024-01..9999-12"},
        RowProblem.SPELL_MONTH_OUT_OF_RANGE,
    ),
    "spell ends before it begins": (
        {"spells": "job:2024-02..2024-01"},
        RowProblem.SPELL_ENDS_BEFORE_START,
    ),
    "two equal codes share a month": (
        {"spells": "job:2024-03.. job:2023-01..2024-03"},
        RowProblem.SPELLS_OVERLAP,
    ),
    "two equal codes both go on": (
        {"spells": "job:2023-01.. job:2024-03.."},
        RowProblem.SPELLS_OVERLAP,
    ),
    "level is F": ({"level": "F"}, RowProblem.BAD_LEVEL),
    "pension month has a day": ({"pension_paid": "2026-10-01"}, RowProblem.BAD_PENSION_MONTH),
    "pension is paid in the future": ({"pension_paid": "2026-12"}, RowProblem.BAD_PENSION_MONTH),
    "returned has no reason": ({"returned": "2026-10"}, RowProblem.BAD_RETURNED),
    "returned has an unknown reason": ({"returned": "2026-10:lost"}, RowProblem.BAD_RETURNED),
    "returned before contributions began": (
        {"returned": "2016-10:one_sum"},
        RowProblem.BAD_RETURNED,
    ),
}


@pytest.mark.parametrize(("columns", "problem"), WRONG.values(), ids=WRONG.keys())
def test_wrong_row_is_refused_by_name(columns: dict[str, str], problem: RowProblem) -> None:
    with pytest.raises(RowError) as caught:
        parse_row({**GOOD, **columns}, as_of=AS_OF)

    assert caught.value.problem is problem
    assert str(caught.value) == problem.value
    assert caught.value.__cause__ is None


def test_f17_line_end_in_a_cell_is_no_part_of_a_number() -> None:
    with pytest.raises(RowError, match="iin_letters"):
        parse_row({**GOOD, "iin": f"{IINS[0].digits}\n"}, as_of=AS_OF)


@pytest.mark.parametrize("columns", [{}, {**GOOD, "name": ""}, {"iin": ""}], ids=str)
def test_row_with_other_columns_is_refused(columns: dict[str, str]) -> None:
    with pytest.raises(RowError, match="wrong_column_count"):
        parse_row(columns, as_of=AS_OF)


def test_full_row_gives_every_fact() -> None:
    parsed = parse_row(GOOD, as_of=AS_OF)

    assert parsed.iin == IINS[0]
    assert parsed.phone == PHONE
    assert parsed.person == Person(
        residence=Residence.CITIZEN,
        region="75",
        clinic="75-012",
        contributions=Contributions(Month.parse("2024-01"), "E" * 12 + "." + "E" * 21),
        spells=(
            Spell(SpellCode.STUDENT, Month.parse("2020-09"), Month.parse("2023-12")),
            Spell(SpellCode.JOB, Month.parse("2024-01")),
        ),
        level=Level.B,
        pension_paid=Month.parse("2026-10"),
        returned=(Returned(Month.parse("2025-01"), ReturnProblem.WRONG_DETAILS),),
    )


def test_row_with_nothing_but_number_and_residence_is_an_empty_person() -> None:
    parsed = parse_row(EMPTY, as_of=AS_OF)

    assert (parsed.person, parsed.phone) == (Person(), None)


def test_bounds_themselves_are_accepted() -> None:
    parsed = parse_row(
        row(
            contributions="2017-07=" + "E" * 149,
            spells="child:1900-01..2000-01 child:2000-02.. job:2029-11..2126-11",
            pension_paid="2026-11",
        ),
        as_of=AS_OF,
    )

    assert parsed.person.contributions.payer(Month.parse("2029-11")) is Payer.EMPLOYER


def test_parsed_row_shows_no_number_and_no_phone() -> None:
    shown = repr(parse_row(GOOD, as_of=AS_OF))

    assert IINS[0].digits not in shown
    assert PHONE not in shown


@given(
    st.sampled_from(COLUMNS),
    st.one_of(
        st.text(max_size=40),
        st.text("0123456789-=:. EISGPFabcdejob_", max_size=40),
        st.from_regex(r"[a-z]{3}:[0-9]{4}-[0-9]{2}\.\.([0-9]{4}-[0-9]{2})?", fullmatch=True),
        st.from_regex(r"[0-9]{4}-[0-9]{2}=[.EISGPF]{1,9}", fullmatch=True),
    ),
)
def test_any_text_in_any_column_gives_a_row_or_a_row_error(column: str, text: str) -> None:
    with suppress(RowError):
        parsed = parse_row({**GOOD, column: text}, as_of=AS_OF)

        assert parse_iin(parsed.iin.digits) == parsed.iin
