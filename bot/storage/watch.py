"""Whether the people database reads and writes, as all who use it see it."""

import time
from collections.abc import Callable

from sqlalchemy import Connection, ExceptionContext, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, reading, writing
from bot.storage.schema import reason_of

log = get_logger(__name__)

# A disk that is all but full takes small writes and refuses large ones: one success is no proof.
CALM_S = 10.0
_READ = "SELECT id FROM subscribers LIMIT 1"
# SQLite skips the writing of a row that stays the same, and never that of this number.
_TOUCH = "PRAGMA user_version = 0"
_TOUCH_SERVER = "UPDATE alembic_version SET version_num = version_num"


class DatabaseWatch:
    """Listens to every transaction of an engine, and makes a small one itself when asked.

    Args:
        clock: seconds that never go back.

    Attributes:
        reads: the last check could read.
    """

    def __init__(self, engine: AsyncEngine, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._failed_at = float("-inf")
        self._written_at = clock()
        self.reads = True
        self._is_sqlite = engine.dialect.name == "sqlite"
        event.listen(engine.sync_engine, "commit", self._note_commit)
        event.listen(engine.sync_engine, "handle_error", self._note_error)

    @property
    def writes(self) -> bool:
        """Tell whether transactions go through, and none failed in the last ten seconds."""
        is_calm = self._clock() - self._failed_at >= CALM_S
        return is_calm and self._written_at > self._failed_at

    async def check(self) -> None:
        """Read and write a trifle; how it went is in the properties."""
        try:
            async with reading(self._engine) as connection:
                await connection.exec_driver_sql(_READ)
            self.reads = True
        except DATABASE_FAILURES as error:
            self.reads = False
            self._note_failure(error)
        try:
            async with writing(self._engine) as connection:
                await connection.exec_driver_sql(_TOUCH if self._is_sqlite else _TOUCH_SERVER)
        except DATABASE_FAILURES as error:
            self._note_failure(error)

    def _note_commit(self, _connection: Connection) -> None:
        # It is about to commit; a failure of that is noted right after this.
        self._written_at = self._clock()

    def _note_error(self, context: ExceptionContext) -> None:
        if context.is_pre_ping:
            # A dead connection of the pool: another one takes its place, or fails by itself.
            return
        connection = context.connection
        is_write = connection is None or (
            connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT"
        )
        error = context.sqlalchemy_exception or context.original_exception
        # A row that another one forbids is no trouble of the disk.
        if is_write and not isinstance(error, IntegrityError):
            self._note_failure(error)

    def _note_failure(self, error: BaseException) -> None:
        if self.writes:
            log.error("database_fails", reason=reason_of(error, self._engine))
        self._failed_at = self._clock()
