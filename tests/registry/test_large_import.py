"""A file of many chunks, read and packed by several processes."""

import gzip
import multiprocessing
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from bot.domain.iin import Iin
from bot.registry.errors import ImportStoppedError
from bot.registry.importing import import_csv
from bot.registry.registry import Registry
from bot.registry.report import ImportReport, OnProgress, Progress, Reject
from bot.registry.row_problems import RowProblem
from bot.registry.synthetic.iins import synthetic_iins
from bot.registry.verify import verify

from .samples import AS_OF, KEY, line, write_csv

ROOT = Path(__file__).parents[2]
PEPPER = b"a pepper for the tests, not for you"
FIRST_LINE = 2
PEOPLE = 60_000
BLANK, CONFLICTING, SAME = 7, 20_000, 45_000
CHILD = """
import sys
from datetime import date
from pathlib import Path
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey

import_csv(Path(sys.argv[1]), as_of=date(2026, 11, 21), home=Path(sys.argv[2]),
           key=RegistryKey(sys.argv[3].encode()),
           on_progress=lambda state: print(state.phase, flush=True))
"""


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine megabytes of rows; the wrong ones at the end contradict and repeat early ones."""
    lines = [
        line(
            Iin(digits),
            level="ABCDE"[place % 5],
            phone="" if place % 7 == 0 else f"+7700{place:07}",
        )
        for place, digits in enumerate(islice(synthetic_iins(Random(9)), PEOPLE))
    ]
    lines[BLANK] = ""
    lines += [lines[CONFLICTING].replace(",A,", ",B,"), lines[SAME], "1,2,3"]
    return write_csv(tmp_path_factory.mktemp("large") / "register.csv", lines)


def import_into(home: Path, extract: Path, on_progress: OnProgress | None = None) -> ImportReport:
    return import_csv(extract, as_of=AS_OF, home=home, key=KEY, on_progress=on_progress)


def checksum(home: Path) -> str:
    with Registry(home, KEY) as registry:
        return registry.info.checksum


def test_several_processes_give_the_register_that_one_gives_row_by_row(
    tmp_path: Path, extract: Path
) -> None:
    # Packed it is too small to be worth processes; what is quoted is read row by row.
    text = extract.read_bytes()
    one, slow = tmp_path / "one.csv", tmp_path / "slow.csv"
    one.write_bytes(gzip.compress(text, 1))
    slow.write_bytes(gzip.compress(text.replace(b",citizen,", b',"citizen",'), 1))

    by_many = import_into(tmp_path / "by many", extract)
    by_one = import_into(tmp_path / "by one", one)
    row_by_row = import_into(tmp_path / "row by row", slow)

    assert by_many.rejects == (
        Reject(CONFLICTING + FIRST_LINE, RowProblem.CONFLICTING_ROWS),
        Reject(PEOPLE + FIRST_LINE, RowProblem.CONFLICTING_ROWS),
        Reject(PEOPLE + FIRST_LINE + 2, RowProblem.WRONG_COLUMN_COUNT),
    )
    assert (by_many.read, by_many.accepted, by_many.duplicates) == (PEOPLE + 2, PEOPLE - 2, 1)
    assert by_one.rejects == row_by_row.rejects == by_many.rejects
    assert len({checksum(tmp_path / name) for name in ("by many", "by one", "row by row")}) == 1
    assert verify(tmp_path / "by many", KEY) == []
    with Registry(tmp_path / "by many", KEY) as registry:
        for place, digits in enumerate(islice(synthetic_iins(Random(9)), 0, PEOPLE, 100)):
            entry = registry.find(Iin(digits))
            if place * 100 == CONFLICTING:
                assert entry is None
                continue
            assert entry is not None
            assert entry.person.level == "ABCDE"[place * 100 % 5]
            phone = None if place * 100 % 7 == 0 else KEY.of_phone(f"+7700{place * 100:07}")
            assert entry.has_phone(phone) is (phone is not None)


def test_f15_killed_worker_stops_the_import_and_nothing_is_left(
    tmp_path: Path, extract: Path
) -> None:
    def kill_one(_: Progress) -> None:
        if workers := multiprocessing.active_children():
            workers[0].kill()
            workers[0].join()

    with pytest.raises(ImportStoppedError, match=r"was killed.*import again"):
        import_into(tmp_path, extract, kill_one)

    assert [path.name for path in (tmp_path / "registry").iterdir()] == ["import.lock"]


def test_f15_workers_of_a_killed_import_end_by_themselves(tmp_path: Path, extract: Path) -> None:
    command: list[str | Path] = [sys.executable, "-c", CHILD, extract, tmp_path, PEPPER.decode()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own interpreter and text
        assert process.stdout is not None
        assert process.stdout.readline() == "read\n"
        workers = children_of(process.pid)
        process.kill()
        process.stdout.close()

    assert len(workers) >= 2
    end_s = time.monotonic() + 20
    while any(map(is_running, workers)) and time.monotonic() < end_s:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def children_of(pid: int) -> list[int]:
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if parent_of(path) == pid
    ]


def parent_of(path: Path) -> int | None:
    try:
        return int(path.read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
