"""F20: the register is replaced while people ask; each answer is of one generation."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from itertools import count, cycle, pairwise
from pathlib import Path
from random import Random

import pytest

from bot.config import Disclosure
from bot.content.library import Content
from bot.domain.assessment import Status
from bot.domain.changes import Change, Supposition
from bot.domain.iin import Iin
from bot.domain.locales import Locale
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.registry import Registry
from bot.services.answers import Answer, Answers, Policy
from bot.services.counters import Counters
from bot.services.limits import Limits
from bot.services.subscribers import CONSENT_VERSION
from bot.storage.answers import AnswerRepository
from bot.storage.counters import CounterRepository
from bot.storage.engine import open_engine
from bot.storage.schema import upgrade
from bot.storage.subscribers import Subscriber, SubscriberId, SubscriberRepository
from tests.cli.conftest import run_process
from tests.conftest import SAMPLE_DAY, SAMPLE_REGISTER
from tests.failures import texts
from tests.failures.importing import home_of, people, says_one_day
from tests.registry.samples import AS_OF, KEY, import_people, line, write_csv
from tests.telegram.client import Client, Message, data_of, until
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.texts import day, say

_NEXT_DAY = AS_OF + timedelta(days=1)
_ANNA = Subscriber(SubscriberId(700_000_001), Locale.RU, consent_version=CONSENT_VERSION)
# Insured by what one extract says, and not by the other; the newcomer is in the later one alone.
_CHANGING, _ALSO_CHANGING, _NEWCOMER = people(3)
_STATUS = {AS_OF: Status.INSURED, _NEXT_DAY: Status.UNINSURED}
_SWAPS = 100
_READS_A_SECOND = 200
_NOTICED_S = 5
_STILL_UNINSURED = "970614601016"
_GONE = " (deleted)"


class Swapper:
    """Makes one of two generations current, in turn."""

    def __init__(self, home: Path) -> None:
        self._generations = Generations(home)
        later, earlier = self._generations.listed()
        self._orders = cycle(([earlier, later], [later, earlier]))

    def __call__(self) -> None:
        self._generations.publish(next(self._orders))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home folder with a generation for each of two days."""
    home = tmp_path / "home"
    home.mkdir()
    changing = (_CHANGING, _ALSO_CHANGING)
    extracts = {
        AS_OF: [line(iin) for iin in changing],
        _NEXT_DAY: [
            *(line(iin, contributions="", spells="") for iin in changing),
            line(_NEWCOMER),
        ],
    }
    for as_of, lines in extracts.items():
        import_csv(write_csv(home / "people.csv", lines), as_of=as_of, home=home, key=KEY)
    return home


@pytest.fixture
async def build(tmp_path: Path, content: Content) -> AsyncIterator[Callable[[Registry], Answers]]:
    """Give a function that builds the service on a register."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'saqbol.sqlite'}")
    await upgrade(engine)
    await SubscriberRepository(engine).add(_ANNA)
    repository = AnswerRepository(engine)
    yield lambda registry: Answers(
        registry,
        KEY,
        repository,
        content.parameters,
        today=lambda: _NEXT_DAY,
        policy=Policy(7, Disclosure.OWNER),
        counters=Counters(CounterRepository(engine), lambda: _NEXT_DAY),
        limits=Limits(10**6, 10**6, lambda *_: None),
        on_unverified=lambda _: None,
    )
    await repository.close()
    await engine.dispose()


def assert_one_day(answer: Answer | None) -> date:
    """Check that the status is that of the day which the answer names."""
    assert answer is not None
    assert answer.assessment.status is _STATUS[answer.as_of]
    return answer.as_of


async def ask_every_way(answers: Answers) -> set[date]:
    """Ask, and press all buttons of the answer; give the days that the answers named."""
    asked = answers.ask(_CHANGING, _ANNA)
    assert asked.id is not None
    stored = await answers._repository.get(asked.id, _ANNA.id)
    assert stored is not None
    assert stored.told.status == asked.assessment.status
    assert stored.told.generation is not None
    assert stored.told.generation.startswith(str(asked.as_of))
    months = await answers.reopen_months(asked.id, _ANNA)
    outlook = await answers.reopen_outlook(asked.id, _ANNA, Supposition(Change.AS_NOW, 0))
    assert months is not None
    assert outlook is not None
    key = KEY.of_iin(_CHANGING)
    together = answers.look_all([(key, "0000"), (KEY.of_iin(_ALSO_CHANGING), "0000")], _ANNA)
    assert len({assert_one_day(answer) for answer in together}) == 1
    singly = (
        asked,
        months.answer,
        outlook.answer,
        await answers.reopen(asked.id, _ANNA),
        await answers.reopen_latest(_ANNA),
        answers.ask_again(key, "0000", _ANNA),
        answers.look(key, "0000", _ANNA),
    )
    newcomer = answers.ask(_NEWCOMER, _ANNA)
    assert (newcomer.assessment.status is Status.UNKNOWN) == (newcomer.as_of == AS_OF)
    return {assert_one_day(answer) for answer in singly}


async def test_f20_answer_is_of_one_generation_though_another_comes_at_every_look(
    home: Path, build: Callable[[Registry], Answers]
) -> None:
    swap, seconds, named = Swapper(home), count(), set[date]()

    def clock() -> float:
        swap()
        return float(2 * next(seconds))

    with Registry(home, KEY, clock=clock) as registry:
        for _ in range(20):
            named |= await ask_every_way(build(registry))

    assert named == set(_STATUS)


async def test_f20_two_hundred_reads_a_second_go_on_through_a_hundred_swaps(
    home: Path, build: Callable[[Registry], Answers]
) -> None:
    swap, over, named = Swapper(home), threading.Event(), list[date]()

    def keep_swapping() -> None:
        for _ in range(_SWAPS):
            swap()
            time.sleep(0.04)
        over.set()

    # A hurried clock: the register looks for a new generation fifty times a second.
    with Registry(home, KEY, clock=lambda: time.monotonic() * 50) as registry:
        answers = build(registry)

        async def read() -> None:
            asked = answers.ask(_CHANGING, _ANNA)
            named.append(assert_one_day(asked))
            assert asked.id is not None
            assert_one_day(await answers.reopen(asked.id, _ANNA))

        swapping = asyncio.create_task(asyncio.to_thread(keep_swapping))
        async with asyncio.TaskGroup() as group:
            while not over.is_set():
                group.create_task(read())
                await asyncio.sleep(1 / _READS_A_SECOND)
        await swapping
        assert registry.reload_error is None

    changes = sum(one != other for one, other in pairwise(named))
    assert changes > _SWAPS / 4


def test_f20_threads_read_one_generation_each_through_a_hundred_swaps(tmp_path: Path) -> None:
    iins = people(200)
    home = home_of(tmp_path / "home", iins, days=2)
    swap, seconds, over = Swapper(home), count(), threading.Event()
    problems: list[object] = []
    reads = count()

    with Registry(home, KEY, clock=lambda: float(next(seconds))) as registry:

        def read() -> None:
            random = Random(3)
            while not over.is_set():
                try:
                    generation = registry.current
                    next(reads)
                    if not says_one_day(generation, iins, random):
                        problems.append(generation.info)
                except Exception as error:  # noqa: BLE001 - told at the end
                    problems.append(error)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for _ in range(_SWAPS):
            swap()
            time.sleep(0.005)
        over.set()
        for reader in readers:
            reader.join()

    assert problems == []
    assert next(reads) > _SWAPS
    assert _removed_but_open() == []


def test_f20_file_that_was_removed_is_let_go_after_its_last_reader(tmp_path: Path) -> None:
    old, seconds = import_people(tmp_path), count()
    path = tmp_path / "registry" / old.generation
    with Registry(tmp_path, KEY, clock=lambda: float(next(seconds))) as registry:
        generation = registry.current
        for number in range(1, 5):
            import_people(tmp_path, as_of=AS_OF + timedelta(days=number))

        assert not path.exists()
        assert registry.info.as_of == AS_OF + timedelta(days=4)
        assert generation.info.as_of == AS_OF
        assert generation.find_key(KEY.of_iin(Iin("0" * 12))) is None
        assert _removed_but_open() == [path.name]

        del generation
        assert _removed_but_open() == []


def _removed_but_open() -> list[str]:
    """List the snapshots that this process has open and that are gone from the folder."""
    targets = [_target(link) for link in Path("/proc/self/fd").iterdir()]
    gone = [Path(target.removesuffix(" (deleted)")) for target in targets if "(deleted)" in target]
    return [
        path.name for path in gone if path.suffix == ".sqlite" and path.parent.name == "registry"
    ]


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


async def test_f20_running_bot_answers_from_a_new_register_and_after_a_rollback_from_the_old(
    own_home: Path, tmp_path: Path
) -> None:
    tomorrow = SAMPLE_DAY + timedelta(days=1)
    never_paid = f"{texts.IIN_UNINSURED},citizen,75,KZ-0001,,,"
    text = SAMPLE_REGISTER.read_text(encoding="utf-8")
    assert never_paid in text
    csv = tmp_path / "tomorrow.csv"
    csv.write_text(text.replace(never_paid, f"{never_paid}pensioner:2021-06.."), encoding="utf-8")
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(own_home, emulator.url)),
    ):
        person = await newcomer("ru")
        changed, same = [await person.send(iin) for iin in (texts.IIN_UNINSURED, _STILL_UNINSURED)]
        assert all(day("ru", SAMPLE_DAY) in message["text"] for message in (changed, same))

        await _run(tmp_path, own_home, "import", csv, "--as-of", tomorrow)
        moved_s = await _wait_for_day(person, tomorrow)
        of_changed = [await _pressed(person, changed, label) for label in ("Why?", "Ways back")]
        of_same = [await _pressed(person, same, label) for label in ("Why?", "What if…")]
        ways = await person.press(same, say("ru", "Ways back"))
        of_same.append(ways["text"])
        for message, label in ((same, "Calendar"), (ways, "Payment card: {way}")):
            await person.press_data(message, data_of(message, say("ru", label, way="")))
            sent = await person.next_message()
            of_same.append(sent.get("text") or sent["caption"])

        await _run(tmp_path, own_home, "rollback")
        back_s = await _wait_for_day(person, SAMPLE_DAY)
        again = await _pressed(person, changed, "Why?")

    assert max(moved_s, back_s) < _NOTICED_S
    for shown in (*of_changed, *of_same):
        assert day("ru", tomorrow) in shown
        assert day("ru", SAMPLE_DAY) not in shown
    assert of_changed[1].startswith(texts.INSURED)
    assert day("ru", SAMPLE_DAY) in again


async def _run(folder: Path, home: Path, *arguments: object) -> None:
    ended = await asyncio.to_thread(run_process, folder, home, ("registry", *arguments), {})
    assert ended.returncode == 0, ended.stderr


async def _wait_for_day(person: Client, as_of: date) -> float:
    """Ask until the answer names the day; give how many seconds that took."""
    began = time.monotonic()

    async def is_named() -> bool:
        return day("ru", as_of) in (await person.send(texts.IIN_INSURED))["text"]

    await until(is_named)
    return time.monotonic() - began


async def _pressed(person: Client, message: Message, label: str) -> str:
    return str((await person.press(message, say("ru", label)))["text"])
