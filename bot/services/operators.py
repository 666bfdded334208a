"""Operators: who may do what, and who may change that."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.roles import Role, Roles
from bot.services.audit import AuditLog, by_operator, event_of
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.operators import Change, OperatorId, OperatorRepository


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a role, as it was read for this very step."""

    id: OperatorId
    roles: Roles
    is_fixed: bool = False


class Operators:
    """Reads roles from the database at every step: who lost one has lost it at the next step."""

    def __init__(self, repository: OperatorRepository, audit: AuditLog) -> None:
        self._repository = repository
        self._audit = audit

    async def find(self, telegram_id: int) -> Operator | None:
        """Give the operator; None for everybody else."""
        found = await self.get(telegram_id)
        return found if found.roles else None

    async def get(self, telegram_id: int) -> Operator:
        """Give somebody with the roles of now, which may be none."""
        operator_id = OperatorId(telegram_id)
        roles = await self._repository.roles(operator_id)
        return Operator(operator_id, roles, operator_id in self._repository.fixed)

    async def all(self) -> list[Operator]:
        """Give everybody who has a role, in the order of ids."""
        found: Mapping[OperatorId, Roles] = await self._repository.all()
        fixed = self._repository.fixed
        return [Operator(each, roles, each in fixed) for each, roles in found.items()]

    async def administrators(self) -> list[OperatorId]:
        """Give whom to tell what is wrong; those of the settings where the database fails."""
        try:
            everybody = await self.all()
        except DATABASE_FAILURES:
            return sorted(self._repository.fixed)
        return [each.id for each in everybody if Role.ADMINISTRATOR in each.roles]

    async def change_role(
        self, telegram_id: int, role: Role, by: Operator, *, grant: bool
    ) -> Change:
        """Give or take a role, and write down that it was done or refused."""
        operator_id = OperatorId(telegram_id)
        action = "role_granted" if grant else "role_revoked"
        event = event_of(by_operator(by.id), action, operator=operator_id, role=role.value)
        act = self._repository.grant if grant else self._repository.revoke
        change = await act(operator_id, role, by.id, event)
        if change not in {Change.DONE, Change.NOTHING}:
            await self._audit.record(
                event.actor,
                "role_change_refused",
                operator=operator_id,
                role=role.value,
                reason=change.value,
            )
        return change
