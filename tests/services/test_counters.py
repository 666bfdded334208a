"""What is counted and how often; where people leave, without a trail of anybody."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.iin import parse_iin
from bot.domain.locales import Locale
from bot.domain.stats import Kind
from bot.services import counters as counters_module
from bot.services.counters import SILENCE_S, Counters
from bot.services.limits import LimitReachedError, Limits
from bot.services.stats import Stats
from bot.storage.counters import CounterRepository
from tests.conftest import SAMPLE_DAY

from .conftest import AIGUL, ANNA, AskOn

NOT_INSURED, INSURED, UNKNOWN = "970614601016", "961105601014", "991231500719"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def repository_of_counts(engine: AsyncEngine) -> CounterRepository:
    return CounterRepository(engine)


@pytest.fixture
def counters(repository_of_counts: CounterRepository, clock: Clock) -> Counters:
    return Counters(repository_of_counts, lambda: SAMPLE_DAY, clock)


async def counted(counters: Counters) -> dict[Kind, dict[str, int]]:
    """Write, and give all counts of the day."""
    await counters.write()
    repository = counters._repository
    return (await repository.read(SAMPLE_DAY, SAMPLE_DAY)).get(SAMPLE_DAY, {})


async def test_person_asked_about_counts_once_however_often_asked(
    answers_on: AskOn, counters: Counters
) -> None:
    answers = answers_on(counters=counters)
    for _ in range(3):
        answers.ask(parse_iin(NOT_INSURED), ANNA)
    answers.ask(parse_iin(NOT_INSURED), AIGUL)
    answers.ask(parse_iin(INSURED), ANNA)
    answers.ask(parse_iin(UNKNOWN), ANNA)

    found = await counted(counters)

    assert found[Kind.ANSWERS] == {"uninsured": 2, "insured": 1}
    assert sum(found[Kind.REASONS].values()) == 2
    assert found[Kind.LANGUAGES] == {"ru": 2, "kk": 1}
    assert sum(found[Kind.REGIONS].values()) == 3
    assert found[Kind.NOT_FOUND] == {"all": 1}


async def test_refused_number_counts_by_its_limit(answers_on: AskOn, counters: Counters) -> None:
    limits = Limits(1, 1000, lambda *_: None)
    answers = answers_on(counters=counters, limits=limits)
    answers.ask(parse_iin(INSURED), ANNA)
    for _ in range(2):
        with pytest.raises(LimitReachedError):
            answers.ask(parse_iin(NOT_INSURED), ANNA)

    found = await counted(counters)

    assert found[Kind.REFUSED] == {"day": 2}
    assert found[Kind.ANSWERS] == {"insured": 1}


async def test_last_view_counts_after_an_hour_of_silence(counters: Counters, clock: Clock) -> None:
    counters.viewed(ANNA.id, "answer")
    counters.viewed(AIGUL.id, "menu")
    clock.now += SILENCE_S / 2
    counters.viewed(ANNA.id, "ways")
    clock.now += SILENCE_S / 2
    after_an_hour = await counted(counters)
    clock.now += SILENCE_S / 2
    later = await counted(counters)

    assert after_an_hour == {Kind.LAST_VIEWS: {"menu": 1}}
    assert later == {Kind.LAST_VIEWS: {"menu": 1, "ways": 1}}
    assert counters.last_view(ANNA.id) is None


async def test_forgotten_person_leaves_no_view(counters: Counters, clock: Clock) -> None:
    counters.viewed(ANNA.id, "answer")
    counters.forget(ANNA.id)
    clock.now += 2 * SILENCE_S

    assert counters.last_view(ANNA.id) is None
    assert await counted(counters) == {}


async def test_beyond_the_bound_the_oldest_is_forgotten_and_not_counted(
    counters: Counters, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counters_module, "_MAX_PEOPLE", 1)
    counters.viewed(ANNA.id, "answer")
    counters.viewed(AIGUL.id, "menu")
    clock.now += 2 * SILENCE_S

    assert await counted(counters) == {Kind.LAST_VIEWS: {"menu": 1}}


async def test_counts_are_written_behind_and_at_the_end(
    counters: Counters,
    repository_of_counts: CounterRepository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counters_module, "_WRITE_EVERY_S", 0.01)
    async with counters.writing_behind():
        counters.came(Locale.KK)
        await asyncio.sleep(0.3)
        meanwhile = await repository_of_counts.read(SAMPLE_DAY, SAMPLE_DAY)
        monkeypatch.setattr(counters_module, "_WRITE_EVERY_S", 60)
        counters.left(Locale.RU)
    at_the_end = await repository_of_counts.read(SAMPLE_DAY, SAMPLE_DAY)

    assert meanwhile == {SAMPLE_DAY: {Kind.NEWCOMERS: {"kk": 1}}}
    assert at_the_end[SAMPLE_DAY][Kind.LEAVERS] == {"ru": 1}


async def test_figures_end_with_the_last_day_that_is_over(
    counters: Counters, repository_of_counts: CounterRepository
) -> None:
    for age in range(3):
        for _ in range(10 + age):
            repository_of_counts.add(Kind.NOT_FOUND, "all")
        await repository_of_counts.write(SAMPLE_DAY - timedelta(days=age))

    series = (await Stats(repository_of_counts, lambda: SAMPLE_DAY).read(7))[Kind.NOT_FOUND]

    assert series.days == tuple(SAMPLE_DAY - timedelta(days=age) for age in range(7, 0, -1))
    assert [day.total for day in series.shown] == [0, 0, 0, 0, 0, 12, 11]
