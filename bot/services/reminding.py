"""What is to be told to those who are reminded, from the register of the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from bot.domain.reminders import REMINDING_HOURS, Notice, cover_of, find_notices
from bot.log import get_logger
from bot.registry.errors import RegistryError
from bot.services.answers import Answer, Answers
from bot.services.sending import Departure, Outcome
from bot.storage.reminder_notices import Look, Watched
from bot.storage.reminders import ReminderId
from bot.storage.subscribers import Subscriber

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A reminder to be sent.

    Attributes:
        answer: what the person may know now.
    """

    to: Subscriber
    reminder_id: ReminderId
    notice: Notice
    answer: Answer


class ReminderMessenger(Protocol):
    """Sends reminders, and reads from errors what became of them."""

    async def send(self, letter: Letter, departure: Departure) -> Outcome:
        """Send one message; no error of Telegram is raised.

        Raises:
            NotLeavingError: its departure was refused.
        """


class Reminding:
    """Judges; the worker claims, sends and records.

    Args:
        today: the day in Kazakhstan.
        now: aware UTC instant, for the time of day.
    """

    def __init__(
        self,
        answers: Answers,
        today: Callable[[], date],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._answers = answers
        self._now = now
        self.today = today

    @property
    def as_of(self) -> date:
        """The day of the register's data."""
        return self._answers.as_of

    @property
    def is_fresh(self) -> bool:
        """Whether the data are young enough to tell anybody anything."""
        return self._answers.is_fresh

    @property
    def is_open(self) -> bool:
        """Whether people may be disturbed at this time of day."""
        return REMINDING_HOURS.include(self._now())

    @property
    def closes_in_s(self) -> float:
        """So many seconds are left of the hours in which people may be disturbed."""
        return REMINDING_HOURS.seconds_left(self._now())

    def look(self, watched: Watched) -> Look:
        """Look one person up and find what is to be told."""
        answer = self._answer(watched)
        cover = cover_of(answer.assessment) if answer is not None else None
        if cover is None:
            return Look(watched, None)
        on, is_silent = self.today(), watched.looked_on is None
        # Who hears nothing now is thought to know how things are.
        was_covered = cover.is_covered if is_silent else watched.last.is_covered
        return Look(watched, cover, find_notices(cover, on, was_covered=was_covered), is_silent)

    def letter(self, look: Look) -> Letter | None:
        """Write what is to be sent; None where it is not true any more."""
        answer = self._answer(look.watched)
        if answer is None or cover_of(answer.assessment) != look.cover:
            return None
        return Letter(look.watched.subscriber, look.watched.reminder.id, look.notices[0], answer)

    def _answer(self, watched: Watched) -> Answer | None:
        reminder = watched.reminder
        try:
            return self._answers.look(reminder.record_key, reminder.last4, watched.subscriber)
        except RegistryError as error:
            # One damaged record must not keep the others waiting.
            log.error("reminded_person_not_read", error=type(error).__name__)
            return None
