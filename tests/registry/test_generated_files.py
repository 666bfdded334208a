"""The same bytes on any machine and by any number of processes, whole or not at all."""

import gzip
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pytest
import zstandard

from bot.registry.generate import GenerateError, generate, generate_blocks
from bot.registry.new_file import new_file
from bot.registry.synthetic.iins import MAX_PEOPLE, iin_blocks
from bot.registry.synthetic.people import Recipe

from .samples import AS_OF

ROOT = Path(__file__).parents[2]
RECIPE = Recipe(1, AS_OF, 0.01)
# Of the first 2,000 lines of seed 1: change it when the made-up lives change, and only then.
DIGEST = "9891a9537ae62f8530ebff187039ca4fb558a8878a89f6516b348d65d22db285"
PATIENCE_S = 60


def digest(recipe: Recipe, people: int, processes: int) -> str:
    total = hashlib.sha256()
    for block in generate_blocks(people, recipe, processes):
        total.update(block.text)
        total.update(repr(block.defects).encode())
    return total.hexdigest()


def command(output: Path, people: int) -> list[str]:
    return [
        *(sys.executable, "-m", "bot", "registry", "generate", "--as-of", str(AS_OF)),
        *("--people", str(people), "--defects", "0.01", "-o", str(output)),
    ]


def children_of(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return False
    return state[0] not in "ZX"


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_bytes_of_a_seed_are_these_on_any_machine() -> None:
    lines = "\n".join(generate(2_000, 1, AS_OF))

    assert hashlib.sha256(lines.encode()).hexdigest() == DIGEST


def test_any_number_of_processes_makes_the_same_bytes() -> None:
    alone = digest(RECIPE, 102_345, processes=1)

    assert digest(RECIPE, 102_345, processes=3) == alone


def test_seed_day_and_place_in_the_file_decide_the_people() -> None:
    whole = RECIPE._replace(defects=0)
    first, second = generate_blocks(20_000, whole, processes=1)
    (other,) = generate_blocks(10_000, whole._replace(seed=2), processes=1)
    (next_month,) = generate_blocks(10_000, whole._replace(as_of=date(2026, 12, 21)), processes=1)

    lives = {
        tuple(line.split(b",", 5)[5] for line in block.text.splitlines())
        for block in (first, second, other, next_month)
    }
    assert len(lives) == 4


@pytest.mark.long
def test_no_number_comes_twice_among_all_there_are() -> None:
    """A bit for each place of a day, century digit and serial: nothing is remembered otherwise."""
    days = np.full(1_000_000, -1, dtype=np.int64)
    seen = np.zeros(5 * 366 * 2 * 10_000, dtype=bool)
    count = 0
    for numbers in iin_blocks(Random(18), 1_000_000):
        dates, rest = np.divmod(numbers // 10, 100_000)
        for day in np.unique(dates[days[dates] < 0]):
            days[day] = days.max() + 1
        places = days[dates] * 20_000 + rest - 50_000
        seen[places] = True
        count += len(numbers)

    assert int(seen.sum()) == count > MAX_PEOPLE


def test_more_people_than_numbers_and_a_day_too_early_are_refused() -> None:
    with pytest.raises(GenerateError, match="36,000,000 people only"):
        next(generate_blocks(MAX_PEOPLE + 1, RECIPE, processes=1))
    with pytest.raises(GenerateError, match="2023-01-01 on"):
        next(generate_blocks(1, RECIPE._replace(as_of=date(2022, 12, 31)), processes=1))


def test_compressed_file_says_the_same_and_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    text = b"a line of the register\n" * 10_000
    for name in ("plain.csv", "a.csv.gz", "b.csv.gz", "a.csv.zst", "b.csv.zst"):
        with new_file(tmp_path / name) as write:
            write(text[:1_000])
            write(text[1_000:])

    assert (tmp_path / "plain.csv").read_bytes() == text
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()) == text
    with zstandard.open(tmp_path / "a.csv.zst") as file:
        assert file.read() == text
    for kind in ("gz", "zst"):
        packed = (tmp_path / f"a.csv.{kind}").read_bytes()
        assert packed == (tmp_path / f"b.csv.{kind}").read_bytes()
        assert len(packed) < len(text) // 50
    # A gzip file may hold its name and the second it was made in.
    assert (tmp_path / "a.csv.gz").read_bytes()[3:8] == bytes(5)


def test_error_while_writing_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "people.csv.gz"
    path.write_bytes(b"before")

    with pytest.raises(TypeError), new_file(path) as write:
        write("not bytes")  # type: ignore[arg-type]  # any error at all

    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(FileExistsError, match="no file"), new_file(pipe):
        pass

    assert pipe.is_fifo()


@pytest.fixture
def generating(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a generator of millions, and wait until it writes; it ends with the test."""
    if not Path("/proc/self/task").exists():
        pytest.skip("reads Linux's list of processes")
    process = subprocess.Popen(  # noqa: S603 - our own
        command(tmp_path / "people.csv", 3_000_000), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    part = tmp_path / "people.csv.part"
    wait_until(lambda: part.exists() and part.stat().st_size > 1_000_000)
    yield process
    process.kill()
    process.communicate()


def test_killed_generator_leaves_no_half_file_and_no_process(
    tmp_path: Path, generating: subprocess.Popen[str]
) -> None:
    workers = children_of(generating.pid)

    generating.kill()
    generating.wait()

    assert workers
    wait_until(lambda: not any(map(is_running, workers)))
    assert not (tmp_path / "people.csv").exists()
    subprocess.run(command(tmp_path / "people.csv", 500), cwd=ROOT, check=True)  # noqa: S603 - our own
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "people.csv",
        "people.csv.defects.csv",
    ]


def test_killed_process_of_a_generator_ends_it_with_a_word_and_leaves_nothing(
    tmp_path: Path, generating: subprocess.Popen[str]
) -> None:
    os.kill(children_of(generating.pid)[-1], signal.SIGKILL)

    _, said = generating.communicate(timeout=PATIENCE_S)

    assert generating.returncode == 1
    assert "was killed" in said
    assert "Traceback" not in said
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="limits the size of a file")
def test_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    limited = ["prlimit", "--fsize=100000", *command(tmp_path / "people.csv", 150_000)]

    done = subprocess.run(  # noqa: S603 - our own
        limited, cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "cannot write" in done.stderr
    assert "make room" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [*tmp_path.iterdir()]
