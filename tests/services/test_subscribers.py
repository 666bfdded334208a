"""Language, consent and phone of a subscriber, and forgetting them."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.locales import Locale
from bot.services.counters import Counters
from bot.services.subscribers import Subscribers, has_consented
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.subscribers import SubscriberId, SubscriberRepository
from tests.conftest import SAMPLE_DAY

from .conftest import AIGUL, ANNA

NEWCOMER = SubscriberId(700_000_099)
KEY = bytes(range(16))


@pytest.fixture
def counters(engine: AsyncEngine) -> Counters:
    return Counters(CounterRepository(engine), lambda: SAMPLE_DAY)


@pytest.fixture
def subscribers(
    engine: AsyncEngine, repository: AnswerRepository, counters: Counters
) -> Subscribers:
    return Subscribers(SubscriberRepository(engine), repository, counters)


@pytest.fixture
def replica(engine: AsyncEngine, repository: AnswerRepository, counters: Counters) -> Subscribers:
    """Give a second process on the same database, with a cache of its own."""
    return Subscribers(SubscriberRepository(engine), repository, counters)


@pytest.mark.parametrize(
    ("language_code", "locale"),
    [
        pytest.param("kk", Locale.KK, id="kk"),
        pytest.param("ky", Locale.KY, id="ky"),
        pytest.param("ru-KZ", Locale.RU, id="ru-KZ"),
        pytest.param("KK", Locale.KK, id="capitals"),
        pytest.param("en", Locale.RU, id="another language"),
        pytest.param(None, Locale.RU, id="none"),
    ],
)
async def test_a_newcomer_gets_a_guessed_language_and_is_not_stored(
    subscribers: Subscribers, engine: AsyncEngine, language_code: str | None, locale: Locale
) -> None:
    newcomer = await subscribers.get(NEWCOMER, language_code)

    assert (newcomer.locale, has_consented(newcomer)) == (locale, False)
    assert subscribers.known(NEWCOMER, language_code) == newcomer
    assert await SubscriberRepository(engine).get(NEWCOMER) is None


async def test_consent_is_seen_at_once_and_stored(
    subscribers: Subscribers, engine: AsyncEngine
) -> None:
    newcomer = await subscribers.get(NEWCOMER, "kk")

    consented = await subscribers.give_consent(newcomer)

    assert has_consented(consented)
    assert await subscribers.get(NEWCOMER, "ru") == consented
    assert await SubscriberRepository(engine).get(NEWCOMER) == consented


async def test_every_change_keeps_the_others(subscribers: Subscribers, engine: AsyncEngine) -> None:
    subscriber = await subscribers.get(NEWCOMER, "kk")

    subscriber = await subscribers.give_consent(subscriber)
    subscriber = await subscribers.prove_phone(subscriber, KEY)
    subscriber = await subscribers.choose_locale(subscriber, Locale.KY)

    stored = await SubscriberRepository(engine).get(NEWCOMER)
    assert stored == subscriber
    assert (stored.locale, stored.phone_key) == (Locale.KY, KEY)
    assert has_consented(stored)


async def test_two_quick_presses_lose_neither_change(
    subscribers: Subscribers, engine: AsyncEngine
) -> None:
    # Both handlers have read the subscriber before either changed it.
    seen_by_both = await subscribers.get(NEWCOMER, "kk")

    await subscribers.give_consent(seen_by_both)
    await subscribers.choose_locale(seen_by_both, Locale.KY)

    stored = await SubscriberRepository(engine).get(NEWCOMER)
    assert stored is not None
    assert (stored.locale, has_consented(stored)) == (Locale.KY, True)


async def test_a_change_on_one_replica_keeps_what_another_has_changed(
    subscribers: Subscribers, replica: Subscribers, engine: AsyncEngine
) -> None:
    cached_before = await subscribers.get(ANNA.id, "ru")

    await replica.prove_phone(cached_before, KEY)
    await subscribers.choose_locale(await subscribers.get(ANNA.id, "ru"), Locale.KK)

    stored = await SubscriberRepository(engine).get(ANNA.id)
    assert stored is not None
    assert (stored.locale, stored.phone_key) == (Locale.KK, KEY)


async def test_forgetting_erases_the_subscriber_and_answers_that_still_wait(
    subscribers: Subscribers, repository: AnswerRepository, engine: AsyncEngine
) -> None:
    anna = await subscribers.get(ANNA.id, "ru")
    waiting = repository.add(ANNA.id, KEY, "0019")
    other = repository.add(AIGUL.id, KEY, "0019")

    await subscribers.forget(anna)

    assert await SubscriberRepository(engine).get(ANNA.id) is None
    assert await repository.get(waiting.id, ANNA.id) is None
    assert await repository.get(other.id, AIGUL.id) is not None
    assert not has_consented(await subscribers.get(ANNA.id, "ru"))
    assert not has_consented(subscribers.known(ANNA.id, "ru"))


async def test_what_was_forgotten_on_one_replica_does_not_come_back_from_another(
    subscribers: Subscribers, replica: Subscribers, engine: AsyncEngine
) -> None:
    anna = await subscribers.prove_phone(ANNA, KEY)
    await replica.get(ANNA.id, "ru")

    await subscribers.forget(anna)
    await replica.choose_locale(await replica.get(ANNA.id, "ru"), Locale.KK)

    stored = await SubscriberRepository(engine).get(ANNA.id)
    assert stored is None or stored.phone_key is None
