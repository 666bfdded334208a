"""How well the bot can do its work now: for operators and for those who route requests to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.registry.errors import RegistryKeyError
from bot.registry.registry import Registry
from bot.storage.watch import DatabaseWatch


class DatabaseState(StrEnum):
    """What the people database does."""

    WELL = "well"
    NOT_WRITING = "not_writing"
    NOT_READING = "not_reading"


class RegisterState(StrEnum):
    """What the register does."""

    WELL = "well"
    NEW_REFUSED = "new_refused"  # a newer generation is damaged; the one before it answers
    NEW_KEY = "new_key"  # a newer generation waits for a start with another pepper
    DAMAGED = "damaged"  # the generation that answers is damaged somewhere


@dataclass(frozen=True, slots=True)
class Health:
    """The state of what the bot stands on.

    Attributes:
        generation: file name of the register's generation that answers.
        as_of: the day of its data.
        age_days: how old these are.
        is_stale: that is more than REGISTRY_MAX_AGE_DAYS.
    """

    database: DatabaseState
    register: RegisterState
    generation: str
    as_of: date
    age_days: int
    is_stale: bool

    @property
    def is_ready(self) -> bool:
        """Tell whether every request can be served in full."""
        return self.database is DatabaseState.WELL and self.register is not RegisterState.DAMAGED


async def check_health(
    database: DatabaseWatch, registry: Registry, today: Callable[[], date], max_age_days: int
) -> Health:
    """Try the database and look at the register; takes as long as a locked database waits."""
    await database.check()
    info = registry.info
    age_days = (today() - info.as_of).days
    return Health(
        database=_database_state(database),
        register=_register_state(registry),
        generation=info.generation,
        as_of=info.as_of,
        age_days=age_days,
        is_stale=age_days > max_age_days,
    )


def _database_state(database: DatabaseWatch) -> DatabaseState:
    if not database.reads:
        return DatabaseState.NOT_READING
    return DatabaseState.WELL if database.writes else DatabaseState.NOT_WRITING


def _register_state(registry: Registry) -> RegisterState:
    if registry.damage is not None:
        return RegisterState.DAMAGED
    error = registry.reload_error
    if error is None:
        return RegisterState.WELL
    is_other_key = isinstance(error, RegistryKeyError)
    return RegisterState.NEW_KEY if is_other_key else RegisterState.NEW_REFUSED
