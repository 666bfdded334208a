"""What an import has to say: how many rows, which were rejected, and why."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, TextIO

from bot.registry.errors import Suspicion
from bot.registry.row_problems import RowProblem

MAX_LISTED = 10_000


class Reject(NamedTuple):
    """One rejected row: its line in the file (the header is line 1) and the reason."""

    line: int
    problem: RowProblem


class Progress(NamedTuple):
    """How far an import is: ``read``, ``write`` or ``check``, and what share of that is done."""

    phase: str
    rows: int
    share: float


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        generation: name of the new snapshot.
        as_of: day of the extract.
        read: rows in the file, blank lines not counted: accepted + duplicates + rejected.
        accepted: people in the new snapshot.
        duplicates: rows left out because an equal row is kept.
        rejected: rows rejected.
        rejects: the first 10,000 of them found, by line.
        reasons: how many for each reason, most frequent first.
        may_be_cut: the last line of the file has no line end.
        overridden: what would have stopped the import without force.
    """

    generation: str
    as_of: date
    read: int
    accepted: int
    duplicates: int
    rejected: int
    rejects: tuple[Reject, ...]
    reasons: dict[RowProblem, int]
    may_be_cut: bool = False
    overridden: tuple[Suspicion, ...] = ()


class RejectLog:
    """Counts rejected rows, keeps the first ones, and writes all to a file if asked to.

    The file has ``line,reason`` and nothing of the rows. Conflicting rows are known only after
    sorting, so they stand at its end.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stack = ExitStack()
        self._file: TextIO | None = None
        self._reasons: Counter[RowProblem] = Counter()
        self._listed: list[Reject] = []

    def __enter__(self) -> "RejectLog":
        if self._path is not None:
            self._file = self._stack.enter_context(self._path.open("w", encoding="ascii"))
            self._file.write("line,reason\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def count(self) -> int:
        return self._reasons.total()

    @property
    def reasons(self) -> dict[RowProblem, int]:
        return dict(self._reasons.most_common())

    @property
    def listed(self) -> tuple[Reject, ...]:
        return tuple(sorted(self._listed))

    def flush(self) -> None:
        """Write the list to its end; what cannot be written is not found out after the switch."""
        if self._file is not None:
            self._file.flush()

    def add(self, line: int, problem: RowProblem) -> None:
        self._reasons[problem] += 1
        if len(self._listed) < MAX_LISTED:
            self._listed.append(Reject(line, problem))
        if self._file is not None:
            self._file.write(f"{line},{problem}\n")
