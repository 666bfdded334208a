"""Rows of a CSV into people by key: most of them at once, the rest one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from bot.registry.csv_file import Chunk, split_row
from bot.registry.iin_forms import are_iins
from bot.registry.keys import E164, RegistryKey
from bot.registry.lines import Places
from bot.registry.payload import PAYLOAD_COLUMNS
from bot.registry.people import Keys
from bot.registry.report import Reject
from bot.registry.row_problems import RowError
from bot.registry.rows import check_column, parse_row

# Forgotten and learnt again beyond that, so that memory has a bound: some ten megabytes a column.
_MAX_KNOWN = 100_000
_IIN_BYTES = 12
_PHONE = f"^(?:{E164})?$"
_KEY = np.dtype(">u8")
_PLACE, _PAYLOAD = "place", "payload"
_TAKEN = {_PLACE: pl.UInt32, "iin": pl.Binary, "phone": pl.Binary, _PAYLOAD: pl.String}


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """Accepted rows: columns of one length, in any order of rows.

    Attributes:
        lines: their numbers in the file.
        keys: the first 8 bytes of the key of each IIN, as a big-endian number.
        tails: the other 8 bytes.
        phone_keys: the first 8 bytes of the key of each phone; 0 for none.
        payloads: texts, see :mod:`bot.registry.payload`.
    """

    lines: Keys
    keys: Keys
    tails: Keys
    phone_keys: Keys
    payloads: pl.Series


class ChunkReader:
    """Reads the rows of one file, whatever the order of its columns.

    A row is valid when each of its columns is, and most values come again and again. So a plain
    row is taken with the others of its chunk when its IIN and phone have the right form and each
    other column was found valid before, or is now. Every other row goes through
    :func:`parse_row`, which names the reason or knows better.
    """

    def __init__(self, columns: Sequence[str], as_of: date, key: RegistryKey) -> None:
        self._columns = columns
        self._as_of = as_of
        self._key = key
        self._known: dict[str, set[str]] = {name: set() for name in PAYLOAD_COLUMNS}

    def read(self, chunk: Chunk) -> tuple[KeyedRows, list[Reject]]:
        """Give the accepted rows and the rejected ones; blank lines are neither.

        Raises:
            CsvFileError: a line is longer than any row can be.
        """
        lines = chunk.lines()
        taken = self._take_plain(*lines.plain(len(self._columns)))
        is_left = np.ones(len(lines), bool)
        is_left[taken[_PLACE].to_numpy()] = False
        one_by_one, rejects = [], []
        for place in np.flatnonzero(is_left).tolist():
            if line := lines.line(place).rstrip(b"\r"):
                try:
                    one_by_one.append((place, *self._take_one(line)))
                except RowError as error:
                    rejects.append(Reject(chunk.first_line + place, error.problem))
        if one_by_one:
            taken.extend(pl.DataFrame(one_by_one, _TAKEN, orient="row"))
        return self._keyed(taken, chunk.first_line), rejects

    def _take_plain(self, text: bytes, places: Places) -> pl.DataFrame:
        """Take the rows of these lines that are surely valid."""
        if not places.size:
            return pl.DataFrame(schema=_TAKEN)
        rows = pl.read_csv(
            text,
            has_header=False,
            new_columns=list(self._columns),
            infer_schema=False,
            quote_char=None,
            empty_string_is_null=False,
        ).with_columns(pl.Series(_PLACE, places, pl.UInt32))
        is_valid = (rows["iin"].str.len_bytes() == _IIN_BYTES) & rows["phone"].str.contains(_PHONE)
        for name in PAYLOAD_COLUMNS:
            if wrong := self._learn(name, rows[name]):
                is_valid &= ~rows[name].is_in(wrong)
        rows = rows.filter(is_valid).select(
            _PLACE,
            pl.col("iin", "phone").cast(pl.Binary),
            pl.concat_str(PAYLOAD_COLUMNS, separator=",").alias(_PAYLOAD),
        )
        is_iin = are_iins(rows["iin"].to_list())
        return rows if is_iin.all() else rows.filter(is_iin)

    def _learn(self, name: str, texts: pl.Series) -> list[str]:
        """Remember the valid texts of a column; give the others."""
        known = self._known[name]
        if len(known) > _MAX_KNOWN:
            known.clear()
        wrong = []
        for text in texts.unique().to_list():
            if text not in known:
                try:
                    check_column(name, text, as_of=self._as_of)
                except RowError:
                    wrong.append(text)
                else:
                    known.add(text)
        return wrong

    def _take_one(self, line: bytes) -> tuple[bytes, bytes, str]:
        row = split_row(line, self._columns)
        parse_row(row, as_of=self._as_of)
        payload = ",".join([row[name] for name in PAYLOAD_COLUMNS])
        return row["iin"].encode(), row["phone"].encode(), payload

    def _keyed(self, taken: pl.DataFrame, first_line: int) -> KeyedRows:
        keys = np.frombuffer(self._key.of_iins(taken["iin"].to_list()), _KEY).reshape(-1, 2)
        has_phone = (taken["phone"].bin.size() > 0).to_numpy()
        phones = self._key.of_phones(taken["phone"].filter(has_phone).to_list())
        phone_keys = np.zeros(len(taken), np.uint64)
        phone_keys[has_phone] = np.frombuffer(phones, _KEY)[::2]
        return KeyedRows(
            lines=taken[_PLACE].to_numpy().astype(np.uint64) + np.uint64(first_line),
            keys=keys[:, 0].astype(np.uint64),
            tails=keys[:, 1].astype(np.uint64),
            phone_keys=phone_keys,
            payloads=taken[_PAYLOAD],
        )
