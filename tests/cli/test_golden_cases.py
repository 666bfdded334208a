"""Every golden case through the whole command line: CSV, import, snapshot, look-up, JSON."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.domain.iin import control_digit
from bot.registry.rows import COLUMNS

from .conftest import PATIENCE_S, clean_environment, run_here

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text(encoding="utf-8"))
AS_OF = date(2026, 11, 21)
NAMES = [case["name"] for case in CASES]
_BY_PROCESS = (0, 6)


def number_of(index: int) -> str:
    """Give the well-formed IIN of a case: somebody born in 2096."""
    prefixes = (f"960{1 + index // 28}{1 + index % 28:02d}5{serial:04d}" for serial in range(99))
    return next(f"{p}{digit}" for p in prefixes if (digit := control_digit(p)) is not None)


def write_register(path: Path) -> Path:
    lines = [",".join(COLUMNS)]
    for index, case in enumerate(CASES):
        columns = dict.fromkeys(COLUMNS, "") | {"residence": "citizen"} | case["row"]
        lines.append(",".join({**columns, "iin": number_of(index)}.values()))
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cases_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home folder with one person for each case."""
    folder = tmp_path_factory.mktemp("cases")
    home = folder / "home"
    file = write_register(folder / "cases.csv")

    result = run_here(home, "registry", "import", file, "--as-of", AS_OF)

    assert result.exit_code == 0, result.output
    assert f"{len(CASES)} people of {len(CASES)} rows" in result.stdout
    return home


def expected_facts(case: dict[str, Any]) -> dict[str, Any]:
    facts = {key: value for key, value in case["expect"].items() if key != "options"}
    if "options" in case["expect"]:
        facts["ways"] = case["expect"]["options"]
    return facts


def comparable(printed: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """Give the facts that a case speaks of; of a way its months, total and end."""
    facts = {key: printed[key] for key in keys}
    if "ways" in keys:
        facts["ways"] = {
            code: {key: way[key] for key in ("months", "total", "until")}
            for code, way in printed["ways"].items()
        }
    return facts


@pytest.mark.parametrize("index", range(len(CASES)), ids=NAMES)
def test_status_prints_the_facts_of_the_golden_case(
    index: int, cases_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = expected_facts(CASES[index])

    result = run_here(cases_home, "status", number_of(index), "--on", CASES[index]["on"], "--json")

    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert comparable(printed, set(expected)) == expected
    assert printed["as_of"] == AS_OF.isoformat()
    assert printed["trace"]


@pytest.mark.parametrize("index", _BY_PROCESS, ids=[NAMES[index] for index in _BY_PROCESS])
def test_a_process_of_its_own_prints_the_same(index: int, cases_home: Path, tmp_path: Path) -> None:
    expected = expected_facts(CASES[index])

    done = subprocess.run(  # noqa: S603 - our own interpreter and arguments
        [sys.executable, "-m", "bot", "status", "-", "--on", CASES[index]["on"], "--json"],
        cwd=tmp_path,
        env=clean_environment(cases_home),
        input=f"{number_of(index)}\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )

    assert comparable(json.loads(done.stdout), set(expected)) == expected


def test_amounts_of_an_unverified_year_are_marked_in_json_and_left_out_of_the_text(
    cases_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    index = next(i for i, case in enumerate(CASES) if case["row"] == {})

    facts = run_here(cases_home, "status", number_of(index), "--on", "2027-02-01", "--json")
    text = run_here(cases_home, "status", number_of(index), "--on", "2027-02-01")

    assert json.loads(facts.stdout)["amounts_verified"] is False
    assert "minimum_wage" in facts.stderr
    assert "1414" in text.stdout
    assert "₸" not in text.stdout
