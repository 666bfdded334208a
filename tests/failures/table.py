"""docs/failures.md as data: the failures and the tests that prove what is promised."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from bot.config import SHARE

PAGE = SHARE / "docs" / "failures.md"
NUMBER = 50
TEST = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


@dataclass(frozen=True)
class Row:
    """One failure.

    Attributes:
        tests: file from ``tests/`` and name.
        waits_for: why it is open, or what of it is; empty when nothing is.
    """

    number: int
    what: str
    promise: str
    tests: tuple[tuple[str, str], ...]
    waits_for: str


def names_in(path: Path) -> set[str]:
    """Give the names of the functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, functions)}


def read_rows() -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if re.match(r"\| \d+ \|", line)]
    return [_row(line) for line in table]


def _row(line: str) -> Row:
    number, what, promise, tests, waits_for = (
        cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")
    )
    return Row(int(number), what, promise, tuple(TEST.findall(tests)), waits_for)
