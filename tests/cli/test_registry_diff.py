"""``saqbol registry diff``, and the comparison at the end of an import."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import SHARE, Settings
from bot.registry.generations import Generations
from bot.registry.keys import registry_key
from bot.registry.registry import Registry
from bot.registry.summary import read_summary
from bot.registry.verify import verify
from tests.registry.samples import IINS, line, write_csv

from .conftest import LATER, PATIENCE_S, Saqbol, clean_environment

BEFORE, AFTER = "2026-11-21", "2026-11-22"
# Runs a command that is killed when the summary is begun, or when it is to appear.
CHILD = """
import os, signal, sys
from bot.cli import main
from bot.registry import summary

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv.pop(1) == "compared":
    summary.compare = die
else:
    replace = os.replace
    os.replace = lambda old, new: die() if str(new).endswith(".json") else replace(old, new)
main()
"""


def import_day(saqbol: Saqbol, tmp_path: Path, day: str, lines: list[str], *more: str) -> str:
    """Import these lines; give what the command printed."""
    write_csv(tmp_path / "rows.csv", lines)
    result = saqbol("registry", "import", "rows.csv", "--as-of", day, *more)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def two_days(saqbol: Saqbol, tmp_path: Path) -> list[str]:
    """Import 100 people, and a day later 2 more, 3 fewer, 4 without payments, 5 of other phones."""
    outputs = [import_day(saqbol, tmp_path, BEFORE, [line(iin) for iin in IINS[:100]])]
    lines = [line(iin) for iin in IINS[12:102]]
    lines += [line(iin, contributions="", spells="", region="71") for iin in IINS[3:7]]
    lines += [line(iin, phone="+77000009999") for iin in IINS[7:12]]
    return [*outputs, import_day(saqbol, tmp_path, AFTER, lines)]


def test_import_says_and_keeps_what_it_changed(home: Path, two_days: list[str]) -> None:
    first, second = two_days
    generations = Generations(home)
    current, before = generations.listed()

    assert "Since" not in first
    assert (
        f"Since {BEFORE}: 2 appeared, 3 gone, 9 records changed, 4 lost cover, 0 got cover"
        in second
    )
    kept = read_summary(generations, current.file)
    assert kept is not None
    assert (kept.before.generation, kept.after.generation) == (before.file, current.file)
    assert (kept.appeared, kept.gone, kept.changed, kept.lost_cover) == (2, 3, 9, 4)
    assert read_summary(generations, before.file) is None


def test_diff_prints_counts_by_status_region_and_reason(
    saqbol: Saqbol, two_days: list[str]
) -> None:
    result = saqbol("registry", "diff", COLUMNS="120")

    assert result.exit_code == 0
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in result.stdout.splitlines()]
    assert ["insured → uninsured", "4"] in rows
    assert ["– → insured", "2"] in rows
    assert ["71", "0", "0", "4", "0"] in rows
    assert ["75", "2", "3", "0", "0"] in rows
    assert ["NO_PAY_12M", "0", "0", "4", "0"] in rows
    assert "88 records are the same" in result.stdout
    assert not any(iin.digits in result.output for iin in IINS)


def test_diff_as_json_has_the_documented_keys(
    saqbol: Saqbol, home: Path, two_days: list[str]
) -> None:
    names = [generation.file for generation in Generations(home).listed()]

    by_file = saqbol("registry", "diff", names[1], names[0], "--json")
    by_day = saqbol("registry", "diff", BEFORE, AFTER, "--json")

    facts = json.loads(by_file.stdout)
    assert json.loads(by_day.stdout) == facts
    assert facts["after"] == {"generation": names[0], "as_of": AFTER, "people": 99}
    described = (SHARE / "docs" / "register.md").read_text(encoding="utf-8")
    for name in {*facts, *facts["after"], *facts["moves"][0]}:
        assert f"`{name}`" in described, name
    lost = {"before": "insured", "after": "uninsured", "region": "71", "reason": "NO_PAY_12M"}
    assert lost | {"people": 4} in facts["moves"]
    assert (facts["same"], facts["changed"], facts["other_status"]) == (88, 9, 4)


def test_diff_backwards_turns_the_counts_round(saqbol: Saqbol, two_days: list[str]) -> None:
    facts = json.loads(saqbol("registry", "diff", AFTER, BEFORE, "--json").stdout)

    assert (facts["appeared"], facts["gone"], facts["got_cover"]) == (3, 2, 4)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((BEFORE,), 2, "name two generations"),
        ((BEFORE, "2026-11-30"), 1, "there is no generation 2026-11-30"),
        ((), 1, "nothing to compare"),
    ],
)
def test_diff_of_what_is_not_there_says_what_to_do(
    saqbol: Saqbol, tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    import_day(saqbol, tmp_path, BEFORE, [line(iin) for iin in IINS[:30]])

    result = saqbol("registry", "diff", *arguments)

    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""


def test_f13_damaged_generation_before_is_replaced_by_force(
    saqbol: Saqbol, home: Path, tmp_path: Path
) -> None:
    lines = [line(iin) for iin in IINS[:300]]
    import_day(saqbol, tmp_path, BEFORE, lines)
    generations = Generations(home)
    old = generations.path_of(generations.listed()[0])
    with closing(sqlite3.connect(old)) as database, database:
        (data,) = database.execute("SELECT data FROM buckets WHERE number = 3").fetchone()
        damaged = data[:-1] + bytes([data[-1] ^ 1])
        database.execute("UPDATE buckets SET data = ? WHERE number = 3", (damaged,))

    stopped = saqbol("registry", "import", "rows.csv", "--as-of", AFTER)
    saqbol("db", "upgrade")
    said = import_day(saqbol, tmp_path, AFTER, lines, "--force", "one bucket is damaged")

    assert stopped.exit_code == 1
    assert "cannot be read and compared" in stopped.stderr
    current = generations.listed()[0].file
    assert current.startswith(AFTER)
    assert "the new register is in use, but was not compared" in said
    assert old.name in said
    assert read_summary(generations, current) is None


@pytest.mark.parametrize("moment", ["compared", "written"])
def test_f15_import_killed_at_its_summary_leaves_the_new_register_in_use(
    saqbol: Saqbol, home: Path, tmp_path: Path, moment: str
) -> None:
    import_day(saqbol, tmp_path, BEFORE, [line(iin) for iin in IINS[:60]])
    write_csv(tmp_path / "next.csv", [line(iin) for iin in IINS[1:60]])

    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", CHILD, moment, "registry", "import", "next.csv", "--as-of", AFTER],
        cwd=tmp_path,
        env=clean_environment(home, TODAY=LATER),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL, done.stderr
    key = registry_key(Settings(home_dir=home, _env_file=None))
    with Registry(home, key) as registry:
        assert registry.info.as_of.isoformat() == AFTER
        assert registry.find(IINS[0]) is None
        assert registry.find(IINS[1]) is not None
    assert verify(home, key) == []
    generations = Generations(home)
    assert read_summary(generations, generations.listed()[0].file) is None
    said = import_day(saqbol, tmp_path, "2026-11-23", [line(iin) for iin in IINS[:60]])
    assert f"Since {AFTER}: 1 appeared" in said
    assert len(list(generations.folder.glob("*.json"))) == 1
    assert not list(generations.folder.glob("*.tmp"))
