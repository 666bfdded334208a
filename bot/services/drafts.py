"""Preparing a broadcast: all of it is in the database, so a restart loses nothing."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.domain.audience import Audience, Origin
from bot.domain.audience_choices import Facet, choose
from bot.domain.broadcasts import BroadcastId, Choices, Hours
from bot.domain.drafts import Awaited
from bot.domain.locales import Locale
from bot.domain.wording import Button, Wording, Wordings
from bot.services.awaiting_authors import AwaitingAuthors
from bot.services.broadcasts import Broadcasts
from bot.services.personal_numbers import has_personal_number
from bot.storage.broadcasts import Broadcast, TooManyRecipientsError
from bot.storage.drafts import Draft, DraftRepository, GivenFrom

_NO_WORDINGS = Wordings({})


class PersonalNumberError(ValueError):
    """A wording or a button holds what looks like an IIN or a phone."""


class Release(StrEnum):
    """What became of a confirmed draft."""

    SENT = "sent"  # or will be, at its time
    HANDED_OVER = "handed_over"  # another operator has to approve
    NOTHING = "nothing"  # it is no draft any more


class Drafts:
    """Reads and changes drafts; whose they are is for the caller to ask.

    Args:
        approval_above: with more recipients than these somebody else has to approve.
        today: the day in Kazakhstan.
    """

    def __init__(
        self,
        repository: DraftRepository,
        broadcasts: Broadcasts,
        approval_above: int,
        today: Callable[[], date],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._repository = repository
        self._broadcasts = broadcasts
        self.approval_above = approval_above
        self._today = today
        self.now = now
        self._awaiting = AwaitingAuthors(repository)

    async def start(
        self,
        author: int,
        press: str,
        *,
        wordings: Wordings = _NO_WORDINGS,
        audience: Audience | None = None,
    ) -> Draft | None:
        """Begin a draft; the same press makes no second one, None where that was sent already."""
        audience, choices = audience or Audience(), Choices(self.now())
        nonce = _nonce(author, press)
        broadcast_id = await self._broadcasts.draft(nonce, author, wordings, audience, choices)
        return await self.get(broadcast_id, author)

    async def start_from(
        self, author: int, press: str, broadcast: Broadcast, *, is_follow_up: bool
    ) -> Draft | None:
        """Begin a draft with the texts of a broadcast, for those it may not have reached or new."""
        if not is_follow_up:
            return await self.start(author, press, wordings=broadcast.wordings)
        broadcast_id = await self._broadcasts.draft_follow_up(
            _nonce(author, press), author, broadcast.id, broadcast.wordings, Choices(self.now())
        )
        return await self.get(broadcast_id, author)

    async def get(self, broadcast_id: BroadcastId, author: int) -> Draft | None:
        """Give a draft of this author; None for everything else."""
        draft = await self._repository.get(broadcast_id)
        return draft if draft is not None and draft.broadcast.author == author else None

    async def all_of(self, author: int) -> list[Draft]:
        return await self._repository.all_of(author)

    async def awaiting(self, author: int) -> Draft | None:
        """Give the draft that the author's next message belongs to."""
        if not await self._awaiting.includes(author):
            return None
        return next((each for each in await self.all_of(author) if each.awaited), None)

    async def from_message(self, author: int, message_id: int) -> tuple[Draft, Locale] | None:
        """Give the draft and language whose wording was made of a message."""
        for draft in await self.all_of(author):
            for locale, source in draft.sources.items():
                if source == message_id:
                    return draft, locale
        return None

    async def place(self, draft: Draft, card: int | None, awaited: Awaited | None) -> Draft:
        """Note on which card it is written and what the author's next message will be."""
        await self._repository.place(draft, card, awaited)
        self._awaiting.note(draft.broadcast.author, is_awaiting=awaited is not None)
        return replace(draft, card=card, awaited=awaited)

    async def count(self, draft: Draft) -> Mapping[Locale, int]:
        """Count exactly who would get it now, by language."""
        return await self._broadcasts.count(draft.audience)

    async def write(self, draft: Draft, locale: Locale, wording: Wording, message_id: int) -> bool:
        """Make a message of the author the wording of a language; its buttons stay.

        Raises:
            PersonalNumberError: it would spread an IIN or a phone.
        """
        # An edited message is heard again, a refused one too.
        await self._repository.note_source(draft, locale, message_id)
        if has_personal_number(wording.html):
            raise PersonalNumberError
        old = draft.wordings.by_locale.get(locale)
        kept = replace(wording, buttons=old.buttons if old else ())
        return await self._reword(draft, {**draft.wordings.by_locale, locale: kept})

    async def erase(self, draft: Draft, locale: Locale) -> bool:
        """Take the wording of a language away."""
        left = {key: each for key, each in draft.wordings.by_locale.items() if key is not locale}
        return await self._reword(draft, left)

    async def add_button(self, draft: Draft, locale: Locale, new: Button) -> bool:
        """Add a button to the wording of a language; the same one again changes nothing.

        Raises:
            PersonalNumberError: it would spread an IIN or a phone.
            WordingError: there are too many.
        """
        if has_personal_number(new.label) or has_personal_number(new.url or ""):
            raise PersonalNumberError
        wording = draft.wordings.by_locale.get(locale)
        if wording is None:
            return False
        if new in wording.buttons:
            return True
        changed = replace(wording, buttons=(*wording.buttons, new))
        return await self._reword(draft, {**draft.wordings.by_locale, locale: changed})

    async def remove_buttons(self, draft: Draft, locale: Locale) -> bool:
        wording = draft.wordings.by_locale.get(locale)
        if wording is None:
            return False
        changed = {**draft.wordings.by_locale, locale: replace(wording, buttons=())}
        return await self._reword(draft, changed)

    async def choose_fallback(self, draft: Draft, locale: Locale | None) -> bool:
        """Choose what people get in whose language there is no wording."""
        if locale is not None and locale not in draft.wordings.by_locale:
            return False
        wordings = Wordings(draft.wordings.by_locale, locale)
        return await self._repository.change_wordings(draft.id, wordings)

    async def choose_people(
        self, draft: Draft, facet: Facet, value: str, *, is_chosen: bool
    ) -> bool:
        """Narrow the audience or widen it again.

        Raises:
            ValueError: there is no such choice.
        """
        audience = choose(
            draft.audience,
            facet,
            value,
            is_chosen=is_chosen,
            author=draft.broadcast.author,
            today=self._today(),
        )
        return await self._repository.change_audience(draft.id, audience)

    async def choose_start(self, draft: Draft, start: datetime | None) -> bool:
        """Let it begin at an instant, None for at once."""
        return await self._repository.change_start(draft.id, start)

    async def choose_hours(self, draft: Draft, hours: Hours | None) -> bool:
        return await self._repository.change_hours(draft.id, hours)

    async def choose_twice(self, draft: Draft, *, rather_twice: bool) -> bool:
        return await self._repository.change_flag(draft.id, rather_twice=rather_twice)

    async def choose_paid(self, draft: Draft, *, is_paid: bool) -> bool:
        return await self._repository.change_flag(draft.id, is_paid=is_paid)

    async def discard(self, draft: Draft) -> bool:
        self._awaiting.note(draft.broadcast.author, is_awaiting=False)
        return await self._repository.discard(draft.id)

    def is_late(self, draft: Draft) -> bool:
        """Tell whether its time has passed while it was written."""
        return not draft.is_at_once and draft.broadcast.choices.starts_at <= self.now()

    def needs_approval(self, people: int) -> bool:
        return people > self.approval_above

    async def release(self, draft: Draft, *, is_by_sender: bool) -> Release:
        """Send it where its author may do so alone, else hand it over for approval.

        Raises:
            NoRecipientsError: there is nobody.
            MissingWordingError: some would get nothing in a language they understand.
        """
        if is_by_sender:
            try:
                has_happened = await self._broadcasts.confirm(
                    draft.id, needs_approval=False, at_most=self.approval_above
                )
                return Release.SENT if has_happened else Release.NOTHING
            except TooManyRecipientsError:
                pass
        has_happened = await self._broadcasts.confirm(draft.id, needs_approval=True)
        return Release.HANDED_OVER if has_happened else Release.NOTHING

    async def uncertain(self) -> Sequence[tuple[BroadcastId, int]]:
        """List the last broadcasts that may not have reached some, with the number of these."""
        return await self._repository.uncertain()

    async def given_from(self) -> Sequence[GivenFrom]:
        """List what the answers of the last thirty days were made of."""
        return await self._repository.given_from(self.now())

    async def _reword(self, draft: Draft, by_locale: Mapping[Locale, Wording]) -> bool:
        fallback = draft.wordings.fallback
        wordings = Wordings(by_locale, fallback if fallback in by_locale else None)
        return await self._repository.change_wordings(draft.id, wordings)


def _nonce(author: int, press: str) -> str:
    return hashlib.blake2b(f"{author}:{press}".encode(), digest_size=16).hexdigest()


def mark_of(origin: Origin) -> str:
    """Give a short name of an origin that fits into a button."""
    text = f"{origin.rules_version}:{origin.generation}"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
