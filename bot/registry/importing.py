"""From a CSV to a new current snapshot, all or nothing."""

import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.months import Month
from bot.registry import buckets
from bot.registry.csv_file import CsvFile
from bot.registry.errors import (
    ImportStoppedError,
    RegistryBrokenError,
    TooManyErrorsError,
)
from bot.registry.generations import KEPT, Generation, Generations
from bot.registry.import_tasks import PackRange, ReadChunk, Reading, pack_range, read_chunk
from bot.registry.keys import RegistryKey
from bot.registry.packing import Packed
from bot.registry.report import ImportReport, OnProgress, Progress, RejectLog
from bot.registry.row_problems import RowProblem
from bot.registry.runs import Run, merge_range, range_count
from bot.registry.snapshot import Layout, SnapshotInfo
from bot.registry.snapshot_writer import write_snapshot
from bot.registry.suspicion import CountUninsured, Current
from bot.registry.texts import make_dictionary
from bot.registry.verify import check_file
from bot.registry.workers import Workers

MAX_ERROR_SHARE = 0.05
# A file may be named after somebody's number.
_LONG_NUMBER = re.compile(r"[0-9]{9,}")


def import_csv(  # noqa: PLR0913 - one keyword for each choice on the command line
    path: Path,
    *,
    as_of: date,
    home: Path,
    key: RegistryKey,
    on_progress: OnProgress | None = None,
    max_error_share: float = MAX_ERROR_SHARE,
    force: bool = False,
    is_rekey: bool = False,
    kept: int = KEPT,
    count_uninsured: CountUninsured | None = None,
    before_switch: Callable[[ImportReport], None] | None = None,
    rejects_path: Path | None = None,
) -> ImportReport:
    """Build a snapshot of the register as of *as_of* and make it current.

    Equal rows count once. Rows that say different things about one IIN are all rejected: nothing
    tells which is right. Whatever stops or kills the import, the current generation stays.

    Args:
        path: CSV v1.
        as_of: the day the extract was made.
        home: the folder that has or gets ``registry/``.
        key: the keys to store people under.
        on_progress: called every few thousand rows.
        max_error_share: stop when more than this share (0-1) of rows is rejected.
        force: import although the file looks suspicious.
        is_rekey: *key* may be another one than that of the current generation.
        kept: generations to keep, the new one included.
        count_uninsured: how many of some people are uninsured on a day; without it their share is
            not compared.
        before_switch: called with all that is known once nothing but the switch is left; what it
            raises stops the import.
        rejects_path: where to write ``line,reason`` of rejected rows, also when it stops.

    Raises:
        CsvFileError: the file as a whole is not CSV v1.
        TooManyErrorsError: too many rows were rejected.
        SuspiciousImportError: older, much smaller or with twice or half the uninsured people of
            the current one, and no *force*.
        RegistryKeyError: the current one has another key, and it is no rekeying.
        ImportStoppedError: the file has no row to import, or the disk is full.
        ImportRunningError: another import is running.
    """
    generations = Generations(home)
    with generations.locked(), RejectLog(rejects_path) as rejects:
        current = Current.of(generations, force=force)
        if not is_rekey:
            current.refuse_other_key(key.key_id)
        current.refuse_older(as_of)
        if not current.is_list_broken:
            generations.remove_leftovers()
        task = _Import(path, as_of, key, current, rejects, on_progress or _be_silent)
        try:
            with generations.work_folder() as work:
                report, finished = task.build(work, max_error_share)
                current.refuse_much_smaller(report.accepted)
                if count_uninsured is not None:
                    current.refuse_turned_over(finished, count_uninsured)
                report = replace(report, overridden=tuple(current.overridden))
                rejects.flush()
                if before_switch is not None:
                    before_switch(report)
                _switch(generations, finished, report.generation, current.listed, kept)
        except (OSError, sqlite3.Error) as error:
            raise ImportStoppedError(
                f"cannot write the snapshot in {generations.folder}: {error}. Nothing was changed:"
                " make room on the disk and import again"
            ) from None
        # The new one is in use, whatever becomes of the old ones; the next import removes them.
        with suppress(OSError, RegistryBrokenError):
            generations.remove_leftovers()
    return report


def _switch(
    generations: Generations, finished: Path, name: str, before: list[Generation], kept: int
) -> None:
    try:
        adopted = generations.adopt(finished, name)
        generations.publish([adopted, *before][:kept])
    except OSError:
        generations.disown(name)
        raise


class _Import:
    """One run: reads, sorts, writes and checks, in a folder of its own."""

    def __init__(
        self,
        path: Path,
        as_of: date,
        key: RegistryKey,
        before: Current,
        rejects: RejectLog,
        on_progress: OnProgress,
    ) -> None:
        self._path = path
        self._as_of = as_of
        self._key = key
        self._before = before
        self._rejects = rejects
        self._on_progress = on_progress
        self._read = 0
        self._duplicates = 0

    def build(self, work: Path, max_error_share: float) -> tuple[ImportReport, Path]:
        """Make a checked snapshot file in the work folder."""
        with CsvFile(self._path) as file, Workers(file.size_bytes) as workers:
            runs = self._read_file(file, work, workers)
            self._refuse_many_errors(max_error_share)
            path = work / f"{self._as_of}-{secrets.token_hex(4)}.sqlite"
            info = SnapshotInfo(
                generation=path.name,
                as_of=self._as_of,
                rows=0,
                key_id=self._key.key_id,
                imported_at=datetime.now(UTC),
                source=_LONG_NUMBER.sub("…", self._path.name),
                checksum="",
            )
            self._write_file(path, runs, info, workers)
            may_be_cut = file.may_be_cut
        self._refuse_many_errors(max_error_share)
        if findings := check_file(path, decode_people=False, on_progress=self._on_progress):
            raise RegistryBrokenError(f"the new snapshot is damaged: {findings[0].text}")
        report = ImportReport(
            generation=path.name,
            as_of=self._as_of,
            read=self._read,
            accepted=self._read - self._rejects.count - self._duplicates,
            duplicates=self._duplicates,
            rejected=self._rejects.count,
            rejects=self._rejects.listed,
            reasons=self._rejects.reasons,
            may_be_cut=may_be_cut,
        )
        return report, path

    def _read_file(self, file: CsvFile, work: Path, workers: Workers) -> list[Run]:
        reading = Reading(file.columns, self._as_of, self._key.secret, work)
        tasks = (ReadChunk(reading, chunk) for chunk in file.chunks())
        runs = []
        for run, rejects in workers.map(read_chunk, tasks):
            runs.append(run)
            self._read += run.rows + len(rejects)
            for line, problem in rejects:
                self._rejects.add(line, problem)
            self._on_progress(Progress("read", self._read, file.share_read))
        self._on_progress(Progress("read", self._read, 1.0))
        return runs

    def _write_file(
        self, path: Path, runs: list[Run], info: SnapshotInfo, workers: Workers
    ) -> None:
        rows = sum(run.rows for run in runs)
        ranges = range_count(rows)
        layout = self._choose_layout(runs, rows, ranges)
        tasks = (PackRange(runs, number, ranges, layout, info.mark) for number in range(ranges))

        def packed() -> Iterator[Packed]:
            written = 0
            for part, duplicates, conflicts in workers.map(pack_range, tasks):
                self._duplicates += duplicates
                for line in conflicts:
                    self._rejects.add(line, RowProblem.CONFLICTING_ROWS)
                yield part
                written += part.people
                self._on_progress(Progress("write", written, written / rows))

        write_snapshot(path, packed(), layout.dictionary, info)

    def _choose_layout(self, runs: list[Run], rows: int, ranges: int) -> Layout:
        """Keep that of the current generation within a month: the two are compared sooner."""
        layout = self._before.layout_of(Month.of(self._as_of))
        if (
            layout is not None
            and layout.bucket_count % ranges == 0
            and buckets.is_good_count(layout.bucket_count, rows)
        ):
            return layout
        # What is frequent in the texts changes with the months they name.
        dictionary = make_dictionary(merge_range(runs, 0, ranges).people.payloads)
        return Layout(buckets.count_for(rows, ranges), dictionary)

    def _refuse_many_errors(self, max_error_share: float) -> None:
        rejected = self._rejects.count
        if rejected > self._read * max_error_share:
            raise TooManyErrorsError(self._read, rejected, self._rejects.reasons)
        if rejected == self._read:
            raise ImportStoppedError("the file has no row to import; nothing was changed")


def _be_silent(_: Progress) -> None:
    pass
