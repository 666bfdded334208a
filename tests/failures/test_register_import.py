"""F15: an import is killed anywhere, finds no room, or is not alone; the register stays whole."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.domain.iin import Iin
from bot.registry.registry import Registry
from bot.registry.snapshot import SnapshotInfo
from tests.cli.conftest import LATER, clean_environment, run_process
from tests.failures.importing import (
    PEPPER,
    ImportProcess,
    assert_whole,
    extract,
    group_of,
    home_of,
    leftovers,
    people,
    run_import,
    says_one_day,
)
from tests.failures.running import some_seed
from tests.registry.samples import AS_OF, KEY

_DAY = timedelta(days=1)
_KILLS = int(os.environ.get("FAILURES_KILLS", "50"))
_MANY = people(20_000)
_IINS = _MANY[:3_000]
_FEW = _IINS[:60]
_MEGABYTE = 1024 * 1024
# The process that kills itself at a step, counted from 1; the steps are calls of the system.
_CHILD = """
import os, signal, sys
from bot.cli import main

steps, parent = 0, 0

def deadly(function, number):
    def call(*arguments, **options):
        global steps
        if os.getpid() == parent:
            steps += 1
            if steps == number:
                os.kill(parent, signal.SIGKILL)
        return function(*arguments, **options)
    return call

for text in sys.stdin:
    pid = os.fork()
    if pid == 0:
        parent = os.getpid()
        os.dup2(2, 1)
        for name in ("open", "fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir"):
            setattr(os, name, deadly(getattr(os, name), int(text)))
        try:
            main()
        except SystemExit as end:
            os._exit(int(end.code or 0))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home folder with the register of the first day."""
    return home_of(tmp_path / "home", _IINS)


def _wait_for_work(running: ImportProcess) -> float:
    while not (running.is_at_work or running.has_ended):
        time.sleep(0.002)
    return time.monotonic()


@contextmanager
def reader(home: Path, iins: list[Iin]) -> Iterator[Registry]:
    """Look people up all the time; at the end nothing wrong was found."""
    problems: list[object] = []
    looks, over = Counter[object](), threading.Event()

    def look() -> None:
        random = Random(5)
        while not over.wait(0.01):
            try:
                generation = registry.current
                looks[generation.info.as_of] += 1
                if not says_one_day(generation, iins, random):
                    problems.append(generation.info)
            except Exception as error:  # noqa: BLE001 - told at the end
                problems.append(error)

    with Registry(home, KEY) as registry:
        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield registry
        finally:
            over.set()
            thread.join()
    assert problems == []
    assert looks


def kill_imports(home: Path, iins: list[Iin], kills: int, random: Random) -> Counter[str]:
    """Kill imports at random moments and look at what is left; give how many at which phase."""
    phases: Counter[str] = Counter()
    with reader(home, iins) as registry:
        work_s = _work_s(home, iins)
        for number in range(kills):
            before = _info(home)
            as_of = before.as_of + _DAY
            running = ImportProcess(home, extract(home, iins, as_of), as_of)
            time.sleep(random.uniform(0, _MOMENTS[number % len(_MOMENTS)](running) * work_s))
            running.stop()
            phases[running.phase()] += 1
            running.kill()
            _wait_until_gone(running)
            assert running.end()[0] in (0, -9)

            now = assert_whole(home, iins)
            assert now in (before.as_of, as_of)
            if now == before.as_of:
                assert _info(home) == before
            else:
                _wait_for_day(registry, as_of)
    return phases


def _work_s(home: Path, iins: list[Iin]) -> float:
    """Import the extract of the second day; give for how many seconds that was at work."""
    running = ImportProcess(home, extract(home, iins, AS_OF + _DAY), AS_OF + _DAY)
    began = _wait_for_work(running)
    code, said = running.end()
    assert code == 0, said
    return time.monotonic() - began


def _wait_for_writing(running: ImportProcess) -> None:
    while not (running.is_writing or running.has_ended):
        time.sleep(0.002)


def _from_start(_running: ImportProcess) -> float:
    return 0.2


def _from_work(running: ImportProcess) -> float:
    _wait_for_work(running)
    return 1.0


def _from_writing(running: ImportProcess) -> float:
    _wait_for_writing(running)
    return 0.3


# From when on, and for what share of the time that an import takes, one is killed.
_MOMENTS = (_from_work, _from_writing, _from_writing, _from_work, _from_start)


def _wait_until_gone(running: ImportProcess) -> None:
    end = time.monotonic() + 5
    while group_of(running.pid):
        assert time.monotonic() < end, "a process of a killed import lives on"
        time.sleep(0.01)


def _wait_for_day(registry: Registry, as_of: object) -> None:
    end = time.monotonic() + 5
    while registry.info.as_of != as_of:
        assert time.monotonic() < end
        time.sleep(0.01)


def _info(home: Path) -> SnapshotInfo:
    with Registry(home, KEY) as registry:
        return registry.info


def import_again(home: Path, iins: list[Iin]) -> None:
    """Import the extract of the day after, twice: nothing is left of what was killed."""
    as_of = _info(home).as_of + _DAY
    checksums = set()
    for _ in range(2):
        code, said = run_import(home, extract(home, iins, as_of), as_of)
        assert code == 0, said
        assert leftovers(home / "registry") == []
        assert assert_whole(home, iins) == as_of
        checksums.add(_info(home).checksum)
    assert len(checksums) == 1


def test_f15_import_killed_at_random_moments_leaves_one_whole_register(home: Path) -> None:
    phases = kill_imports(home, _IINS, 5, Random(some_seed()))

    assert phases.total() == 5
    import_again(home, _IINS)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_f15_import_killed_many_times_leaves_one_whole_register(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    seed, home = some_seed(), home_of(tmp_path / "home", _MANY)
    phases = kill_imports(home, _MANY, _KILLS, Random(seed))
    listed = ", ".join(f"{number} {phase}" for phase, number in sorted(phases.items()))
    tell(f"{_KILLS} kills of an import of {len(_MANY):,} rows, seed {seed}: {listed}")

    import_again(home, _MANY)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an extract of the second day that is worth several processes."""
    return extract(tmp_path_factory.mktemp("large"), people(90_000), AS_OF + _DAY)


def test_f15_no_process_of_a_large_import_that_is_killed_lives_on(home: Path, large: Path) -> None:
    running = ImportProcess(home, large, AS_OF + _DAY)
    _wait_for_work(running)
    time.sleep(1)

    running.kill()

    _wait_until_gone(running)
    assert running.end()[0] == -9
    assert assert_whole(home, _IINS) == AS_OF


def test_import_goes_after_the_bot(home: Path, large: Path) -> None:
    running = ImportProcess(home, large, AS_OF + _DAY)
    _wait_for_work(running)

    priority = os.getpriority(os.PRIO_PROCESS, running.pid)
    running.kill()
    running.end()

    assert priority == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


def test_f15_import_one_of_whose_processes_is_killed_ends_and_changes_nothing(
    home: Path, large: Path
) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is one processor, so the import works in one process")
    running = ImportProcess(home, large, AS_OF + _DAY)

    os.kill(_wait_for_worker(running), signal.SIGKILL)
    code, said = running.end()

    _wait_until_gone(running)
    assert code == 1
    assert "Nothing was changed" in said
    assert "Traceback" not in said
    assert leftovers(home / "registry") == []
    assert assert_whole(home, _IINS) == AS_OF


def _wait_for_worker(running: ImportProcess) -> int:
    # Python's own one, which cleans up after processes, comes first.
    while len(others := running.others()) < 2:
        assert not running.has_ended
        time.sleep(0.01)
    return others[-1]


def test_f14_f15_import_killed_at_every_step_leaves_one_whole_register(tmp_path: Path) -> None:
    home = home_of(tmp_path / "home", _FEW)
    days, codes = [], []
    csv, next_day = extract(tmp_path, _FEW, AS_OF + _DAY), AS_OF + _DAY
    with subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _CHILD, "registry", "import", str(csv), "--as-of", str(next_day)],
        cwd=tmp_path,
        env=clean_environment(home, REGISTRY_PEPPER=PEPPER, TODAY=LATER),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(1, 300):
            child.stdin.write(f"{number}\n")
            child.stdin.flush()
            codes.append(int(child.stdout.readline()))
            days.append(assert_whole(home, _FEW))
            if codes[-1] == 0:
                break

    assert codes == [-9] * (len(codes) - 1) + [0]
    assert len(codes) > 10
    assert days == sorted(days)
    assert (days[0], days[-1]) == (AS_OF, next_day)
    assert leftovers(home / "registry") == []


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own, where this process may make one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


def leave_free(disk: Path, free_bytes: int) -> Path:
    """Fill the disk but for so many bytes; give the file that fills it."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    state = os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, state.f_bavail * state.f_frsize - free_bytes)))
    return ballast


def assert_refused_for_room(code: int, said: str, home: Path) -> None:
    assert code == 1, said
    assert "Nothing was changed" in said
    assert "Traceback" not in said
    assert not any(iin.digits in said for iin in _FEW)
    assert leftovers(home / "registry") == []
    assert assert_whole(home, _IINS) == AS_OF


def import_with_growing_room(home: Path, csv: Path, step_bytes: int) -> int:
    """Import with so much room more each time until it works; tell how often it did not."""
    for times in range(100):
        ballast = leave_free(home, times * step_bytes)
        code, said = run_import(home, csv, AS_OF + _DAY)
        ballast.unlink()
        if code == 0:
            return times
        assert_refused_for_room(code, said, home)
    pytest.fail("it finds no room on an empty disk")


def _size_bytes(home: Path) -> int:
    (snapshot,) = (home / "registry").glob("*.sqlite")
    return snapshot.stat().st_size


def test_f12_f15_import_on_a_full_disk_leaves_the_register_and_no_rubbish(tmp_path: Path) -> None:
    with small_disk(tmp_path / "home") as home:
        home_of(home, _IINS)

        times = import_with_growing_room(
            home, extract(tmp_path, _IINS, AS_OF + _DAY), _size_bytes(home)
        )

        assert times >= 1
        assert assert_whole(home, _IINS) == AS_OF + _DAY
        assert leftovers(home / "registry") == []


@pytest.mark.long
@pytest.mark.timeout(600)
def test_f12_f15_import_with_any_room_works_or_leaves_the_register(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    with small_disk(tmp_path / "home") as home:
        home_of(home, _IINS)
        step_bytes = _size_bytes(home) // 16

        times = import_with_growing_room(home, extract(tmp_path, _IINS, AS_OF + _DAY), step_bytes)
        tell(f"{times} imports found too little room, by steps of {step_bytes:,} bytes")

        assert times > 5
        assert assert_whole(home, _IINS) == AS_OF + _DAY
        assert leftovers(home / "registry") == []


def test_f12_f15_import_that_may_write_no_large_file_leaves_the_register(home: Path) -> None:
    code, said = run_import(
        home,
        extract(home, _IINS, AS_OF + _DAY),
        AS_OF + _DAY,
        largest_bytes=50_000,
    )

    assert_refused_for_room(code, said, home)


def test_f15_second_import_and_a_rollback_are_refused_while_one_runs(
    home: Path, tmp_path: Path
) -> None:
    csv = extract(home, _IINS, AS_OF + _DAY)
    first = ImportProcess(home, csv, AS_OF + _DAY)
    _wait_for_work(first)
    first.stop()

    code, said = run_import(home, csv, AS_OF + _DAY)
    back = run_process(tmp_path, home, ("registry", "rollback"), {"REGISTRY_PEPPER": PEPPER})
    kept = assert_whole(home, _IINS)
    first.go_on()

    assert first.end()[0] == 0
    assert (code, back.returncode, kept) == (1, 1, AS_OF)
    for refusal in (said, back.stderr):
        assert "another import is running" in refusal
        assert "Traceback" not in refusal
    assert assert_whole(home, _IINS) == AS_OF + _DAY
    assert leftovers(home / "registry") == []
