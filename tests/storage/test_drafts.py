"""Drafts are kept with the card on which they are written, and changed while they are drafts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.audience import Audience, Origin
from bot.domain.broadcasts import BroadcastState, Choices, DeliveryState
from bot.domain.drafts import Awaited, AwaitedKind
from bot.domain.locales import Locale
from bot.domain.wording import Wording, Wordings
from bot.storage.answers import AnswerRepository, Told
from bot.storage.broadcasts import BroadcastRepository, TooManyRecipientsError
from bot.storage.deliveries import DeliveryRepository, Finding
from bot.storage.drafts import Draft, DraftRepository
from bot.storage.subscribers import SubscriberRepository

from .conftest import AIGUL, ANNA

AUTHOR, SENDER = 42, 43
NEWS = Wordings({Locale.RU: Wording("Новость")}, fallback=Locale.RU)
TEXT = Awaited(AwaitedKind.TEXT, Locale.KK)
START = Awaited(AwaitedKind.START)


@pytest.fixture
def broadcasts(engine: AsyncEngine) -> BroadcastRepository:
    return BroadcastRepository(engine)


@pytest.fixture
def drafts(engine: AsyncEngine) -> DraftRepository:
    return DraftRepository(engine)


async def begin(broadcasts: BroadcastRepository, drafts: DraftRepository, nonce: str) -> Draft:
    number = await broadcasts.add(nonce, AUTHOR, NEWS, Audience(), Choices(datetime.now(UTC)))
    draft = await drafts.get(number)
    assert draft is not None
    return draft


async def test_card_and_what_it_waits_for_are_read_back(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    draft = await begin(broadcasts, drafts, "1")

    await drafts.place(draft, 7_000_000_000, TEXT)
    await drafts.note_source(draft, Locale.KK, 11)
    found = await drafts.get(draft.id)

    assert found is not None
    assert (found.card, found.awaited, found.sources) == (7_000_000_000, TEXT, {Locale.KK: 11})
    assert await drafts.awaiting_authors() == {AUTHOR}
    await drafts.place(draft, 1, None)
    assert await drafts.awaiting_authors() == frozenset()


async def test_only_one_draft_of_an_author_waits(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    first, second = await begin(broadcasts, drafts, "1"), await begin(broadcasts, drafts, "2")

    await drafts.place(first, 1, TEXT)
    await drafts.place(second, 2, START)

    found = await drafts.all_of(AUTHOR)
    assert [(each.id, each.awaited) for each in found] == [(second.id, START), (first.id, None)]


async def test_start_is_at_once_until_one_is_chosen(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    draft = await begin(broadcasts, drafts, "1")
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    await drafts.change_start(draft.id, tomorrow)
    later = await drafts.get(draft.id)
    await drafts.change_start(draft.id, None)
    again = await drafts.get(draft.id)

    assert later is not None
    assert again is not None
    assert (draft.is_at_once, later.is_at_once, again.is_at_once) == (True, False, True)
    assert later.broadcast.choices.starts_at == tomorrow


async def test_what_is_no_draft_any_more_is_neither_changed_nor_thrown_away(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    draft = await begin(broadcasts, drafts, "1")
    before = datetime.now(UTC)
    await broadcasts.confirm(draft.id, BroadcastState.SCHEDULED)

    assert not await drafts.change_wordings(draft.id, Wordings({}))
    assert not await drafts.change_audience(draft.id, Audience(rest_days=1))
    assert not await drafts.discard(draft.id)
    assert await drafts.get(draft.id) is None
    sent = await broadcasts.get(draft.id)
    assert sent is not None
    assert (sent.wordings, sent.audience) == (NEWS, Audience())
    # At once is the moment of the confirmation, however long the draft lay.
    assert sent.choices.starts_at >= before


async def test_more_recipients_than_allowed_leave_a_draft(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    draft = await begin(broadcasts, drafts, "1")

    with pytest.raises(TooManyRecipientsError):
        await broadcasts.confirm(draft.id, BroadcastState.SCHEDULED, at_most=1)

    assert await drafts.get(draft.id) is not None
    assert await broadcasts.confirm(draft.id, BroadcastState.SCHEDULED, at_most=2) == 2


async def test_declined_broadcast_is_a_draft_without_recipients_once(
    broadcasts: BroadcastRepository, drafts: DraftRepository
) -> None:
    draft = await begin(broadcasts, drafts, "1")
    await broadcasts.confirm(draft.id, BroadcastState.AWAITING_APPROVAL)

    assert not await broadcasts.decline(draft.id, AUTHOR)
    assert await broadcasts.decline(draft.id, SENDER)
    assert not await broadcasts.decline(draft.id, SENDER)
    again = await drafts.get(draft.id)
    assert again is not None
    assert (again.is_at_once, again.broadcast.recipients) == (True, None)
    assert await broadcasts.confirm(draft.id, BroadcastState.SCHEDULED) == 2


async def test_rules_and_registers_are_counted_by_people(
    drafts: DraftRepository, answers: AnswerRepository
) -> None:
    for person, generation in ((ANNA, "g1"), (ANNA, "g1"), (AIGUL, "g2")):
        told = Told(rules_version="r", generation=generation)
        answers.add(person.id, b"key", "0019", told)
    await answers.flush()

    found = await drafts.given_from(datetime.now(UTC))

    assert {each.origin: each.people for each in found} == {
        Origin(rules_version="r"): 2,
        Origin(generation="g1"): 1,
        Origin(generation="g2"): 1,
    }
    assert await drafts.given_from(datetime.now(UTC) + timedelta(days=31)) == []


async def test_who_has_not_agreed_to_be_written_to_is_not_counted_for_a_correction(
    drafts: DraftRepository, answers: AnswerRepository, engine: AsyncEngine
) -> None:
    for person in (ANNA, AIGUL):
        answers.add(person.id, b"key", "0019", Told(generation="g"))
    await answers.flush()
    await SubscriberRepository(engine).change(AIGUL.id, consent_version=2)

    [found] = await drafts.given_from(datetime.now(UTC))

    assert found.people == 1


async def test_last_broadcasts_in_doubt_are_listed_with_their_people(
    broadcasts: BroadcastRepository, drafts: DraftRepository, engine: AsyncEngine
) -> None:
    deliveries = DeliveryRepository(engine, lease_s=30)
    sent, first, second = [(await begin(broadcasts, drafts, nonce)).id for nonce in "123"]
    for number, state in ((sent, "sent"), (first, "uncertain"), (second, "uncertain")):
        await broadcasts.confirm(number, BroadcastState.SCHEDULED)
        await broadcasts.begin_due(datetime.now(UTC))
        claims = await deliveries.claim(number, 1 if number == first else 2)
        at = datetime.now(UTC)
        await deliveries.record([Finding(each, DeliveryState(state), at) for each in claims])

    assert await drafts.uncertain() == [(second, 2), (first, 1)]
