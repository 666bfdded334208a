"""Pictures that Telegram has already: uploaded once, sent again by file id."""

from datetime import UTC, datetime, timedelta

from cachetools import LRUCache
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.log import get_logger
from bot.storage.engine import DATABASE_FAILURES, reading, writing
from bot.storage.tables import pictures

log = get_logger(__name__)

# A picture names the day of its data, so an older one is not asked for again.
KEPT_FOR = timedelta(days=7)
_IN_MEMORY = 10_000


class PictureRepository:
    """Finds and keeps file ids, also in memory.

    A file id only saves an upload: where the database does not answer, the picture is drawn and
    sent all the same.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite
        self._known: LRUCache[str, str] = LRUCache(_IN_MEMORY)

    async def find(self, key: str) -> str | None:
        """Give the file id of a picture; None where it is to be uploaded."""
        known = self._known.get(key)
        if known is not None:
            return known
        query = select(pictures.c.file_id).where(pictures.c.key == key)
        try:
            async with reading(self._engine) as connection:
                file_id = (await connection.execute(query)).scalar_one_or_none()
        except DATABASE_FAILURES as error:
            log.error("picture_not_looked_up", error=type(error).__name__)
            return None
        if file_id is not None:
            self._known[key] = file_id
        return file_id

    async def keep(self, key: str, file_id: str) -> None:
        """Remember an upload, instead of an earlier one that Telegram may have refused."""
        self._known[key] = file_id
        kept = {"file_id": file_id, "created_at": datetime.now(UTC)}
        statement = self._insert(pictures).values(key=key, **kept)
        try:
            async with writing(self._engine) as connection:
                await connection.execute(
                    statement.on_conflict_do_update(index_elements=["key"], set_=kept)
                )
        except DATABASE_FAILURES as error:
            log.error("picture_not_kept", error=type(error).__name__)

    async def purge(self) -> int:
        """Remove what nobody will ask for again; give the number."""
        oldest = datetime.now(UTC) - KEPT_FOR
        try:
            async with writing(self._engine) as connection:
                result = await connection.execute(
                    delete(pictures).where(pictures.c.created_at <= oldest)
                )
        except DATABASE_FAILURES as error:
            log.error("pictures_not_purged", error=type(error).__name__)
            return 0
        return result.rowcount
