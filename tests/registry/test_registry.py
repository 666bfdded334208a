import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.registry.errors import (
    RegistryBrokenError,
    RegistryError,
    RegistryKeyError,
    RegistryMissingError,
)
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.registry import Registry
from bot.registry.rollback import roll_back
from bot.registry.verify import verify

from .samples import AS_OF, IINS, KEY, import_lines, import_people, line, write_csv

NEXT_DAY = AS_OF + timedelta(days=1)


class Clock:
    """Seconds that pass when the test says so."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_without_a_register_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(RegistryMissingError, match="saqbol registry import FILE --as-of"):
        Registry(tmp_path, KEY)


def test_wrong_pepper_is_refused_instead_of_finding_nobody(tmp_path: Path) -> None:
    import_people(tmp_path)
    other = RegistryKey(bytes(32))

    with pytest.raises(RegistryKeyError, match=f"{KEY.key_id}.*{other.key_id}"):
        Registry(tmp_path, other)


def test_open_reader_moves_to_the_new_register_within_a_second(tmp_path: Path) -> None:
    clock = Clock()
    import_lines(tmp_path, [line(level="A")])
    with Registry(tmp_path, KEY, clock=clock) as registry:
        import_lines(tmp_path, [line(level="B")], NEXT_DAY)

        clock.now_s += 0.9
        before = registry.find(IINS[0])
        clock.now_s += 0.2
        after = registry.find(IINS[0])

        assert before is not None
        assert after is not None
        assert (before.person.level, after.person.level) == ("A", "B")
        assert registry.info.as_of == NEXT_DAY


def test_reader_finishes_on_a_file_that_was_removed(tmp_path: Path) -> None:
    with_old = import_people(tmp_path)
    with Registry(tmp_path, KEY, clock=Clock()) as registry:
        for _ in range(4):
            import_people(tmp_path)

        assert not (tmp_path / "registry" / with_old.generation).exists()
        assert all(registry.find(iin) for iin in IINS[:100])


def test_readers_never_fail_while_registers_are_replaced(tmp_path: Path) -> None:
    import_people(tmp_path)
    ticks = count()
    failures: list[object] = []
    stop = threading.Event()

    # A clock of whole seconds makes every look-up check for a new register.
    with Registry(tmp_path, KEY, clock=lambda: float(next(ticks))) as registry:

        def read() -> None:
            while not stop.is_set():
                try:
                    if registry.find(IINS[5]) is None:
                        failures.append("not found")
                except RegistryError as error:
                    failures.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        generations = {import_people(tmp_path).generation for _ in range(8)}
        stop.set()
        for reader in readers:
            reader.join()

        assert failures == []
        assert registry.info.generation in generations


def test_broken_new_register_leaves_the_old_one_answering(tmp_path: Path) -> None:
    clock = Clock()
    import_people(tmp_path)
    with Registry(tmp_path, KEY, clock=clock) as registry:
        broken = import_people(tmp_path, as_of=NEXT_DAY)
        path = tmp_path / "registry" / broken.generation
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        clock.now_s += 2

        assert registry.find(IINS[0]) is not None
        assert registry.info.as_of == AS_OF
        assert isinstance(registry.reload_error, RegistryBrokenError)

        path.write_bytes(whole)
        clock.now_s += 2

        assert registry.info.as_of == NEXT_DAY
        assert registry.reload_error is None


def test_closed_register_does_not_answer(tmp_path: Path) -> None:
    import_people(tmp_path)
    registry = Registry(tmp_path, KEY)
    registry.close()

    with pytest.raises(RegistryError):
        registry.find(IINS[0])


def test_rollback_brings_the_register_before_back(tmp_path: Path) -> None:
    first = import_people(tmp_path)
    second = import_people(tmp_path, as_of=NEXT_DAY)

    assert roll_back(tmp_path, KEY).generation == first.generation

    with Registry(tmp_path, KEY) as registry:
        assert registry.info.as_of == AS_OF
    assert verify(tmp_path, KEY) == []
    third = import_people(tmp_path)
    names = {path.name for path in (tmp_path / "registry").glob("*.sqlite")}
    assert names == {first.generation, third.generation}
    assert second.generation not in names


def test_rollback_with_nothing_to_go_back_to_is_refused(tmp_path: Path) -> None:
    import_people(tmp_path)

    with pytest.raises(RegistryError, match="no earlier generation"):
        roll_back(tmp_path, KEY)


SPOILED: dict[str, Callable[[Path], object]] = {
    "damaged": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"!"),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_rollback_to_a_register_that_is_not_whole_is_refused_and_changes_nothing(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    first = import_people(tmp_path)
    second = import_people(tmp_path)
    spoil(tmp_path / "registry" / first.generation)
    before = _files(tmp_path)

    with pytest.raises(RegistryBrokenError, match="missing or damaged"):
        roll_back(tmp_path, KEY)

    assert _files(tmp_path) == before
    with Registry(tmp_path, KEY) as registry:
        assert registry.info.generation == second.generation


def test_rollback_to_a_register_of_another_pepper_is_refused_and_changes_nothing(
    tmp_path: Path,
) -> None:
    path = write_csv(tmp_path / "register.csv", [line()])
    for key in (RegistryKey(bytes(32)), KEY):
        import_csv(path, as_of=AS_OF, home=tmp_path, key=key, force=True, is_rekey=True)
    before = _files(tmp_path)

    with pytest.raises(RegistryError, match="none has the pepper in use"):
        roll_back(tmp_path, KEY)

    assert _files(tmp_path) == before


def _files(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "registry").iterdir()}
