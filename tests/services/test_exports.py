"""An export has what waits in memory too, and is given once in ten minutes."""

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.counters import Counters
from bot.services.exports import Exports
from bot.services.limits import Limits
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.personal import PersonalRepository
from tests.conftest import SAMPLE_DAY

from .conftest import AIGUL, ANNA


def exports(engine: AsyncEngine, repository: AnswerRepository, now: list[float]) -> Exports:
    limits = Limits(20, 5, lambda *_: None)
    counters = Counters(CounterRepository(engine), lambda: SAMPLE_DAY)
    personal = PersonalRepository(engine)
    return Exports(personal, repository, None, limits, counters, clock=lambda: now[0])


async def test_answer_that_waits_for_the_database_is_exported_once(
    engine: AsyncEngine, repository: AnswerRepository
) -> None:
    made = exports(engine, repository, [0.0])
    stored = repository.add(ANNA.id, b"k" * 16, "1016")
    repository.add(AIGUL.id, b"k" * 16, "0019")

    waiting = await made.make(ANNA.id)
    await repository.flush()
    written = await made.make(ANNA.id)

    assert [row["id"] for row in waiting.tables["answers"]] == [stored.id]
    assert [row["id"] for row in written.tables["answers"]] == [stored.id]
    assert waiting.tables["answers"][0].keys() == written.tables["answers"][0].keys()


async def test_another_export_is_given_after_ten_minutes_to_each_for_himself(
    engine: AsyncEngine, repository: AnswerRepository
) -> None:
    now = [1000.0]
    made = exports(engine, repository, now)
    made.note_sent(ANNA.id)

    now[0] += 599
    assert made.wait_s(ANNA.id) == 1
    assert made.wait_s(AIGUL.id) == 0
    now[0] += 1
    assert made.wait_s(ANNA.id) == 0
