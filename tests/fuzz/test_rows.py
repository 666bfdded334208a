"""Whatever a file of the register holds: rows, named errors, and nothing of it in their words."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.registry.csv_file import CsvFile, CsvFileError, split_row
from bot.registry.row_problems import RowError
from bot.registry.rows import COLUMNS, ParsedRow, parse_row
from tests.registry.samples import AS_OF, GOOD, IINS, PHONE

from .texts import texts

_HEADER = ",".join(COLUMNS).encode()
_GOOD_LINE = ",".join(GOOD[column] for column in COLUMNS).encode()
_cells = st.one_of(
    texts,
    st.sampled_from([*GOOD.values()]),
    st.from_regex(r"[0-9]{4}-[0-9]{2}=[.EISGPFx]{0,40}", fullmatch=True),
    st.from_regex(r"([a-z_0-9]{1,9}:[0-9]{4}-[0-9]{2}\.\.[0-9-]{0,7} ?){0,4}", fullmatch=True),
)
_lines = st.one_of(
    st.binary(max_size=300),
    st.just(_GOOD_LINE),
    st.lists(_cells, min_size=len(COLUMNS), max_size=len(COLUMNS)).map(
        lambda cells: ",".join(cells).encode("utf-8", "surrogatepass")
    ),
    st.tuples(st.integers(0, len(_GOOD_LINE) - 1), st.binary(min_size=1, max_size=3)).map(
        lambda change: _GOOD_LINE[: change[0]] + change[1] + _GOOD_LINE[change[0] + 1 :]
    ),
)


def says_nothing(error: Exception) -> bool:
    words = f"{error!r} {error} {error.__cause__!r}"
    return IINS[0].digits not in words and PHONE not in words


def read_row(row: Mapping[str, str]) -> ParsedRow | RowError:
    try:
        return parse_row(row, as_of=AS_OF)
    except RowError as error:
        return error


def read_file(path: Path) -> Iterator[ParsedRow | RowError | CsvFileError]:
    """Read everything, as an import does."""
    try:
        with CsvFile(path) as file:
            for chunk in file.chunks():
                for line in chunk.lines():
                    try:
                        row = split_row(line, file.columns)
                    except RowError as error:
                        yield error
                    else:
                        yield read_row(row)
    except CsvFileError as error:
        yield error


@given(st.dictionaries(st.sampled_from(COLUMNS), _cells))
def test_any_row_gives_a_person_or_the_named_error(changes: dict[str, str]) -> None:
    match read_row({**GOOD, **changes}):
        case RowError() as error:
            assert says_nothing(error)
        case parsed:
            assert parsed.iin.digits not in repr(parsed)


@given(st.lists(_lines, max_size=20), st.booleans())
def test_any_file_gives_rows_or_the_named_errors(lines: list[bytes], has_header: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.csv"
        path.write_bytes(b"\n".join([_HEADER, *lines] if has_header else lines))
        read = list(read_file(path))

    assert all(says_nothing(each) for each in read if isinstance(each, Exception))
    assert has_header or isinstance(read[-1], CsvFileError)
