"""Rows taken at once are those that are taken one by one."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.iin import IinError, parse_iin
from bot.registry.chunk_reader import ChunkReader
from bot.registry.csv_file import Chunk, split_row
from bot.registry.iin_forms import are_iins
from bot.registry.report import Reject
from bot.registry.row_problems import RowError
from bot.registry.rows import COLUMNS, parse_row

from .samples import AS_OF, GOOD, IINS, KEY, columns_of, line
from .test_rows import WRONG

FIRST_LINE = 2
Row = tuple[int, int, int, bytes]
VALID = {
    "iin": [iin.digits for iin in IINS[:3]],
    "residence": ["citizen", "kandas"],
    "region": ["", "75"],
    "clinic": ["", "75-012"],
    "phone": ["", GOOD["phone"], "+9961234567"],
    "contributions": ["", GOOD["contributions"], "2026-01=...S"],
    "spells": ["", GOOD["spells"], "child:2010-01..2028-01"],
    "level": ["", "A", "E"],
    "pension_paid": ["", "2026-10"],
    "returned": ["", "2025-01:wrong_details", "2025-01:one_sum 2025-02:wrong_year"],
}
ODD = [
    "",
    " ",
    '"',
    '"75"',
    "75\r",
    "é",
    "\0",
    "Citizen",
    ",",
    "000000000000",
    "+7",
    "+07000001234",
    "+7000000123\u0665",
]


def mostly_valid(column: str) -> st.SearchStrategy[str]:
    wrong = [columns[column] for columns, _ in WRONG.values() if column in columns]
    usual = st.sampled_from(VALID[column])
    return st.one_of(usual, usual, usual, st.sampled_from([*ODD, *wrong]))


lines = st.one_of(
    st.tuples(*map(mostly_valid, COLUMNS)).map(lambda cells: ",".join(cells).encode()),
    st.binary(max_size=40).filter(lambda text: b"\n" not in text),
    st.just(line().encode()),
    st.just(line().encode() + b"\r"),
    st.just(b""),
)


def read_at_once(reader: ChunkReader, text: bytes) -> tuple[list[Row], list[Reject]]:
    rows, rejects = reader.read(Chunk(FIRST_LINE, text))
    columns = (
        rows.lines.tolist(),
        rows.keys.tolist(),
        rows.phone_keys.tolist(),
        rows.payloads.cast(pl.Binary),
    )
    return sorted(zip(*columns, strict=True)), rejects


def read_one_by_one(text: bytes) -> tuple[list[Row], list[Reject]]:
    rows, rejects = [], []
    for number, each in enumerate(text.split(b"\n"), FIRST_LINE):
        if stripped := each.rstrip(b"\r"):
            try:
                parsed = parse_row(split_row(stripped, COLUMNS), as_of=AS_OF)
            except RowError as error:
                rejects.append(Reject(number, error.problem))
            else:
                phone_key = KEY.of_phone(parsed.phone) if parsed.phone else b""
                rows.append(
                    (
                        number,
                        int.from_bytes(KEY.of_iin(parsed.iin)[:8], "big"),
                        int.from_bytes(phone_key[:8], "big"),
                        ",".join(columns_of(parsed.person)).encode(),
                    )
                )
    return rows, rejects


@given(st.lists(lines, max_size=30))
def test_rows_taken_at_once_are_those_taken_one_by_one(some: list[bytes]) -> None:
    text = b"\n".join(some)
    reader = ChunkReader(COLUMNS, AS_OF, KEY)

    first, again = read_at_once(reader, text), read_at_once(reader, text)

    assert first == again == read_one_by_one(text)


@given(st.lists(lines, max_size=10), st.permutations(COLUMNS))
def test_order_of_columns_changes_nothing(some: list[bytes], order: list[str]) -> None:
    plain = [text for text in some if text.count(b",") == len(COLUMNS) - 1 and b'"' not in text]
    # A line end or a lost number of columns belongs to the last or any column of another order.
    plain = [text for text in plain if b"\r" not in text]
    turned = [b",".join(text.split(b",")[COLUMNS.index(name)] for name in order) for text in plain]
    reader = ChunkReader(order, AS_OF, KEY)

    for _ in range(2):
        assert read_at_once(reader, b"\n".join(turned)) == read_one_by_one(b"\n".join(plain))


@given(
    st.lists(st.from_regex(rb"[0-9]{11}|[0-9:/,+ -]{11}|9501[456][0-3][0-9]{5}", fullmatch=True))
)
def test_numbers_are_judged_together_as_they_are_one_by_one(prefixes: list[bytes]) -> None:
    texts = [
        prefix + digit
        for prefix in [*prefixes, b"0" * 11]
        for digit in map(bytes, zip(b"0123456789"))
    ]

    assert are_iins(texts).tolist() == [is_iin(text.decode()) for text in texts]


def is_iin(text: str) -> bool:
    try:
        parse_iin(text)
    except IinError:
        return False
    return True
