"""A new pepper for the register: the same people, imported again under other keys.

The snapshot has no IINs, so only the extract can be keyed anew. Bots with the old pepper go on with
the generation they have; the new one is for those who start with the new pepper.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from itertools import islice
from pathlib import Path

from bot.domain.iin import Iin
from bot.registry.csv_file import CsvFile, split_row
from bot.registry.errors import (
    PepperError,
    RegistryError,
    RegistryMissingError,
    Suspicion,
    SuspiciousImportError,
)
from bot.registry.generations import Generations
from bot.registry.keys import RegistryKey
from bot.registry.row_problems import RowError
from bot.registry.rows import parse_row
from bot.registry.snapshot import Snapshot

# The first people of the extract that are looked up under the old key.
COMPARED = 2_000
# A day changes a few of a hundred; another register has none of them.
MIN_SHARE_KNOWN = 0.8


def refuse_rekey(
    path: Path,
    *,
    as_of: date,
    home: Path,
    read_old_key: Callable[[], RegistryKey],
    new: RegistryKey,
) -> None:
    """Make sure that an extract has the people of the current generation, before it is keyed anew.

    Raises:
        RegistryMissingError: nothing was imported yet.
        RegistryBrokenError: the current generation is damaged.
        RegistryError: the current generation has the new key already.
        SuspiciousImportError: it has other people, or nobody can tell without the old pepper.
        CsvFileError: the file as a whole is not CSV v1.
    """
    generations = Generations(home)
    listed = generations.listed()
    if not listed:
        raise RegistryMissingError(
            "there is no register to give another pepper to: set REGISTRY_PEPPER_FILE and import"
        )
    with closing(Snapshot(generations.path_of(listed[0]), listed[0].size_bytes)) as current:
        if current.info.key_id == new.key_id:
            raise RegistryError("the register has this pepper already: import the extract")
        old = _old_key(read_old_key, current.info.key_id)
        found = [current.find(old.of_iin(iin)) for iin in islice(_iins(path, as_of), COMPARED)]
    known = sum(entry is not None for entry in found)
    if known < len(found) * MIN_SHARE_KNOWN:
        raise SuspiciousImportError(
            Suspicion.OTHER_PEOPLE,
            f"of the first {len(found)} people of the file the current register has {known}."
            " Nothing was changed: check that it is the extract of this register, or force it",
        )


def _old_key(read_old_key: Callable[[], RegistryKey], key_id: str) -> RegistryKey:
    reason = f"the pepper in use is not that of the register ({key_id})"
    try:
        old = read_old_key()
        if old.key_id == key_id:
            return old
    except PepperError as error:
        reason = str(error)
    raise SuspiciousImportError(
        Suspicion.OTHER_PEOPLE,
        f"without the old pepper nobody can tell whether the file has the same people: {reason}."
        " Nothing was changed: restore the old pepper, or force it",
    )


def _iins(path: Path, as_of: date) -> Iterator[Iin]:
    with CsvFile(path) as file:
        for chunk in file.chunks():
            for line in chunk.data.splitlines():
                with suppress(RowError):
                    yield parse_row(split_row(line, file.columns), as_of=as_of).iin
