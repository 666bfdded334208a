"""Rows of a register spoiled on purpose, each in a way that an import must name."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from bot.domain.iin import control_digit
from bot.registry.row_problems import RowProblem
from bot.registry.rows import COLUMNS

# No problem: the same row again, which counts once.
EQUAL_ROW = "equal_row"
_ARABIC_ZERO, _FULL_WIDTH_ZERO = 0x0660, 0xFF10
_Cells = list[str]
_Spoiler = Callable[[_Cells, Random], None]


class Defect(NamedTuple):
    """What is wrong with a line: a :class:`RowProblem`, or ``equal_row``."""

    line: int
    reason: str


def spoil_rows(lines: list[str], first: int, share: float, random: Random) -> list[Defect]:
    """Give this share of the rows a defect, each kind as often; list them by line.

    A row that repeats another or contradicts it takes the place of a row; of two that contradict
    each other both are listed.

    Args:
        lines: rows without line ends, changed in place.
        first: the line of the first of them in its file.
        share: 0 to 1.
        random: decides which rows, and what is wrong.
    """
    kinds: list[str] = [*RowProblem, EQUAL_ROW]
    defects = []
    whole: list[int] = []
    for index, line in enumerate(lines):
        if random.random() >= share:
            whole.append(index)
            continue
        kind = _one_of(kinds, random)
        if kind in _OF_TWO_ROWS and not whole:
            kind = RowProblem.IIN_TOO_SHORT
        if kind not in _OF_TWO_ROWS:
            lines[index] = spoil(line, RowProblem(kind), random)
        else:
            # Each row has one twin at the most, or an equal one would become a contradiction.
            twin = whole.pop(int(random.random() * len(whole)))
            lines[index] = lines[twin]
            if kind == RowProblem.CONFLICTING_ROWS:
                lines[index] = spoil(lines[twin], RowProblem.CONFLICTING_ROWS, random)
                defects.append(Defect(first + twin, kind))
        defects.append(Defect(first + index, kind))
    return sorted(defects)


def spoil(line: str, problem: RowProblem, random: Random) -> str:
    """Spoil a good row so that it is refused for this problem and no other.

    For ``conflicting_rows`` the result is a good row that says something else about the same
    person. Bytes that are no UTF-8 stand in the result as surrogates (``surrogateescape``).
    """
    cells = line.split(",")
    _SPOILERS[problem](cells, random)
    return ",".join(cells)


def _one_of(items: Sequence[str], random: Random) -> str:
    return items[int(random.random() * len(items))]


def _set(column: str, *texts: str) -> _Spoiler:
    """Put one of these texts into a column."""
    place = COLUMNS.index(column)

    def put(cells: _Cells, random: Random) -> None:
        cells[place] = _one_of(texts, random)

    return put


def _damage_iin(damage: Callable[[str, Random], str]) -> _Spoiler:
    def put(cells: _Cells, random: Random) -> None:
        cells[0] = damage(cells[0], random)

    return put


def _with_letter(iin: str, random: Random) -> str:
    place = int(random.random() * len(iin))
    return iin[:place] + _one_of(("O", " ", "-", "\u200b"), random) + iin[place:]


def _in_other_digits(iin: str, random: Random) -> str:
    zero = _ARABIC_ZERO if random.random() < 0.5 else _FULL_WIDTH_ZERO
    return "".join(chr(zero + int(digit)) for digit in iin)


def _without_zero(_: str, random: Random) -> str:
    """Give what is left of a number of somebody born 2001-2009, of a century that has nobody."""
    return _valid(f"0{1 + int(random.random() * 9)}01019", random)[1:]


def _of_business(_: str, random: Random) -> str:
    """Give a BIN of a month in which no business was registered."""
    return _valid("800140", random)


def _valid(prefix: str, random: Random) -> str:
    """Draw a number that begins so and has a right control digit."""
    serials = 10 ** (11 - len(prefix))
    serial = int(random.random() * serials)
    while (control := control_digit(f"{prefix}{serial:0{11 - len(prefix)}d}")) is None:
        serial = (serial + 1) % serials
    return f"{prefix}{serial:0{11 - len(prefix)}d}{control}"


def _with_other_level(cells: _Cells, random: Random) -> None:
    place = COLUMNS.index("level")
    cells[place] = _one_of([level for level in "ABCDE" if level != cells[place]], random)


def _with_wrong_count(cells: _Cells, random: Random) -> None:
    if random.random() < 0.5:
        cells.append("")
    else:
        del cells[-2:]


_OF_TWO_ROWS = frozenset({EQUAL_ROW, RowProblem.CONFLICTING_ROWS})
_SPOILERS: Mapping[RowProblem, _Spoiler] = {
    RowProblem.IIN_TOO_SHORT: _damage_iin(lambda iin, _: iin[:8]),
    RowProblem.IIN_TOO_LONG: _damage_iin(lambda iin, _: f"{iin}0"),
    RowProblem.IIN_LETTERS: _damage_iin(_with_letter),
    RowProblem.IIN_FOREIGN_DIGITS: _damage_iin(_in_other_digits),
    RowProblem.IIN_SCIENTIFIC: _damage_iin(lambda iin, _: f"{iin[0]}.{iin[1:6]}E+11"),
    RowProblem.IIN_LEADING_ZERO_LOST: _damage_iin(_without_zero),
    RowProblem.IIN_WRONG_CONTROL_DIGIT: _damage_iin(
        lambda iin, _: f"{iin[:11]}{(int(iin[11]) + 1) % 10}"
    ),
    RowProblem.IIN_LOOKS_LIKE_BIN: _damage_iin(_of_business),
    RowProblem.UNKNOWN_RESIDENCE: _set("residence", "tourist", "Citizen", ""),
    RowProblem.BAD_REGION: _set("region", "7", "750", "Almaty"),
    RowProblem.BAD_CLINIC: _set("clinic", "№5", "75-012-003"),
    RowProblem.BAD_PHONE: _set("phone", "77000000000", "8 700 000 00 00", "+7700000000000000"),
    RowProblem.BAD_CONTRIBUTIONS: _set("contributions", "EEEE", "2024-01=", "2024-13=E"),
    RowProblem.UNKNOWN_PAYER: _set("contributions", "2024-01=EEX", "2024-01=e"),
    RowProblem.CONTRIBUTION_MONTH_OUT_OF_RANGE: _set("contributions", "2017-06=E", "2090-01=S"),
    RowProblem.BAD_SPELL: _set("spells", "job", "job:2024-00..", "job:2024-01.. "),
    RowProblem.UNKNOWN_SPELL_CODE: _set("spells", "astronaut:2024-01.."),
    RowProblem.SPELL_MONTH_OUT_OF_RANGE: _set("spells", "job:1899-12..", "job:2024-01..9999-12"),
    RowProblem.SPELL_ENDS_BEFORE_START: _set("spells", "job:2024-02..2024-01"),
    RowProblem.SPELLS_OVERLAP: _set("spells", "job:2024-03.. job:2023-01..2024-03"),
    RowProblem.BAD_LEVEL: _set("level", "F", "b", "2"),
    RowProblem.BAD_PENSION_MONTH: _set("pension_paid", "2024-10-01", "10.2024", "2090-01"),
    RowProblem.BAD_RETURNED: _set("returned", "2024-10", "2024-10:lost", "2016-10:one_sum"),
    RowProblem.NUL: _damage_iin(lambda iin, _: f"{iin}\0"),
    # The letter А as Windows-1251 writes it.
    RowProblem.NOT_UTF8: _set("clinic", "\udcc0"),
    RowProblem.BAD_QUOTES: _damage_iin(lambda iin, _: f'"{iin}'),
    RowProblem.WRONG_COLUMN_COUNT: _with_wrong_count,
    RowProblem.CONFLICTING_ROWS: _with_other_level,
}
