"""Imports as processes of their own, on a register whose answers tell of which day they are."""

import os
import resource
import secrets
import signal
import sys
from contextlib import suppress
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from bot.cli import main
from bot.domain.iin import Iin
from bot.registry.generations import Generations
from bot.registry.importing import import_csv
from bot.registry.registry import OpenGeneration, Registry
from bot.registry.synthetic.iins import synthetic_iins
from bot.registry.verify import verify
from tests.cli.conftest import LATER, clean_environment
from tests.registry.samples import AS_OF, KEY, line, write_csv
from tests.telegram.process import _FORKS

PEPPER = "a pepper for the tests, not for you"
_LEVELS = "ABCDE"
_SAMPLE = 5
_LASTING = {"current", "import.lock"}


def people(number: int) -> list[Iin]:
    return [Iin(digits) for digits in islice(synthetic_iins(Random(11)), number)]


def level_on(as_of: date) -> str:
    """Give the level that everybody has in the extract of a day: neighbouring days differ."""
    return _LEVELS[as_of.toordinal() % len(_LEVELS)]


def extract(folder: Path, iins: list[Iin], as_of: date) -> Path:
    """Write the extract of a day."""
    lines = (line(iin, level=level_on(as_of)) for iin in iins)
    return write_csv(folder / f"{as_of}.csv", lines)


def home_of(home: Path, iins: list[Iin], *, days: int = 1) -> Path:
    """Import the extracts of the first days into a home folder."""
    home.mkdir(exist_ok=True)
    for number in range(days):
        as_of = AS_OF + timedelta(days=number)
        import_csv(extract(home, iins, as_of), as_of=as_of, home=home, key=KEY)
    return home


class ImportProcess:
    """``saqbol registry import`` in a group of processes of its own.

    Args:
        largest_bytes: it may write no file that is larger.
    """

    def __init__(
        self, home: Path, csv: Path, as_of: date, *, largest_bytes: int | None = None
    ) -> None:
        self._folder = home / "registry"
        self._before = self._generation()
        self._said = csv.parent / f"said-{secrets.token_hex(4)}"
        arguments = ["registry", "import", str(csv), "--as-of", str(as_of)]
        environment = clean_environment(home, REGISTRY_PEPPER=PEPPER, TODAY=LATER)
        self._process = _FORKS.Process(
            target=_run, args=(environment, arguments, self._said, largest_bytes)
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.exitcode is not None

    @property
    def is_at_work(self) -> bool:
        """Tell whether there is anything on the disk that an import would take away again."""
        return bool(leftovers(self._folder))

    @property
    def is_writing(self) -> bool:
        """Tell whether there is a snapshot that is not finished."""
        try:
            files = [path for path in self._folder.glob("*.tmp/**/*") if path.is_file()]
            return any(_is_database(path) for path in files)
        except FileNotFoundError:  # gone in the meantime
            return False

    def phase(self) -> str:
        """Tell by what is on the disk how far it has got; it must not run meanwhile."""
        if self.has_ended:
            return "after the end"
        left = leftovers(self._folder)
        if self._generation() != self._before:
            return "after the switch" if not left else "between switch and end"
        if not left:
            return "before the work"
        if any((self._folder / name).is_file() for name in left):
            return "before the switch"
        return "while writing" if self.is_writing else "while reading"

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> tuple[int, str]:
        """Wait for the end; give the exit code, -9 after a kill, and all that was said."""
        self._process.join(timeout=100)
        assert self._process.exitcode is not None
        said = self._said.read_text(encoding="utf-8") if self._said.exists() else ""
        return self._process.exitcode, said

    def others(self) -> list[int]:
        """List the processes that it started and that live."""
        return sorted(pid for pid in group_of(self.pid) if pid != self.pid)

    def _generation(self) -> str | None:
        listed = Generations(self._folder.parent).listed()
        return listed[0].file if listed else None


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6) == b"SQLite"


def _run(
    environment: dict[str, str], arguments: list[str], said: Path, largest_bytes: int | None
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(said.parent)
    output = os.open(said, os.O_WRONLY | os.O_CREAT, 0o600)
    for standard in (1, 2):
        os.dup2(output, standard)
    if largest_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_bytes, largest_bytes))
    sys.argv = ["saqbol", *arguments]
    main()


def run_import(
    home: Path, csv: Path, as_of: date, *, largest_bytes: int | None = None
) -> tuple[int, str]:
    """Import to the end; give the exit code and all that was said."""
    return ImportProcess(home, csv, as_of, largest_bytes=largest_bytes).end()


def group_of(leader: int) -> list[int]:
    """List the processes of the session of a process, but those that have ended."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            state, session = fields[0], int(fields[3])
            if session == leader and state not in "ZX":
                found.append(int(folder.name))
    return found


def leftovers(folder: Path) -> list[str]:
    """List what is in the folder of the register and is no part of it."""
    if not folder.exists():
        return []
    named = {generation.file for generation in Generations(folder.parent).listed()}
    # What an import changed stands beside its snapshot.
    named |= {str(Path(file).with_suffix(".json")) for file in named}
    return sorted({path.name for path in folder.iterdir()} - named - _LASTING)


def says_one_day(generation: OpenGeneration, iins: list[Iin], random: Random) -> bool:
    """Tell whether some people are all found as in the extract of the generation's day."""
    level = level_on(generation.info.as_of)
    found = [generation.find(iin) for iin in random.sample(iins, min(_SAMPLE, len(iins)))]
    return all(entry is not None and entry.person.level == level for entry in found)


def assert_whole(home: Path, iins: list[Iin]) -> date:
    """Check every byte and everybody of the current generation; give its day."""
    assert verify(home, KEY) == []
    with Registry(home, KEY) as registry:
        generation = registry.current
        assert generation.info.rows == len(iins)
        level = level_on(generation.info.as_of)
        for iin in iins:
            entry = generation.find(iin)
            assert entry is not None
            assert entry.person.level == level
        return generation.info.as_of
