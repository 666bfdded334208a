"""F13: a register that is not whole, or not ours, is refused; nobody hears what it does not say."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import aiohttp
import pytest

from bot.registry.errors import RegistryBrokenError, RegistryError
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.registry import Entry, Registry
from tests.cli.conftest import own_logging, run_here
from tests.failures import texts
from tests.failures.disk import DAMAGE
from tests.failures.importing import PEPPER, extract, home_of, people
from tests.failures.running import NOBODY, is_ready, readiness, some_seed
from tests.registry.samples import AS_OF, KEY
from tests.telegram.client import until
from tests.telegram.conftest import bot_settings, own_emulator, running_bot
from tests.telegram.process import free_port

__all__ = ["own_logging"]

_EVERYBODY = people(260)
_PEOPLE, _STRANGERS = _EVERYBODY[:200], _EVERYBODY[200:]
_NEXT_DAY = AS_OF + timedelta(days=1)
_SECTOR_BYTES = 512
Spoil = Callable[[Path], object]


def _snapshot(home: Path) -> Path:
    listed = json.loads((home / "registry" / "current").read_text())["generations"]
    return home / "registry" / str(listed[0]["file"])


def _by(damage: Callable[[bytes], bytes]) -> Spoil:
    return lambda home: _snapshot(home).write_bytes(damage(_snapshot(home).read_bytes()))


def _list_says(text: str) -> Spoil:
    return lambda home: (home / "registry" / "current").write_text(text)


def _put_another_database(home: Path) -> None:
    snapshot = _snapshot(home)
    snapshot.unlink()
    with closing(sqlite3.connect(snapshot)) as database:
        database.execute("CREATE TABLE people (iin TEXT)")


def _make_another_version(home: Path) -> None:
    with closing(sqlite3.connect(_snapshot(home), isolation_level=None)) as database:
        database.execute("PRAGMA user_version = 99")


def _build_with_another_pepper(home: Path) -> None:
    other = RegistryKey(bytes(32))
    csv = extract(home, _PEOPLE, _NEXT_DAY)
    import_csv(csv, as_of=_NEXT_DAY, home=home, key=other, force=True, is_rekey=True)


# What may be found instead of a register, with what is said of it.
_SPOILED: dict[str, tuple[Spoil, str]] = {
    **{name: (_by(damage), "register file") for name, damage in DAMAGE.items()},
    "missing": (lambda home: _snapshot(home).unlink(), "register file"),
    "another-database": (_put_another_database, "register file"),
    "another-version": (_make_another_version, "format 99"),
    "another-pepper": (_build_with_another_pepper, "Restore that pepper"),
    "empty-list": (_list_says(""), "current is damaged"),
    "cut-list": (_list_says('{"generations": [{"file": "2026-'), "current is damaged"),
    "foreign-list": (_list_says('{"generations": "none"}'), "current is damaged"),
    "list-with-a-huge-number": (
        _list_says('{"generations": [{"file": "a", "size_bytes": 1e999, "blake2b": ""}]}'),
        "current is damaged",
    ),
}
every_spoiled = pytest.mark.parametrize(("spoil", "reason"), _SPOILED.values(), ids=_SPOILED.keys())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_of(tmp_path / "home", _PEOPLE)


def _right_answers(home: Path) -> dict[str, Entry]:
    with Registry(home, KEY) as registry:
        found = {iin.digits: registry.find(iin) for iin in _PEOPLE}
    return {digits: entry for digits, entry in found.items() if entry is not None}


def _files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "registry").iterdir()}


@every_spoiled
def test_f13_register_that_is_not_whole_or_not_ours_is_refused_with_the_reason(
    home: Path, spoil: Spoil, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _assert_refused("registry info", home, spoil, reason, monkeypatch)


@pytest.mark.usefixtures("own_logging")
@pytest.mark.parametrize("name", ["another-database", "another-pepper", "cut-list"])
def test_f13_bot_does_not_start_on_a_register_that_is_not_ours(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _assert_refused("run", home, *_SPOILED[name], monkeypatch)


def _assert_refused(
    command: str, home: Path, spoil: Spoil, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    spoil(home)
    before = _files(home)

    ended = run_here(home, *command.split(), REGISTRY_PEPPER=PEPPER, **NOBODY)

    assert ended.exit_code == 1
    (said,) = ended.stderr.splitlines()
    assert said.startswith("saqbol: ")
    assert reason in said
    assert _files(home) == before


@every_spoiled
def test_f13_new_register_that_is_not_whole_or_not_ours_leaves_the_old_one_answering(
    home: Path, tmp_path: Path, spoil: Spoil, reason: str
) -> None:
    right, seconds = _right_answers(home), count()
    with Registry(home, KEY, clock=lambda: float(next(seconds))) as registry:
        before = registry.info
        staged = Path(shutil.copytree(home, tmp_path / "staged"))
        csv = extract(tmp_path, _PEOPLE, _NEXT_DAY)
        import_csv(csv, as_of=_NEXT_DAY, home=staged, key=KEY)
        spoil(staged)
        shutil.copytree(staged, home, dirs_exist_ok=True)

        assert registry.info == before
        assert reason in str(registry.reload_error)
        assert {iin.digits: registry.find(iin) for iin in _PEOPLE} == right
        assert not any(registry.find(iin) for iin in _STRANGERS)


def _damaged(whole: bytes, random: Random) -> bytes:
    """Spoil a file as disks do: some bits, some bytes, a sector lost, two sectors exchanged."""
    damaged = bytearray(whole)
    match random.randrange(4):
        case 0:
            for _ in range(random.randrange(1, 9)):
                damaged[random.randrange(len(whole))] ^= 1 << random.randrange(8)
        case 1:
            at = random.randrange(len(whole))
            damaged[at : at + 16] = random.randbytes(len(damaged[at : at + 16]))
        case 2:
            at = random.randrange(len(whole) // _SECTOR_BYTES) * _SECTOR_BYTES
            damaged[at : at + _SECTOR_BYTES] = bytes(_SECTOR_BYTES)
        case _:
            size = _SECTOR_BYTES * random.choice((1, 8, 16))
            one, other = (random.randrange(len(whole) // size) * size for _ in range(2))
            damaged[one : one + size] = whole[other : other + size]
            damaged[other : other + size] = whole[one : one + size]
    return bytes(damaged)


def _answers(registry: Registry) -> Iterator[tuple[str, Entry | None]]:
    """Look everybody up; those who cannot be told are left out."""
    for iin in _EVERYBODY:
        try:
            yield iin.digits, registry.find(iin)
        except RegistryBrokenError:
            continue


def look_everybody_up_in_damaged_files(home: Path, times: int, random: Random) -> Counter[str]:
    """Damage the file so often, under a reader or before it opens; count what came of it."""
    right, snapshot, became = _right_answers(home), _snapshot(home), Counter[str]()
    whole = snapshot.read_bytes()
    with Registry(home, KEY) as registry:
        info = registry.info
    for number in range(times):
        damaged = _damaged(whole, random)
        is_open = number % 4 == 0
        snapshot.write_bytes(whole if is_open else damaged)
        try:
            registry = Registry(home, KEY)
        except RegistryBrokenError:
            became["refused"] += 1
            continue
        with registry:
            snapshot.write_bytes(damaged)
            assert registry.info == info
            told = dict(_answers(registry))
        assert all(told[digits] == right.get(digits) for digits in told)
        became["answered"] += len(told)
        became["errors"] += len(_EVERYBODY) - len(told)
    return became


def test_f13_damage_anywhere_gives_the_right_answer_or_an_error(home: Path) -> None:
    became = look_everybody_up_in_damaged_files(home, 200, Random(some_seed()))

    assert min(became["refused"], became["answered"], became["errors"]) > 0


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_f13_damage_thousands_of_times_gives_the_right_answer_or_an_error(
    home: Path, tell: Callable[[str], None]
) -> None:
    seed, times = some_seed(), 5_000
    became = look_everybody_up_in_damaged_files(home, times, Random(seed))
    tell(
        f"{times:,} damaged registers of {len(_PEOPLE)} people, seed {seed}: {became['refused']:,} "
        f"refused as a whole; of the others {became['answered']:,} answers right, "
        f"{became['errors']:,} errors, none wrong"
    )

    assert min(became["refused"], became["answered"], became["errors"]) > 0


def test_f13_damaged_list_of_registers_never_leads_to_another_one(home: Path) -> None:
    import_csv(extract(home, _PEOPLE, _NEXT_DAY), as_of=_NEXT_DAY, home=home, key=KEY)
    pointer, random, opened = home / "registry" / "current", Random(some_seed()), 0
    whole = pointer.read_bytes()
    with Registry(home, KEY) as registry:
        info = registry.info
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(random.randrange(1, 4)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        pointer.write_bytes(damaged[: random.choice((len(whole), random.randrange(len(whole))))])
        try:
            with Registry(home, KEY) as registry:
                opened += 1
                assert registry.info == info
        except RegistryError:
            continue
    assert 0 < opened < 500


async def test_f13_readiness_names_a_refused_register_and_is_red_for_a_damaged_one(
    large_home: Path,
) -> None:
    port = free_port()
    snapshot, pointer = _snapshot(large_home), large_home / "registry" / "current"
    whole, listed = snapshot.read_bytes(), pointer.read_bytes()
    async with (
        own_emulator() as (emulator, newcomer),
        running_bot(bot_settings(large_home, emulator.url, web_port=port)),
    ):
        await until(lambda: is_ready(port), 60)
        person = await newcomer("ru")
        foreign = snapshot.with_name("2026-11-22-00000000.sqlite")
        foreign.write_bytes(b"not a register")
        pointer.write_bytes(listed.replace(snapshot.name.encode(), foreign.name.encode()))
        await until(lambda: _register_is(port, "new_refused"))
        refused = await readiness(port)
        during = await person.send(texts.IIN_UNINSURED)
        pointer.write_bytes(listed)
        await until(lambda: _register_is(port, "well"))

        snapshot.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
        for iin in (texts.IIN_UNINSURED, texts.IIN_INSURED, texts.IIN_NOBODY):
            await person.send(iin)
        await until(lambda: _register_is(port, "damaged"))
        damaged = await readiness(port)
        snapshot.write_bytes(whole)
        await until(lambda: is_ready(port))

    assert (refused, damaged) == (200, 503)
    assert during["text"].startswith(texts.UNINSURED)


async def _register_is(port: int, state: str) -> bool:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/readyz") as response,
    ):
        return bool((await response.json())["register"] == state)
