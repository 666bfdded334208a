"""Answers "am I insured?": by an IIN just sent, or again from a button of an earlier answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.config import Disclosure
from bot.domain.assessment import Assessment, Reason, Status
from bot.domain.assumptions import ASSUMED
from bot.domain.calendar import Calendar, find_calendar
from bot.domain.changes import Supposition
from bot.domain.coverage import Coverage
from bot.domain.iin import Iin
from bot.domain.parameters import ParameterNotInForceError, Parameters
from bot.domain.person import Person
from bot.registry.keys import RegistryKey
from bot.registry.registry import Entry, Registry
from bot.registry.snapshot import SnapshotInfo
from bot.services.counters import Counters
from bot.services.judging import Judgement, judge
from bot.services.limits import LimitReachedError, Limits
from bot.services.outlook import Outlook, find_outlook
from bot.services.subscribers import has_consented
from bot.storage.answers import AnswerId, AnswerRepository, StoredAnswer, Told
from bot.storage.subscribers import Subscriber

# There is nobody whose months could be shown.
_WITHOUT_MONTHS = (Status.UNKNOWN, Status.OUTSIDE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about one person on one day, as far as the asker may see it.

    Attributes:
        id: opens the answer again; None where there is no record to open.
        as_of: the day of the register's data.
        status_day: about when a payment made on *on* shows in the status.
        is_stale: the data are older than the operator's limit: the status is unknown where they
            would have said that something is missing.
        is_owner: the asker proved the phone of the record, or the deployment is open.
        can_prove_phone: the record has a phone, and the asker has not proved it.
        record_key: key of the IIN; None where there is no record.
    """

    id: AnswerId | None
    last4: str
    on: date
    as_of: date
    status_day: date
    assessment: Assessment
    is_stale: bool = False
    is_owner: bool = False
    can_prove_phone: bool = False
    record_key: bytes | None = None


@dataclass(frozen=True, slots=True)
class AnswerMonths:
    """An answer and its months, as far as the asker may see them.

    Attributes:
        calendar: None where months mean nothing: no record, too old data, outside the system.
    """

    answer: Answer
    calendar: Calendar | None


@dataclass(frozen=True, slots=True)
class AnswerOutlook:
    """An answer and what comes of a change.

    Attributes:
        outlook: None where the change makes no sense for the answer, or the data are too old.
    """

    answer: Answer
    outlook: Outlook | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What operators see of somebody's last answer: no more than anybody with the number would.

    Attributes:
        region: two digits (KATO).
        as_of: the day of the register's data.
    """

    status: Status
    reasons: tuple[Reason, ...]
    region: str | None
    as_of: date


@dataclass(frozen=True, slots=True)
class Policy:
    """What the deployment decided.

    Attributes:
        max_age_days: the age at which data are too old to say "not insured".
        disclosure: who sees categories.
        rules_version: names the rules and figures that judge.
    """

    max_age_days: int
    disclosure: Disclosure
    rules_version: str = ""


@dataclass(frozen=True, slots=True)
class _Recalled:
    """Somebody asked about earlier, and the answer of today."""

    person: Person
    answer: Answer


class Answers:
    """Finds, assesses and remembers; a remembered answer holds the key, never the IIN."""

    def __init__(  # noqa: PLR0913 - all that an answer needs, joined in bot/app
        self,
        registry: Registry,
        key: RegistryKey,
        repository: AnswerRepository,
        parameters: Parameters,
        *,
        today: Callable[[], date],
        policy: Policy,
        limits: Limits,
        counters: Counters,
        on_unverified: Callable[[ParameterNotInForceError], None],
    ) -> None:
        self._registry = registry
        self._key = key
        self._repository = repository
        self._parameters = parameters
        self._today = today
        self._policy = policy
        self._limits = limits
        self._counters = counters
        self._on_unverified = on_unverified

    def ask(self, iin: Iin, subscriber: Subscriber) -> Answer:
        """Answer for a number just sent.

        Raises:
            LimitReachedError: the person, or everybody, has asked for too many numbers.
        """
        key = self.record_key(iin)
        try:
            is_new = self._limits.admit(subscriber, key)
        except LimitReachedError as error:
            self._counters.refused(error.limit.value)
            raise
        generation = self._registry.current
        entry = generation.find_key(key)
        if is_new:
            self._limits.count(subscriber, key, is_found=entry is not None)
        answer = self._answer(None, iin.last4, entry, generation.info, subscriber)
        if is_new:
            self._count(answer, entry, generation.info, subscriber)
        if entry is None:
            return answer
        return self._remembered(answer, entry, generation.info, subscriber)

    def ask_again(self, record_key: bytes, last4: str, subscriber: Subscriber) -> Answer | None:
        """Answer for a record whose number was sent once; None as for :meth:`reopen`."""
        if not has_consented(subscriber):
            return None
        generation = self._registry.current
        entry = generation.find_key(record_key)
        if entry is None:
            return None
        answer = self._answer(None, last4, entry, generation.info, subscriber)
        return self._remembered(answer, entry, generation.info, subscriber)

    def look(self, record_key: bytes, last4: str, subscriber: Subscriber) -> Answer | None:
        """Tell what the answer would be, and remember nothing; None where there is no record."""
        (answer,) = self.look_all([(record_key, last4)], subscriber)
        return answer

    def look_all(
        self, records: Iterable[tuple[bytes, str]], subscriber: Subscriber
    ) -> list[Answer | None]:
        """Tell the same of several records, named by key and last digits, from the same data."""
        generation = self._registry.current
        found = [(generation.find_key(key), last4) for key, last4 in records]
        return [
            self._answer(None, last4, entry, generation.info, subscriber) if entry else None
            for entry, last4 in found
        ]

    @property
    def as_of(self) -> date:
        """The day of the register's data."""
        return self._registry.info.as_of

    @property
    def is_fresh(self) -> bool:
        """Whether the data are young enough for everything that can be said."""
        return (self._today() - self.as_of).days <= self._policy.max_age_days

    def note_message(self, answer: Answer, message_id: int) -> None:
        """Remember which message shows the answer, so that a correction can be a reply to it."""
        if answer.id is not None:
            self._repository.note_message(answer.id, message_id)

    async def reopen(self, answer_id: AnswerId, subscriber: Subscriber) -> Answer | None:
        """Answer again, from today's data.

        None when the answer is unknown or somebody else's, when the asker has not agreed to the
        privacy notice in force, and when its record is not in the register any more: after a
        change of the pepper it has another key, so only the IIN, sent again, can tell.
        """
        recalled = await self._recall(answer_id, subscriber)
        return recalled.answer if recalled else None

    async def reopen_months(
        self, answer_id: AnswerId, subscriber: Subscriber
    ) -> AnswerMonths | None:
        """Answer again together with the months; None as for :meth:`reopen`."""
        recalled = await self._recall(answer_id, subscriber)
        if recalled is None:
            return None
        answer = recalled.answer
        if answer.is_stale or answer.assessment.status in _WITHOUT_MONTHS:
            return AnswerMonths(answer, None)
        due_day = int(self._parameters.due_day.at(answer.on))
        coverage = Coverage(recalled.person, answer.on, due_day, ASSUMED)
        calendar = find_calendar(coverage, answer.assessment)
        return AnswerMonths(answer, calendar if answer.is_owner else calendar.for_strangers())

    async def reopen_outlook(
        self, answer_id: AnswerId, subscriber: Subscriber, supposition: Supposition
    ) -> AnswerOutlook | None:
        """Answer again and look twelve months ahead; None as for :meth:`reopen`."""
        recalled = await self._recall(answer_id, subscriber)
        if recalled is None:
            return None
        answer = recalled.answer
        if answer.is_stale or answer.assessment.status in _WITHOUT_MONTHS:
            return AnswerOutlook(answer, None)
        outlook = find_outlook(
            recalled.person,
            answer.assessment,
            answer.on,
            self._parameters,
            supposition,
            is_owner=answer.is_owner,
        )
        return AnswerOutlook(answer, outlook)

    async def reopen_latest(self, subscriber: Subscriber) -> Answer | None:
        """Answer the last question again; None as for :meth:`reopen`."""
        recalled = self._recalled(await self._repository.latest(subscriber.id), subscriber)
        return recalled.answer if recalled else None

    async def latest_outcome(self, subscriber: Subscriber) -> Outcome | None:
        """Give the outcome of the last answer as of today; None as for :meth:`reopen`."""
        stranger = replace(subscriber, phone_key=None)
        recalled = self._recalled(await self._repository.latest(subscriber.id), stranger)
        if recalled is None:
            return None
        answer = recalled.answer
        return Outcome(
            answer.assessment.status,
            answer.assessment.reasons,
            recalled.person.region,
            answer.as_of,
        )

    def record_key(self, iin: Iin) -> bytes:
        """Hash a number as the register does."""
        return self._key.of_iin(iin)

    def phone_key(self, phone: str) -> bytes:
        """Hash a phone as the register does; Telegram may leave out the plus."""
        return self._key.of_phone(f"+{phone.lstrip('+')}")

    def _remembered(
        self, answer: Answer, entry: Entry, info: SnapshotInfo, subscriber: Subscriber
    ) -> Answer:
        told = self._told(answer.assessment, entry.person, info)
        stored = self._repository.add(subscriber.id, entry.key, answer.last4, told)
        return replace(answer, id=stored.id)

    def _count(
        self, answer: Answer, entry: Entry | None, info: SnapshotInfo, subscriber: Subscriber
    ) -> None:
        if entry is None:
            self._counters.not_found()
            return
        told = self._told(answer.assessment, entry.person, info)
        self._counters.answered(
            answer.assessment.status, told.reason, told.region, subscriber.locale
        )

    def _told(self, assessment: Assessment, person: Person, info: SnapshotInfo) -> Told:
        until = assessment.until
        return Told(
            status=assessment.status.value,
            reason=assessment.reasons[0].code.value if assessment.reasons else None,
            region=person.region,
            covered_until=until.shift(1).first_day - timedelta(days=1) if until else None,
            rules_version=self._policy.rules_version,
            generation=info.generation,
        )

    async def _recall(self, answer_id: AnswerId, subscriber: Subscriber) -> "_Recalled | None":
        return self._recalled(await self._repository.get(answer_id, subscriber.id), subscriber)

    def _recalled(self, stored: StoredAnswer | None, subscriber: Subscriber) -> "_Recalled | None":
        if stored is None or not has_consented(subscriber):
            return None
        generation = self._registry.current
        entry = generation.find_key(stored.record_key)
        if entry is None:
            return None
        answer = self._answer(stored.id, stored.last4, entry, generation.info, subscriber)
        return _Recalled(entry.person, answer)

    def _answer(
        self,
        answer_id: AnswerId | None,
        last4: str,
        entry: Entry | None,
        info: SnapshotInfo,
        subscriber: Subscriber,
    ) -> Answer:
        on, as_of = self._today(), info.as_of
        knows_phone = entry is not None and entry.has_phone(subscriber.phone_key)
        is_owner = self._policy.disclosure is Disclosure.OPEN or knows_phone
        judgement = self._judge(entry.person if entry else None, on, as_of)
        if entry and entry.person.level and not is_owner and judgement.assessment.holes:
            # What may be possible by the level must not tell a stranger which one it is.
            judgement = self._judge(replace(entry.person, level=None), on, as_of)
        if judgement.unverified is not None:
            self._on_unverified(judgement.unverified)
        return Answer(
            id=answer_id,
            last4=last4,
            on=on,
            as_of=as_of,
            status_day=working_days_after(on, int(self._parameters.status_days.at(on))),
            assessment=judgement.for_residents(),
            is_stale=judgement.is_stale,
            is_owner=is_owner,
            can_prove_phone=(
                self._policy.disclosure is Disclosure.OWNER
                and entry is not None
                and entry.phone_key is not None
                and not knows_phone
            ),
            record_key=entry.key if entry else None,
        )

    def _judge(self, person: Person | None, on: date, as_of: date) -> Judgement:
        return judge(
            person,
            on,
            self._parameters,
            data_age_days=(on - as_of).days,
            max_age_days=self._policy.max_age_days,
        )


def working_days_after(day: date, working_days: int) -> date:
    """Count working days, Monday to Friday; holidays are not known, so the day is approximate."""
    while working_days:
        day += timedelta(days=1)
        if day.weekday() < 5:
            working_days -= 1
    return day
