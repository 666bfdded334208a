"""The CSV v1 file: encoding, header and lines, before anything is known about people."""

import csv
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.registry.errors import RegistryError
from bot.registry.lines import Lines
from bot.registry.row_problems import RowError, RowProblem
from bot.registry.rows import COLUMNS
from bot.registry.unpacking import (
    MAX_UNPACKED_BYTES,
    DamagedArchiveError,
    Extract,
    TooLargeError,
)

# The longest honest row, with twenty years of payments and every code, is about 2 KB.
MAX_LINE_BYTES = 65_536
_CHUNK_BYTES = 8 << 20
_SAMPLE_LINES = 200
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
# .xlsx and .ods are zip archives, too.
_ZIP = b"PK\x03\x04"
_IIN_LIKE = re.compile(r"[0-9]{9,}")
_SAFE_NAME = re.compile(r"[A-Za-z_][A-Za-z_ ]{0,29}")
_SAVE_AS = "save it again as CSV UTF-8 with commas"


class CsvProblem(StrEnum):
    """Why a whole file is refused."""

    UNREADABLE = "unreadable"
    DAMAGED_ARCHIVE = "damaged_archive"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    SPREADSHEET = "spreadsheet"
    UTF16 = "utf16"
    NOT_UTF8 = "not_utf8"
    WRONG_SEPARATOR = "wrong_separator"
    NO_HEADER = "no_header"
    WRONG_COLUMNS = "wrong_columns"
    LINE_TOO_LONG = "line_too_long"


class CsvFileError(RegistryError):
    """A file that is not CSV v1; the text says what to do, and shows nothing of its rows."""

    def __init__(self, problem: CsvProblem, text: str) -> None:
        super().__init__(text)
        self.problem = problem

    def __reduce__(self) -> tuple[type["CsvFileError"], tuple[CsvProblem, str]]:
        """Let a worker process raise it."""
        return CsvFileError, (self.problem, str(self))


class Chunk(NamedTuple):
    """Some whole lines of the file, and the number of the first of them."""

    first_line: int
    data: bytes

    def lines(self) -> Lines:
        """Find the lines; blank ones too, so that their numbers are true.

        Raises:
            CsvFileError: a line is longer than any row can be.
        """
        text = self.data.replace(b"\r\n", b"\n")
        lines = Lines.of(text if text.endswith(b"\n") else text + b"\n")
        is_too_long = np.diff(lines.ends, prepend=-1) > MAX_LINE_BYTES
        if is_too_long.any():
            raise _line_too_long(self.first_line + int(is_too_long.argmax()))
        return lines


class CsvFile:
    """An open CSV v1 file, plain or packed; a context manager.

    One line is one row: a quote that is never closed spoils its own line and not the rest.

    Attributes:
        columns: those of the header, in its order.
        size_bytes: of the whole file, for progress.
        may_be_cut: the last line has no line end; known when all chunks were given.

    Raises:
        CsvFileError: the file cannot be read, or is not CSV v1.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._extract = Extract(path)
        except OSError as error:
            raise CsvFileError(
                CsvProblem.UNREADABLE, f"cannot open the file: {error.strerror}"
            ) from None
        self.size_bytes = self._extract.size_bytes
        self.may_be_cut = False
        try:
            start = self._read()
            _refuse_encodings(start)
            start = start.removeprefix(_UTF8_BOM)
            header, line_end, self._rest = start.partition(b"\n")
            self.columns = _read_header(header + line_end)
        except BaseException:
            self._extract.close()
            raise

    def __enter__(self) -> "CsvFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._extract.close()

    @property
    def share_read(self) -> float:
        return min(self._extract.position_bytes / max(self.size_bytes, 1), 1.0)

    def chunks(self) -> Iterator[Chunk]:
        """Give all lines after the header.

        Raises:
            CsvFileError: a line is longer than any row can be, or the file cannot be unpacked.
        """
        first_line, rest = 2, b""
        block, self._rest = self._rest, b""
        while True:
            rest += block
            block = self._read()
            whole = rest[: rest.rfind(b"\n") + 1] if block else rest
            rest = rest[len(whole) :]
            if whole:
                yield Chunk(first_line, whole)
                first_line += whole.count(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                raise _line_too_long(first_line)
            if not block:
                self.may_be_cut = bool(whole) and not whole.endswith(b"\n")
                return

    def _read(self) -> bytes:
        try:
            return self._extract.read(_CHUNK_BYTES)
        except DamagedArchiveError as error:
            raise CsvFileError(
                CsvProblem.DAMAGED_ARCHIVE,
                f"the file is packed and cannot be unpacked ({error}): it is damaged or was cut"
                " short on its way, copy it again",
            ) from None
        except TooLargeError:
            raise CsvFileError(
                CsvProblem.TOO_LARGE,
                f"the file unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB: this is not the CSV"
                " of the register",
            ) from None
        except OSError as error:
            raise CsvFileError(
                CsvProblem.UNREADABLE, f"cannot read the file: {error.strerror}"
            ) from None


def split_row(line: bytes, columns: Sequence[str]) -> dict[str, str]:
    """Take a line apart into the columns of the header.

    Raises:
        RowError: it cannot be.
    """
    if b"\0" in line:
        raise RowError(RowProblem.NUL)
    try:
        cells = _split(line.decode())
    except UnicodeDecodeError:
        raise RowError(RowProblem.NOT_UTF8) from None
    if len(cells) != len(columns):
        raise RowError(RowProblem.WRONG_COLUMN_COUNT)
    return dict(zip(columns, cells, strict=True))


def _split(text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        raise RowError(RowProblem.BAD_QUOTES) from None


def _line_too_long(number: int) -> CsvFileError:
    return CsvFileError(
        CsvProblem.LINE_TOO_LONG,
        f"line {number} is longer than {MAX_LINE_BYTES} bytes: this is not the CSV of the"
        " register, or its line ends are lost",
    )


def _refuse_encodings(start: bytes) -> None:
    """Look at the first lines."""
    if not start:
        raise CsvFileError(CsvProblem.EMPTY, "the file is empty: 0 bytes")
    if start.startswith(_ZIP):
        raise CsvFileError(
            CsvProblem.SPREADSHEET, f"the file is a spreadsheet or an archive (zip): {_SAVE_AS}"
        )
    if start.startswith(_UTF16_BOMS) or start[:256].count(0) > len(start[:256]) // 4:
        raise CsvFileError(CsvProblem.UTF16, f"the file is in UTF-16: {_SAVE_AS}")
    sample = start.rstrip(b"\n").split(b"\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    lines = [line[:MAX_LINE_BYTES] for line in sample]
    header_is_wrong, *wrong = [not _is_utf8(line) for line in lines]
    # A stray byte spoils its row only; a file saved in the old Windows code page spoils most.
    if header_is_wrong or sum(wrong) * 2 > len(wrong):
        raise CsvFileError(
            CsvProblem.NOT_UTF8,
            f"the file is not in UTF-8, perhaps in Windows-1251, which turns Қ, Ғ and Ң into ?:"
            f" export it from the source again, or {_SAVE_AS}",
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError as error:
        # The sample may cut a letter of an overlong line in two.
        return len(line) == MAX_LINE_BYTES and error.end == len(line)
    return True


def _read_header(line: bytes) -> tuple[str, ...]:
    if len(line) > MAX_LINE_BYTES:
        raise CsvFileError(
            CsvProblem.LINE_TOO_LONG, f"the first line is longer than {MAX_LINE_BYTES} bytes"
        )
    text = line.rstrip(b"\r\n").decode()
    if not text:
        raise CsvFileError(CsvProblem.NO_HEADER, f"the first line is blank: {_expected()}")
    for separator, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if separator in text and "," not in text:
            raise CsvFileError(
                CsvProblem.WRONG_SEPARATOR, f"the columns are split by {name}: {_SAVE_AS}"
            )
    try:
        names = tuple(_split(text))
    except RowError:
        raise CsvFileError(
            CsvProblem.NO_HEADER, f"the header has a stray quote: {_expected()}"
        ) from None
    if any(map(_IIN_LIKE.search, names)):
        raise CsvFileError(
            CsvProblem.NO_HEADER, f"the first line is a row and not a header: {_expected()}"
        )
    _refuse_columns(names)
    return names


def _refuse_columns(names: tuple[str, ...]) -> None:
    complaints = []
    if missing := [name for name in COLUMNS if name not in names]:
        complaints.append(f"missing: {', '.join(missing)}")
    unknown = [name for name in names if name not in COLUMNS]
    # A header is shown only where it cannot be somebody's data.
    if shown := [name for name in unknown if _SAFE_NAME.fullmatch(name)]:
        complaints.append(f"unknown: {', '.join(shown)}")
    if len(unknown) > len(shown):
        complaints.append(f"{len(unknown) - len(shown)} unknown without a plain Latin name")
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        complaints.append(f"more than once: {', '.join(twice)}")
    if complaints:
        raise CsvFileError(
            CsvProblem.WRONG_COLUMNS, f"columns {'; '.join(complaints)}. {_expected()}"
        )


def _expected() -> str:
    return f"The header must name, in any order: {','.join(COLUMNS)}"
