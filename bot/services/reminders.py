"""Reminders as people know them: switched on under an answer, listed, opened, switched off."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from cachetools import TTLCache

from bot.domain.reminders import can_be_reminded, cover_of, find_step
from bot.log import get_logger
from bot.services.answers import Answer, Answers
from bot.services.subscribers import has_consented
from bot.storage.answers import AnswerId
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.reminders import Reminder, ReminderId, ReminderRepository
from bot.storage.subscribers import Subscriber, SubscriberId

log = get_logger(__name__)

# A family with its grandparents; more would not fit into one list.
MOST_REMINDERS = 20
# An answer goes without its button rather than wait longer.
_PATIENCE_S = 1.0
_CACHE_SIZE = 50_000
_CACHE_SECONDS = 60


class TooManyRemindersError(Exception):
    """The person has as many reminders as anybody may have."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A reminder and the answer of now; None where the record is not in the register any more."""

    id: ReminderId
    last4: str
    answer: Answer | None


class Reminders:
    """Switches and opens; the records of a person are remembered for a minute.

    A person opens an answer several times in a row, and an answer must not wait for the database.
    """

    def __init__(self, repository: ReminderRepository, answers: Answers) -> None:
        self._repository = repository
        self._answers = answers
        self._cache: TTLCache[SubscriberId, Sequence[Reminder]] = TTLCache(
            _CACHE_SIZE, _CACHE_SECONDS
        )

    async def is_on(self, answer: Answer, subscriber: Subscriber) -> bool | None:
        """Tell whether there is a reminder for the answer's record; None where none makes sense."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                found = await self._find(answer, subscriber)
        except DATABASE_FAILURES as error:
            # The answer is worth more than its button.
            log.warning("reminders_not_read", error=type(error).__name__)
            return None
        if found is not None:
            return True
        return False if can_be_reminded(answer.assessment) else None

    async def switch(self, answer_id: AnswerId, subscriber: Subscriber, *, on: bool) -> bool:
        """Switch the reminder for an answer's record; False for an answer that is out of date.

        Raises:
            TooManyRemindersError: somebody else must be switched off first.
        """
        answer = await self._answers.reopen(answer_id, subscriber)
        if answer is None:
            return False
        if on:
            await self._add(answer, subscriber)
        elif (found := await self._find(answer, subscriber)) is not None:
            await self.remove(found.id, subscriber)
        return True

    async def remove(self, reminder_id: ReminderId, subscriber: Subscriber) -> None:
        """Switch a reminder off; nothing happens where it is off."""
        await self._repository.remove(reminder_id, subscriber.id)
        self._cache.pop(subscriber.id, None)

    async def list_of(self, subscriber: Subscriber) -> Sequence[Listed]:
        """List a person's reminders with the answers of now."""
        reminders = await self._repository.list_of(subscriber.id)
        records = [(each.record_key, each.last4) for each in reminders]
        answers = self._answers.look_all(records, subscriber)
        return [
            Listed(each.id, each.last4, answer)
            for each, answer in zip(reminders, answers, strict=True)
        ]

    async def open(self, reminder_id: ReminderId, subscriber: Subscriber) -> Answer | None:
        """Answer as if the IIN had been sent; None where the reminder or the record is gone."""
        reminder = await self._repository.get(reminder_id, subscriber.id)
        if reminder is None:
            return None
        return self._answers.ask_again(reminder.record_key, reminder.last4, subscriber)

    def forget(self, subscriber: Subscriber) -> None:
        """Drop what is remembered of somebody who was erased."""
        self._cache.pop(subscriber.id, None)

    async def _add(self, answer: Answer, subscriber: Subscriber) -> None:
        cover = cover_of(answer.assessment)
        if cover is None or answer.record_key is None or not can_be_reminded(answer.assessment):
            return
        has_place = await self._repository.add(
            subscriber.id,
            answer.record_key,
            answer.last4,
            cover,
            # The answer has just said it.
            find_step(cover, answer.on),
            on=answer.on,
            as_of=answer.as_of,
            most=MOST_REMINDERS,
        )
        self._cache.pop(subscriber.id, None)
        if not has_place:
            raise TooManyRemindersError

    async def _find(self, answer: Answer, subscriber: Subscriber) -> Reminder | None:
        if answer.record_key is None or not has_consented(subscriber):
            return None
        own = self._cache.get(subscriber.id)
        if own is None:
            own = await self._repository.list_of(subscriber.id)
            self._cache[subscriber.id] = own
        return next((each for each in own if each.record_key == answer.record_key), None)
