"""Who talks with the bot: language, consent, proved phone, and forgetting."""

from dataclasses import replace

from cachetools import TTLCache

from bot.domain.locales import Locale, guess_locale
from bot.log import get_logger
from bot.services.counters import Counters
from bot.storage.answers import AnswerRepository
from bot.storage.engine import DATABASE_FAILURES
from bot.storage.erasures import ErasureFile
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository

log = get_logger(__name__)

# The text of the privacy notice that people agree to; a new text asks again.
CONSENT_VERSION = 3
_CACHE_SIZE = 50_000
_CACHE_SECONDS = 60


class Subscribers:
    """Reads and changes subscribers.

    Reads are cached for a minute: a person presses several buttons in a row. Every change goes to
    the database first. *erasures* remembers for restored backups who was erased.
    """

    def __init__(
        self,
        repository: SubscriberRepository,
        answers: AnswerRepository,
        counters: Counters,
        erasures: ErasureFile | None = None,
    ) -> None:
        self._repository = repository
        self._answers = answers
        self._counters = counters
        self._erasures = erasures
        self._cache: TTLCache[SubscriberId, Subscriber] = TTLCache(_CACHE_SIZE, _CACHE_SECONDS)

    async def get(self, subscriber_id: SubscriberId, language_code: str | None) -> Subscriber:
        """Give the subscriber; a stranger gets a guessed language and is not stored yet."""
        subscriber = self._cache.get(subscriber_id)
        if subscriber is None:
            subscriber = await self._repository.get(subscriber_id)
            if subscriber is None:
                return Subscriber(subscriber_id, guess_locale(language_code))
            self._cache[subscriber_id] = subscriber
        return subscriber

    def known(self, subscriber_id: SubscriberId, language_code: str | None) -> Subscriber:
        """Give what is known without the database, for when it does not answer."""
        stranger = Subscriber(subscriber_id, guess_locale(language_code))
        return self._cache.get(subscriber_id, stranger)

    async def arrive(self, subscriber: Subscriber) -> Subscriber:
        """Note that somebody who could not be written to has written."""
        if subscriber.is_active:
            return subscriber
        try:
            return await self.note_presence(subscriber, is_here=True)
        except DATABASE_FAILURES as error:
            # Not worth an answer; the next message is another chance.
            log.warning("presence_not_noted", error=type(error).__name__)
            return subscriber

    async def note_presence(self, subscriber: Subscriber, *, is_here: bool) -> Subscriber:
        """Note that somebody came back, or blocked the bot."""
        if subscriber.is_active and not is_here:
            self._counters.left(subscriber.locale)
        await self._repository.note_presence(subscriber.id, is_here=is_here)
        changed = replace(subscriber, is_active=is_here)
        if subscriber.id in self._cache:
            self._cache[subscriber.id] = changed
        return changed

    async def choose_locale(self, subscriber: Subscriber, locale: Locale) -> Subscriber:
        return await self._change(subscriber, locale=locale.value)

    async def give_consent(self, subscriber: Subscriber) -> Subscriber:
        return await self._change(subscriber, consent_version=CONSENT_VERSION)

    async def prove_phone(self, subscriber: Subscriber, phone_key: bytes) -> Subscriber:
        return await self._change(subscriber, phone_key=phone_key)

    async def choose_broadcasts(self, subscriber: Subscriber, *, are_wanted: bool) -> Subscriber:
        """Let operators write to the person by themselves, or not, from this moment."""
        changed = await self._change(subscriber, accepts_broadcasts=are_wanted)
        if not are_wanted:
            await self._repository.leave_out(subscriber.id)
        return changed

    async def forget(self, subscriber: Subscriber) -> None:
        """Erase everything about the subscriber, answers too."""
        changed_at = await self._repository.changed_at(subscriber.id)
        if self._erasures is not None and changed_at is not None:
            # Written first: somebody erased and not marked would come back with a backup.
            await self._erasures.add(subscriber.id, not_before=changed_at)
        await self._repository.delete(subscriber.id)
        await self._answers.forget(subscriber.id)
        self._counters.forget(subscriber.id)
        self._cache.pop(subscriber.id, None)

    async def _change(self, subscriber: Subscriber, **columns: object) -> Subscriber:
        changed = await self._repository.change(subscriber.id, **columns)
        if changed is None:
            # New here, or erased meanwhile: only the language goes along, never an old consent.
            await self._repository.add(Subscriber(subscriber.id, subscriber.locale))
            changed = await self._repository.change(subscriber.id, **columns)
            self._counters.came(subscriber.locale if changed is None else changed.locale)
        if changed is None:
            return Subscriber(subscriber.id, subscriber.locale)
        self._cache[subscriber.id] = changed
        return changed


def has_consented(subscriber: Subscriber) -> bool:
    """Tell whether the person agreed to the notice in force."""
    return subscriber.consent_version >= CONSENT_VERSION
