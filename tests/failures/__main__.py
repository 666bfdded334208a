"""``python -m tests.failures [pytest options]``: every test of docs/failures.md, then its rows.

What a row says comes from the results of its tests; a test that did not run is no proof.
"""

import sys
from collections import defaultdict

import pytest

from tests.failures.table import Row, read_rows

_FOLDER = "tests/failures"


class Results:
    """Gathers what became of every test, and the figures that some give."""

    def __init__(self) -> None:
        self.outcomes: defaultdict[str, list[str]] = defaultdict(list)
        self.figures: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[report.nodeid.partition("[")[0]].append(report.outcome)
        if report.when == "call":
            self.figures += [
                str(value) for name, value in report.user_properties if name == "figure"
            ]

    def of(self, row: Row) -> tuple[str, int, int]:
        """Give the state of a row, and how many of its test cases passed and did not."""
        passed = others = 0
        is_missing = False
        for file, name in row.tests:
            outcomes = self.outcomes[f"tests/{file}::{name}"]
            passed += outcomes.count("passed")
            others += len(outcomes) - outcomes.count("passed")
            is_missing |= "passed" not in outcomes
        if others or is_missing:
            return "FAILED", passed, others
        if not row.tests:
            return "open", 0, 0
        return ("in part" if row.waits_for else "passed"), passed, 0


def main(options: list[str]) -> int:
    rows = read_rows()
    named = sorted({f"tests/{file}::{name}" for row in rows for file, name in row.tests})
    others = [test for test in named if not test.startswith(f"{_FOLDER}/")]
    results = Results()
    code = pytest.main(["-q", "-m", "", _FOLDER, *others, *options], plugins=[results])
    states = [results.of(row) for row in rows]
    lines = [
        f"F{row.number:02}  {state:8} {passed:5} {others:4}  {row.what}"
        for row, (state, passed, others) in zip(rows, states, strict=True)
    ]
    counts = {state: sum(each[0] == state for each in states) for state in _ORDER}
    summary = ", ".join(f"{number} {state}" for state, number in counts.items())
    print("\nrow  state   passed other  what fails", *lines, sep="\n")  # noqa: T201
    print("", *results.figures, f"{len(rows)} failures: {summary}", sep="\n")  # noqa: T201
    return int(code) or int(counts["FAILED"] > 0)


_ORDER = ("passed", "in part", "open", "FAILED")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
