"""The chain of the audit log: every row carries the hash of the row before it.

Whoever changes, inserts or removes a row has to write all rows after it anew, and the hash of a
later row that somebody noted elsewhere no longer fits.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NewType

# The id of an operator, a keyed hash of somebody else's, or one of these.
Actor = NewType("Actor", str)
SYSTEM = Actor("saqbol")
# Who works there is known to the machine alone.
COMMAND_LINE = Actor("command line")
# What the first row of all follows.
BEGINNING = bytes(32)
# The row that says which rows were removed because of their age.
CUT = "audit_cut"
Detail = str | int | bool


class AuditBrokenError(Exception):
    """The log is not as it was written; *row* is the number of the first row that is wrong."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(f"the audit log is broken at row {row}: {what}")
        self.row = row


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done or refused.

    Attributes:
        at: aware UTC instant.
        details: a JSON object without personal data, in its canonical form.
    """

    at: datetime
    actor: Actor
    action: str
    details: str

    def values(self) -> dict[str, Detail]:
        """Give the details by name."""
        values: dict[str, Detail] = json.loads(self.details)
        return values


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An event in its place in the chain; ids have no gaps."""

    id: int
    event: Event
    previous: bytes
    hash: bytes


def canonical(values: Mapping[str, object]) -> str:
    """Write JSON in the one form that is hashed."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def chained(event: Event, tip: AuditRow | None) -> AuditRow:
    """Put an event after the last row."""
    number, previous = (tip.id + 1, tip.hash) if tip is not None else (1, BEGINNING)
    return AuditRow(number, event, previous, _hash(number, event, previous))


class ChainCheck:
    """Follows the rows from the first that is kept to the last."""

    def __init__(self) -> None:
        self.first: AuditRow | None = None
        self.last: AuditRow | None = None
        self._cuts: set[tuple[Detail, Detail]] = set()

    def follow(self, row: AuditRow) -> None:
        """Take the next row.

        Raises:
            AuditBrokenError: it was changed, or is not the one after the row before.
        """
        if row.hash != _hash(row.id, row.event, row.previous):
            raise AuditBrokenError(row.id, "it was changed")
        if self.last is not None:
            if row.id != self.last.id + 1:
                raise AuditBrokenError(self.last.id + 1, "it is missing")
            if row.previous != self.last.hash:
                raise AuditBrokenError(row.id, "it does not follow the row before it")
        if row.event.action == CUT:
            values = row.event.values()
            self._cuts.add((values["last"], values["hash"]))
        self.first = self.first or row
        self.last = row

    def end(self) -> None:
        """Make sure that the rows before the first one were removed by the retention alone.

        Raises:
            AuditBrokenError: they were not.
        """
        if self.first is None or (self.first.id, self.first.previous) == (1, BEGINNING):
            return
        if (self.first.id - 1, self.first.previous.hex()) not in self._cuts:
            raise AuditBrokenError(self.first.id - 1, "it is missing")


def _hash(number: int, event: Event, previous: bytes) -> bytes:
    text = canonical(
        {
            "id": number,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": event.actor,
            "action": event.action,
            "details": event.details,
            "previous": previous.hex(),
        }
    )
    return hashlib.blake2b(text.encode(), digest_size=32, person=b"saqbol audit").digest()
