"""Operators and their roles in the people database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.audit import Event
from bot.domain.roles import Role, Roles
from bot.storage.audit import append
from bot.storage.broadcasts import pausing_those_of
from bot.storage.engine import reading, writing
from bot.storage.tables import operators

OperatorId = NewType("OperatorId", int)
_BEHIND_BROADCASTS = (Role.AUTHOR, Role.SENDER)


class Change(StrEnum):
    """What became of the wish to change a role."""

    DONE = "done"
    NOTHING = "nothing"  # it was so already
    NOT_ALLOWED = "not_allowed"  # who wished it is no administrator any more
    LAST_ADMINISTRATOR = "last_administrator"
    FROM_SETTINGS = "from_settings"


class OperatorRepository:
    """Keeps roles.

    Args:
        fixed: administrators by the settings, whom no chat removes.
    """

    def __init__(self, engine: AsyncEngine, fixed: frozenset[OperatorId]) -> None:
        self._engine = engine
        self.fixed = fixed
        self._insert = insert_postgresql if engine.dialect.name == "postgresql" else insert_sqlite

    async def roles(self, operator_id: OperatorId) -> Roles:
        """Give the roles as they are now; none for everybody else."""
        query = select(operators.c.role).where(operators.c.id == operator_id)
        async with reading(self._engine) as connection:
            kept = {Role(role) for role in (await connection.execute(query)).scalars()}
        return self._with_fixed(operator_id, kept)

    async def all(self) -> Mapping[OperatorId, Roles]:
        """Give everybody who has a role, in the order of ids."""
        found: dict[OperatorId, set[Role]] = {each: set() for each in self.fixed}
        async with reading(self._engine) as connection:
            for operator_id, role in await connection.execute(
                select(operators.c.id, operators.c.role)
            ):
                found.setdefault(operator_id, set()).add(Role(role))
        return {each: self._with_fixed(each, found[each]) for each in sorted(found)}

    async def grant(
        self, operator_id: OperatorId, role: Role, by: OperatorId, event: Event
    ) -> Change:
        """Give a role, and write *event* where that changes anything."""
        if role is Role.ADMINISTRATOR and operator_id in self.fixed:
            return Change.NOTHING
        statement = (
            self._insert(operators)
            .values(id=operator_id, role=role.value, granted_at=datetime.now(UTC))
            .on_conflict_do_nothing()
        )
        async with writing(self._engine) as connection:
            if by not in await self._administrators(connection):
                return Change.NOT_ALLOWED
            if not (await connection.execute(statement)).rowcount:
                return Change.NOTHING
            await append(connection, event)
        return Change.DONE

    async def revoke(
        self, operator_id: OperatorId, role: Role, by: OperatorId, event: Event
    ) -> Change:
        """Take a role, and write *event* where that changes anything.

        One administrator stays at least. Without a role to write or to send, what the operator
        wrote or let out pauses with it, for another one to look at.
        """
        if role is Role.ADMINISTRATOR and operator_id in self.fixed:
            return Change.FROM_SETTINGS
        statement = delete(operators).where(
            operators.c.id == operator_id, operators.c.role == role.value
        )
        async with writing(self._engine) as connection:
            administrators = await self._administrators(connection)
            if by not in administrators:
                return Change.NOT_ALLOWED
            if role is Role.ADMINISTRATOR and administrators == {operator_id}:
                return Change.LAST_ADMINISTRATOR
            if not (await connection.execute(statement)).rowcount:
                return Change.NOTHING
            if role in _BEHIND_BROADCASTS:
                await connection.execute(pausing_those_of(operator_id))
            await append(connection, event)
        return Change.DONE

    async def _administrators(self, connection: AsyncConnection) -> frozenset[OperatorId]:
        """Give all administrators; nobody else changes them before the transaction ends."""
        query = (
            select(operators.c.id)
            .where(operators.c.role == Role.ADMINISTRATOR.value)
            .order_by(operators.c.id)
            .with_for_update()
        )
        return self.fixed | {*(await connection.execute(query)).scalars()}

    def _with_fixed(self, operator_id: OperatorId, roles: set[Role]) -> Roles:
        return frozenset(roles | {Role.ADMINISTRATOR} if operator_id in self.fixed else roles)
