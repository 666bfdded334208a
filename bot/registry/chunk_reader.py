"""Rows of a CSV into people by key: most of them at once, the rest one by one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress

import numpy as np

from bot.registry.csv_file import Chunk, split_row
from bot.registry.forms import are_iins, are_phones
from bot.registry.keys import RegistryKey
from bot.registry.payload import PAYLOAD_COLUMNS
from bot.registry.people import Keys
from bot.registry.report import Reject
from bot.registry.row_problems import RowError
from bot.registry.rows import COLUMNS, parse_row

# Forgotten and learnt again beyond that, so that memory has a bound: some ten megabytes a column.
_MAX_KNOWN = 100_000
_IIN_BYTES = 12
_KEY = np.dtype(">u8")


@dataclass(frozen=True, slots=True)
class KeyedRows:
    """Accepted rows: columns of one length, in any order of rows.

    Attributes:
        lines: their numbers in the file.
        keys: the first 8 bytes of the key of each IIN, as a big-endian number.
        tails: the other 8 bytes.
        phone_keys: the first 8 bytes of the key of each phone; 0 for none.
        payloads: see :mod:`bot.registry.payload`.
    """

    lines: Keys
    keys: Keys
    tails: Keys
    phone_keys: Keys
    payloads: list[bytes]


@dataclass(slots=True)
class _Rows:
    """Accepted rows with their places in the chunk."""

    places: list[int] = field(default_factory=list)
    iins: list[bytes] = field(default_factory=list)
    phones: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)

    def keep(self, flags: Iterable[object]) -> None:
        flags = list(flags)
        self.places[:] = compress(self.places, flags)
        for column in (self.iins, self.phones, self.payloads):
            column[:] = compress(column, flags)


class ChunkReader:
    """Reads the rows of one file, whatever the order of its columns.

    A row is valid when each of its columns is. So a row whose IIN and phone have the right form,
    and whose other columns were all seen in accepted rows, needs no second look. Every other row
    goes through :func:`parse_row`, which alone knows what is valid and names the reason if not.
    """

    def __init__(self, columns: Sequence[str], as_of: date, key: RegistryKey) -> None:
        self._columns = columns
        self._as_of = as_of
        self._key = key
        self._order = [columns.index(name) for name in COLUMNS]
        self._is_in_order = self._order == sorted(self._order)
        # Residence, region, clinic, contributions, spells; the last three columns are one text.
        self._known: tuple[set[bytes], ...] = tuple(set() for _ in range(6))

    def read(self, chunk: Chunk) -> tuple[KeyedRows, list[Reject]]:
        """Give the accepted rows and the rejected ones; blank lines are neither.

        Raises:
            CsvFileError: a line is longer than any row can be.
        """
        lines, rows, rejects = chunk.lines(), _Rows(), []

        def take(place: int) -> None:
            try:
                self._take_one(place, lines[place].rstrip(b"\r"), rows)
            except RowError as error:
                rejects.append(Reject(chunk.first_line + place, error.problem))

        self._take_all(lines, rows, take)
        are_good = are_iins(rows.iins) & are_phones(rows.phones)
        if not are_good.all():
            doubtful = list(compress(rows.places, ~are_good))
            rows.keep(are_good)
            for place in doubtful:
                take(place)
        return self._keyed(rows, chunk.first_line), sorted(rejects)

    def _take_all(self, lines: list[bytes], rows: _Rows, take_one: Callable[[int], None]) -> None:
        """Take rows of known columns without a look at their IINs and phones, others one by one."""
        residences, regions, clinics, histories, spell_lists, ends = self._known
        for place, line in enumerate(lines if self._is_in_order else map(self._ordered, lines)):
            try:
                iin, residence, region, clinic, phone, paid, spells, end = line.split(b",", 7)
            except ValueError:
                take_one(place)
                continue
            if (
                residence in residences
                and region in regions
                and clinic in clinics
                and paid in histories
                and spells in spell_lists
                and end in ends
                and len(iin) == _IIN_BYTES
            ):
                rows.places.append(place)
                rows.iins.append(iin)
                rows.phones.append(phone)
                rows.payloads.append(b",".join((residence, region, clinic, paid, spells, end)))
            else:
                take_one(place)

    def _ordered(self, line: bytes) -> bytes:
        """Put the columns of a line in their usual order; as it is where it has another number."""
        cells = line.split(b",")
        if len(cells) != len(self._order):
            return b""
        return b",".join([cells[place] for place in self._order])

    def _take_one(self, place: int, line: bytes, rows: _Rows) -> None:
        if not line:
            return
        row = split_row(line, self._columns)
        parse_row(row, as_of=self._as_of)
        rows.places.append(place)
        rows.iins.append(row["iin"].encode())
        rows.phones.append(row["phone"].encode())
        rows.payloads.append(",".join([row[name] for name in PAYLOAD_COLUMNS]).encode())
        if b'"' not in line:
            _, *columns = (line if self._is_in_order else self._ordered(line)).split(b",", 7)
            del columns[3]  # the phone
            for known, text in zip(self._known, columns, strict=True):
                if len(known) >= _MAX_KNOWN:
                    known.clear()
                known.add(text)

    def _keyed(self, rows: _Rows, first_line: int) -> KeyedRows:
        keys = np.frombuffer(b"".join(self._key.of_iins(rows.iins)), _KEY).reshape(-1, 2)
        has_phone = np.fromiter(map(bool, rows.phones), bool, len(rows.phones))
        phone_keys = np.zeros(len(rows.phones), np.uint64)
        digests = b"".join(self._key.of_phones(compress(rows.phones, has_phone)))
        phone_keys[has_phone] = np.frombuffer(digests, _KEY)[::2]
        return KeyedRows(
            lines=np.array(rows.places, np.uint64) + np.uint64(first_line),
            keys=keys[:, 0].astype(np.uint64),
            tails=keys[:, 1].astype(np.uint64),
            phone_keys=phone_keys,
            payloads=rows.payloads,
        )
