"""Services on a real database and the real sample register."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.config import SHARE, Disclosure, Settings
from bot.content.library import Content
from bot.domain.locales import Locale
from bot.domain.parameters import ParameterNotInForceError
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey, registry_key
from bot.registry.registry import Registry
from bot.services.answers import Answers, Policy
from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.conftest import SAMPLE_DAY

ANNA = Subscriber(SubscriberId(700_000_001), Locale.RU, consent_version=CONSENT_VERSION)
AIGUL = Subscriber(SubscriberId(700_000_002), Locale.KK, consent_version=CONSENT_VERSION)
AskOn = Callable[..., Answers]


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}")
    await upgrade(engine)
    for subscriber in (ANNA, AIGUL):
        await SubscriberRepository(engine).add(subscriber)
    yield engine
    await engine.dispose()


@pytest.fixture
async def repository(engine: AsyncEngine) -> AsyncIterator[AnswerRepository]:
    repository = AnswerRepository(engine)
    yield repository
    await repository.close()


@pytest.fixture(scope="session")
def key(sample_home: Path) -> RegistryKey:
    return registry_key(Settings(home_dir=sample_home, _env_file=None))


@pytest.fixture(scope="session")
def registry(sample_home: Path, key: RegistryKey) -> Iterator[Registry]:
    with Registry(sample_home, key) as registry:
        yield registry


@pytest.fixture(scope="session")
def new_year_registry(
    tmp_path_factory: pytest.TempPathFactory, key: RegistryKey
) -> Iterator[Registry]:
    """Give the same people in a fresh extract of a year whose amounts nobody has verified."""
    home = tmp_path_factory.mktemp("new-year")
    sample = SHARE / "data" / "sample" / "register.csv"
    import_csv(sample, as_of=date(2027, 1, 30), home=home, key=key)
    with Registry(home, key) as registry:
        yield registry


@pytest.fixture
def answers_on(
    registry: Registry,
    key: RegistryKey,
    repository: AnswerRepository,
    content: Content,
    engine: AsyncEngine,
) -> AskOn:
    """Give a function that builds the service for a day, by default the sample register's."""

    def build(day: date = SAMPLE_DAY, **changes: Any) -> Answers:
        return Answers(
            changes.pop("registry", registry),
            key,
            repository,
            content.parameters,
            today=lambda: day,
            policy=Policy(
                changes.pop("max_age_days", 7), changes.pop("disclosure", Disclosure.OWNER)
            ),
            counters=changes.pop("counters", None)
            or Counters(CounterRepository(engine), lambda: day),
            limits=changes.pop("limits", None) or Limits(1000, 1000, _be_quiet),
            on_unverified=changes.pop("on_unverified", _be_sure),
        )

    return build


def _be_quiet(missed: int, asked: int) -> None:
    raise AssertionError(f"{missed} misses of {asked} were taken for guessing")


def _be_sure(error: ParameterNotInForceError) -> None:
    raise AssertionError("a figure of a verified day was doubted") from error
