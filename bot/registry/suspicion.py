"""What makes an import suspicious beside the current generation: then a person must decide."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from math import sqrt
from pathlib import Path

from bot.domain.months import Month
from bot.domain.person import Person
from bot.registry.errors import (
    RegistryBrokenError,
    RegistryKeyError,
    Suspicion,
    SuspiciousImportError,
)
from bot.registry.generations import Generation, Generations
from bot.registry.payload import decode
from bot.registry.snapshot import Layout, Snapshot, SnapshotInfo

MIN_SHARE_OF_CURRENT = 0.8
SAMPLE = 20_000
# So many times more, or fewer, uninsured people. The largest reform yet (levels D and E in January
# 2026) took the share from about 17.5 % to under 10 %: less than this.
_TURNED_OVER = 2
# A register of a few hundred people changes by so many on any day.
_FEWEST = 20
# 99 of 100 intervals hold the true share.
_Z = 2.576
CountUninsured = Callable[[Sequence[Person], date], int]


@dataclass(frozen=True, slots=True)
class Share:
    """The uninsured among people of a register, and what that says of all of them.

    Attributes:
        uninsured: how many of those assessed.
        assessed: people assessed, chosen by chance.
        people: people in the register.
    """

    uninsured: int
    assessed: int
    people: int

    @property
    def value(self) -> float:
        return self.uninsured / self.assessed if self.assessed else 0.0

    @property
    def bounds(self) -> tuple[float, float]:
        """Give Wilson's interval at 99 %; there is no doubt where everybody was assessed."""
        if self.assessed == self.people:
            return self.value, self.value
        n, square = self.assessed, _Z * _Z
        middle = (self.value + square / (2 * n)) / (1 + square / n)
        half = sqrt(self.value * (1 - self.value) / n + square / (4 * n * n)) * _Z
        half /= 1 + square / n
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.bounds
        if self.assessed == self.people:
            return f"{self.value:.1%} (all {self.people:,} assessed)"
        return f"{self.value:.1%} ({low:.1%}–{high:.1%} by {self.assessed:,} of {self.people:,})"


def sample(snapshot: Snapshot, people: int) -> list[Person]:
    """Give so many people chosen by chance, the same at every call.

    Keys are blocks of a cipher, so the first ones are a random sample; with the same pepper two
    generations give mostly the same people, which makes their difference more certain still.

    Raises:
        RegistryBrokenError: the snapshot is damaged.
    """
    try:
        return [decode(payload) for payload in islice(_payloads(snapshot), people)]
    except ValueError:
        # The text of the error would quote what is known about the person.
        raise RegistryBrokenError("a person in the register is unreadable") from None


def share_of_uninsured(snapshot: Snapshot, count_uninsured: CountUninsured) -> Share:
    """Assess people on the day of their snapshot: a sample, or everybody of a small one."""
    found = sample(snapshot, SAMPLE)
    uninsured = count_uninsured(found, snapshot.info.as_of)
    return Share(uninsured, len(found), snapshot.info.rows)


def is_turned_over(before: Share, after: Share) -> bool:
    """Tell whether the share doubled or halved, by more than chance and more than a few people.

    Halved as well: an extract that makes half of the uninsured insured is as broken as one that
    does the opposite, and a wrong "insured" is paid for at the clinic.
    """
    low, high = sorted((before, after), key=lambda share: share.value)
    fewest = min(low.assessed, high.assessed)
    return (
        high.value >= _TURNED_OVER * low.value
        and high.bounds[0] > low.bounds[1]
        and (high.value - low.value) * fewest >= _FEWEST
    )


@dataclass(frozen=True, slots=True)
class Current:
    """The generation that the new one is compared with; none before the first import.

    Attributes:
        listed: the generations to keep beside the new one, newest first.
        layout: where its people lie.
        key_id: of the newest generation that can be read.
        is_forced: what is suspicious does not stop the import.
        overridden: what was suspicious all the same.
    """

    listed: list[Generation]
    info: SnapshotInfo | None
    layout: Layout | None = None
    path: Path | None = None
    key_id: str | None = None
    is_forced: bool = False
    is_list_broken: bool = False
    overridden: list[Suspicion] = field(default_factory=list)

    @classmethod
    def of(cls, generations: Generations, *, force: bool) -> "Current":
        """Describe it.

        Raises:
            SuspiciousImportError: it cannot be read, and no *force*.
        """
        listed: list[Generation] | None = None
        try:
            listed = generations.listed()
            if not listed:
                return cls([], None)
            path = generations.path_of(listed[0])
            snapshot = Snapshot(path, listed[0].size_bytes)
        except RegistryBrokenError as error:
            if not force:
                raise _not_comparable(error) from None
            return cls(
                (listed or [])[1:],
                None,
                key_id=_newest_key_id(generations),
                is_forced=True,
                is_list_broken=listed is None,
                overridden=[Suspicion.UNREADABLE],
            )
        snapshot.close()
        return cls(
            listed,
            snapshot.info,
            snapshot.layout,
            path,
            snapshot.info.key_id,
            is_forced=force,
        )

    def layout_of(self, month: Month) -> Layout | None:
        """Give its layout if its data are of this month."""
        if self.info is None or Month.of(self.info.as_of) != month:
            return None
        return self.layout

    def refuse_other_key(self, key_id: str) -> None:
        """A lost or mistaken pepper must not become the register's by an ordinary import."""
        if self.key_id not in (None, key_id):
            raise RegistryKeyError(
                f"the register was built with key {self.key_id} and the pepper in use gives"
                f" {key_id}. Nothing was changed: restore that pepper (REGISTRY_PEPPER_FILE), or"
                " turn to another one with: saqbol registry rekey"
            )

    def refuse_older(self, as_of: date) -> None:
        if self.info is not None and as_of < self.info.as_of:
            self._stop(
                Suspicion.OLDER,
                f"the file is of {as_of} and the current register of {self.info.as_of}, which is"
                " newer. Nothing was changed: check the date, or force the import",
            )

    def refuse_much_smaller(self, rows: int) -> None:
        if self.info is not None and rows < self.info.rows * MIN_SHARE_OF_CURRENT:
            self._stop(
                Suspicion.SMALLER,
                f"the file has {rows} people and the current register {self.info.rows}. Nothing"
                " was changed: check that the extract is complete, or force the import",
            )

    def refuse_turned_over(self, new: Path, count_uninsured: CountUninsured) -> None:
        """Compare the shares of uninsured people, each on the day of its data."""
        if self.path is None:
            return
        try:
            with closing(Snapshot(self.path)) as old:
                before = share_of_uninsured(old, count_uninsured)
        except RegistryBrokenError as error:
            self._stop(Suspicion.UNREADABLE, str(_not_comparable(error)))
            return
        with closing(Snapshot(new)) as snapshot:
            after = share_of_uninsured(snapshot, count_uninsured)
        if is_turned_over(before, after):
            self._stop(
                Suspicion.TURNED_OVER,
                f"the share of uninsured people is {before} in the current register and {after}"
                " in the file. Nothing was changed: check the contributions and categories of the"
                " extract, or force the import",
            )

    def _stop(self, suspicion: Suspicion, text: str) -> None:
        if not self.is_forced:
            raise SuspiciousImportError(suspicion, text)
        self.overridden.append(suspicion)


def _not_comparable(error: RegistryBrokenError) -> SuspiciousImportError:
    return SuspiciousImportError(
        Suspicion.UNREADABLE,
        f"the current register cannot be read and compared with ({error}). Force the import to"
        " replace it",
    )


def _newest_key_id(generations: Generations) -> str | None:
    for path in generations.snapshots():
        with suppress(RegistryBrokenError), closing(Snapshot(path)) as snapshot:
            return snapshot.info.key_id
    return None


def _payloads(snapshot: Snapshot) -> Iterator[bytes]:
    return (payload for people in snapshot.people() for payload in people.payloads)
