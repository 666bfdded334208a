"""docs/security.md says what is true: every test it names exists, every number is the code's."""

import importlib
import re

import pytest

from bot.config import SHARE
from bot.storage.tables import metadata
from tests.failures.table import TEST, names_in

_PAGE = (SHARE / "docs" / "security.md").read_text(encoding="utf-8")
_REQUIREMENTS = 48


def rows(heading: str) -> list[list[str]]:
    """Give the cells of the table under a heading, without its head."""
    _, _, section = _PAGE.partition(f"\n## {heading}\n")
    lines = section.partition("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def requirements() -> dict[int, list[str]]:
    return {int(number): cells for number, *cells in rows("The requirements")}


def test_all_requirements_are_there_once_in_order() -> None:
    assert [int(cells[0]) for cells in rows("The requirements")] == [*range(1, _REQUIREMENTS + 1)]


@pytest.mark.parametrize(("file", "test"), sorted(set(TEST.findall(_PAGE))))
def test_named_test_exists(file: str, test: str) -> None:
    assert test in names_in(SHARE / "tests" / file)


@pytest.mark.parametrize("number", range(1, _REQUIREMENTS + 1))
def test_requirement_has_a_proof_or_says_what_it_waits_for(number: int) -> None:
    _requirement, how, *proofs = requirements()[number]
    proof = " ".join(proofs)

    is_proved = bool(TEST.search(proof)) or "lint" in proof or ".ci/" in proof
    assert is_proved or re.match(r"open: \w+", how), how


def test_checks_of_ci_that_are_named_exist() -> None:
    named = re.findall(r"`(\.ci/\w+)`", _PAGE)

    assert named
    assert all((SHARE / name).is_file() for name in named)


def test_limits_of_the_page_are_those_of_the_code() -> None:
    table = rows("Limits")

    assert len(table) > 10
    for what, value, where in table:
        module_name, _, name = where.strip("`").partition(":")
        module = importlib.import_module(module_name)
        holder, _, field = name.partition(".")
        found = getattr(module, holder)
        found = found.model_fields[field].default if field else found
        assert float(value) == found, what


def test_inventory_of_the_page_is_that_of_the_database() -> None:
    inventory = rows("What is kept")
    columns = {(table.name, column.name) for table in metadata.sorted_tables for column in table.c}

    assert {(table, column) for table, column, *_ in inventory} == columns
    assert all(all(cells) and len(cells) == 4 for cells in inventory)
