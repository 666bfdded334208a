"""Backups of the SQLite database: made while the bot runs, put back while it does not."""

import asyncio
import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.disk import sync_folder
from bot.domain.broadcasts import BroadcastState, PauseReason
from bot.storage.engine import open_engine
from bot.storage.erasures import ErasureFile
from bot.storage.errors import StorageError
from bot.storage.schema import prepare, revisions

# The bytes that every connection of SQLite to a database in WAL mode keeps locked for reading
# (https://www.sqlite.org/fileformat.html, "the lock-byte page").
_SHARED_FIRST, _SHARED_SIZE = 0x40000000 + 2, 510


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        people: subscribers in the database now.
        erased_again: those of the backup who have erased themselves since.
        kept: where the replaced database is; None where there was none.
    """

    people: int
    erased_again: int
    kept: Path | None


def back_up(database: Path, target: Path, *, overwrite: bool = False) -> int:
    """Copy the database as it is at one moment; give the number of its people.

    The copy is checked and holds nothing that was deleted. It appears under its name only when
    whole, readable by its owner alone.

    Raises:
        StorageError: there is no database, it is damaged, or *target* exists.
    """
    if not database.is_file():
        raise StorageError(f"there is no people database {database}")
    if target.exists() and not overwrite:
        raise StorageError(f"{target} exists: choose another name, or overwrite it with --force")
    with _private_copy(database, target.parent) as copy:
        people = check(copy)
        if overwrite:
            copy.replace(target)
        else:
            try:
                target.hardlink_to(copy)
            except FileExistsError:
                raise StorageError(f"{target} exists") from None
        sync_folder(target.parent)
    return people


def check(file: Path) -> int:
    """Prove that a file is a whole people database of this or an older version.

    Gives the number of its people.

    Raises:
        StorageError: it is not.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            (found,) = opened.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise StorageError(f"{file} is damaged: {found}")
            (revision,) = opened.execute("SELECT version_num FROM alembic_version").fetchone()
            (people,) = opened.execute("SELECT count(*) FROM subscribers").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise StorageError(f"{file} is not a people database ({error})") from None
    if revision not in revisions():
        raise StorageError(f"{file} has schema {revision}, which a newer saqbol made: update first")
    return int(people)


def restore(file: Path, database: Path, erasures: ErasureFile) -> Restored:
    """Put a backup in the place of the database, up to date and without those erased since.

    The replaced database stays beside it. Nothing is changed unless all steps before went well.

    Raises:
        StorageError: the file is no whole backup, or a bot holds the database.
    """
    check(file)
    database.parent.mkdir(parents=True, exist_ok=True)
    with _held(database), _private_copy(file, database.parent) as copy:
        asyncio.run(_upgrade(copy))
        erased = _erase_again(copy, erasures)
        _hold_back(copy)
        people = check(copy)
        kept = _replace(database, copy)
    return Restored(people, erased, kept)


@contextmanager
def _private_copy(database: Path, folder: Path) -> Iterator[Path]:
    """Copy a database into a file of its owner alone, which is gone afterwards."""
    copy = folder / f".{database.name}.{secrets.token_hex(4)}.tmp"
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        source = f"{database.absolute().as_uri()}?mode=rw"
        with (
            closing(sqlite3.connect(source, uri=True)) as opened,
            closing(sqlite3.connect(copy, isolation_level=None)) as target,
        ):
            # In one step: a writer of the bot does not wait, and the copy never begins anew.
            opened.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            # Pages that nothing uses any more still hold what was erased.
            target.execute("VACUUM")
        _sync(copy)
        yield copy
    except sqlite3.Error as error:
        raise StorageError(f"{database} cannot be copied: {error}") from None
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


@contextmanager
def _held(database: Path) -> Iterator[None]:
    """Keep every process out of the database, a damaged one too.

    Raises:
        StorageError: somebody is in.
    """
    if not database.exists():
        yield
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(database)) as opened:
        # So that the kept file is complete by itself. A damaged one is kept as it is.
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError:
            raise StorageError(
                f"the bot or another process uses {database}: stop it first"
            ) from None
        yield


async def _upgrade(copy: Path) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{copy}")
    try:
        await prepare(engine)
    finally:
        await engine.dispose()


def _erase_again(copy: Path, erasures: ErasureFile) -> int:
    """Remove those who erased themselves after what the backup has about them was written."""
    erased_at: dict[bytes, datetime] = {}
    for erasure in erasures.read():
        if erasure.key_id != erasures.key_id:
            raise StorageError(
                f"{erasures.path} was written with pepper {erasure.key_id}: without that pepper"
                " people who erased themselves would come back"
            )
        # By a clock that was set back the last one may be the older one.
        erased_at[erasure.mark] = max(erasure.at, erased_at.get(erasure.mark, erasure.at))
    with closing(sqlite3.connect(copy, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
        opened.execute("PRAGMA foreign_keys = ON")
        gone = [
            (number,)
            for number, changed_at in opened.execute("SELECT id, changed_at FROM subscribers")
            if (at := erased_at.get(erasures.mark_of(number))) is not None
            and datetime.fromisoformat(changed_at).replace(tzinfo=UTC) <= at
        ]
        opened.execute("BEGIN")
        opened.executemany("DELETE FROM subscribers WHERE id = ?", gone)
        opened.execute("COMMIT")
        opened.execute("VACUUM")
    _sync(copy)
    return len(gone)


def _hold_back(copy: Path) -> None:
    """Send nothing twice: the backup does not know who got a message after it.

    An operator lets broadcasts go on; what waited for an approval may have got it, and is stopped,
    since the button for it is still in the chats; reminders are silent for a day and learn how
    things are.
    """
    # In the form of SQLAlchemy: operators are told of a change once, and this is one.
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(copy)) as opened, opened:
        opened.execute(
            "UPDATE broadcasts SET state = ?, pause_reason = ?, changed_at = ?"
            " WHERE state IN (?, ?)",
            (
                BroadcastState.PAUSED,
                PauseReason.RESTORED,
                now,
                BroadcastState.SCHEDULED,
                BroadcastState.RUNNING,
            ),
        )
        opened.execute(
            "UPDATE broadcasts SET state = ?, changed_at = ? WHERE state = ?",
            (BroadcastState.STOPPED, now, BroadcastState.AWAITING_APPROVAL),
        )
        opened.execute("UPDATE reminders SET looked_on = NULL")
    _sync(copy)


def _replace(database: Path, copy: Path) -> Path | None:
    kept = None
    if database.exists():
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = database.with_name(f"{database.name}.replaced-{now}")
        # A log of changes left beside the new database would be read into it.
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                database.with_name(database.name + suffix).rename(f"{kept}{suffix}")
        kept.hardlink_to(database)
    copy.replace(database)
    sync_folder(database.parent)
    return kept


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
