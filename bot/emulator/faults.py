"""Scripted failures: which call fails, how, and how often."""

import itertools
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.emulator.errors import ClientError
from bot.emulator.shapes import JSON


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TooManyRequests(_Strict):
    """Answer 429 without carrying the call out."""

    kind: Literal["429"]
    retry_after: int = Field(ge=1)


class ServerError(_Strict):
    """Answer with a status, as JSON or as the HTML page of a proxy, without carrying it out."""

    kind: Literal["error"]
    status: int = Field(default=500, ge=400, le=599)
    html: bool = False
    description: str | None = None


class Broken(_Strict):
    """Close the connection before or after carrying the call out, or never answer."""

    kind: Literal["reset_before", "reset_after", "hang"]


class Slow(_Strict):
    """Wait, then carry the call out and answer."""

    kind: Literal["slow"]
    seconds: float = Field(ge=0)


Fault = Annotated[TooManyRequests | ServerError | Broken | Slow, Field(discriminator="kind")]


class ScheduledFault(_Strict):
    """A fault and the calls it meets: the *nth* matching one from now, then *times* in all."""

    method: str | None = None
    chat_id: int | None = None
    nth: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)
    fault: Fault


class FaultSchedule:
    """The faults still to come."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._seen: dict[int, int] = {}
        self._scheduled: dict[int, ScheduledFault] = {}

    def add(self, body: JSON) -> int:
        """Schedule a fault and return its number."""
        try:
            scheduled = ScheduledFault.model_validate(body)
        except ValidationError as error:
            reasons = "; ".join(
                f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()
            )
            raise ClientError(
                f"This fault cannot be scheduled: {reasons}. See docs/emulator.md."
            ) from error
        fault_id = next(self._ids)
        self._scheduled[fault_id] = scheduled
        self._seen[fault_id] = 0
        return fault_id

    def clear(self) -> None:
        """Forget all faults."""
        self._scheduled.clear()
        self._seen.clear()

    def take(self, method: str, chat_id: object) -> Fault | None:
        """Count this call and return the fault that meets it; the oldest one wins."""
        if not self._scheduled:
            return None
        struck: Fault | None = None
        for fault_id, scheduled in list(self._scheduled.items()):
            if scheduled.method and scheduled.method.lower() != method.lower():
                continue
            if scheduled.chat_id is not None and scheduled.chat_id != chat_id:
                continue
            self._seen[fault_id] += 1
            seen = self._seen[fault_id]
            if seen >= scheduled.nth + scheduled.times - 1:
                del self._scheduled[fault_id], self._seen[fault_id]
            if seen >= scheduled.nth and struck is None:
                struck = scheduled.fault
        return struck
