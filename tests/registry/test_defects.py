"""Rows spoiled on purpose are refused for the reason they were spoiled for."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bot.registry.generate import HEADER, generate, generate_blocks
from bot.registry.row_problems import RowProblem
from bot.registry.synthetic.defects import EQUAL_ROW, Defect, spoil
from bot.registry.synthetic.people import Recipe
from tests.cli.conftest import run_here

from .samples import AS_OF
from .test_bad_files import import_bytes, rejects

PEOPLE = 3_000
SHARE = 0.3


def spoiled(seed: int, share: float = SHARE, people: int = PEOPLE) -> tuple[bytes, list[Defect]]:
    (block,) = generate_blocks(people, Recipe(seed, AS_OF, share), processes=1)
    return f"{HEADER}\n".encode() + block.text, block.defects


@pytest.mark.parametrize("problem", [*RowProblem])
def test_spoiled_row_is_refused_for_this_reason_whatever_it_said(
    tmp_path: Path, problem: RowProblem
) -> None:
    random = Random(5)
    _, *good = generate(130, 3, AS_OF)
    wrong = [spoil(text, problem, random) for text in good[:60]]
    right = good if problem is RowProblem.CONFLICTING_ROWS else good[60:]

    report = import_bytes(
        tmp_path, "\n".join([HEADER, *right, *wrong]).encode("utf-8", "surrogateescape")
    )

    assert set(report.reasons) == {problem}
    assert report.accepted == 70


@pytest.mark.parametrize("seed", [1, 2])
def test_f17_f18_every_defect_of_a_generated_file_is_rejected_by_name_and_line(
    tmp_path: Path, seed: int
) -> None:
    content, defects = spoiled(seed)
    expected = [defect for defect in defects if defect.reason != EQUAL_ROW]

    report = import_bytes(tmp_path, content)

    assert {defect.reason for defect in defects} == {*RowProblem, EQUAL_ROW}
    assert rejects(tmp_path) == expected
    assert report.reasons == Counter(defect.reason for defect in expected)
    assert report.duplicates == len(defects) - len(expected)
    assert report.read == PEOPLE
    assert report.accepted == PEOPLE - len(defects)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_f18_every_defect_among_two_million_is_rejected_by_name_and_line(tmp_path: Path) -> None:
    csv = tmp_path / "people.csv.zst"
    options = ("--people", "2000000", "--as-of", str(AS_OF), "--defects", "0.02")
    listed = tmp_path / "rejects.csv"

    made = run_here(tmp_path, "registry", "generate", *options, "-o", csv)
    done = run_here(tmp_path, "registry", "import", csv, "--as-of", AS_OF, "--rejects", listed)

    assert (made.exit_code, done.exit_code) == (0, 0), done.output
    _, *defects = csv.with_name(f"{csv.name}.defects.csv").read_text("ascii").splitlines()
    expected = sorted(defect for defect in defects if not defect.endswith(f",{EQUAL_ROW}"))
    assert len(expected) > 35_000
    assert {defect.partition(",")[2] for defect in defects} == {*RowProblem, EQUAL_ROW}
    _, *found = listed.read_text("ascii").splitlines()
    assert sorted(found) == expected


def test_as_many_rows_are_spoiled_as_asked_and_the_others_stay_as_they_are() -> None:
    clean, _ = spoiled(1, share=0)
    content, defects = spoiled(1, share=0.1)
    pairs = zip(clean.splitlines(), content.splitlines(), strict=True)
    changed = {number for number, (before, after) in enumerate(pairs, 1) if before != after}
    by_line = dict(defects)

    assert len(changed) == pytest.approx(0.1 * PEOPLE, rel=0.15)
    # The other one of two that contradict each other is as it was.
    untouched = set(by_line) - changed
    assert {by_line[number] for number in untouched} == {RowProblem.CONFLICTING_ROWS}
    assert changed <= set(by_line)


def test_more_people_with_defects_only_add_lines() -> None:
    recipe = Recipe(4, AS_OF, 0.05)
    long = b"".join(block.text for block in generate_blocks(20_500, recipe, processes=1))

    for people in (0, 1, 9_999, 10_000, 10_001, 20_000):
        short = b"".join(block.text for block in generate_blocks(people, recipe, processes=1))
        assert short.count(b"\n") == people
        assert long.startswith(short)


def test_defects_of_a_shorter_file_are_those_of_its_own_lines(tmp_path: Path) -> None:
    content, defects = spoiled(1, people=1_111)

    import_bytes(tmp_path, content)

    assert rejects(tmp_path) == [defect for defect in defects if defect.reason != EQUAL_ROW]


def test_every_row_may_be_spoiled() -> None:
    _, defects = spoiled(1, share=1, people=500)

    assert [defect.line for defect in defects] == list(range(2, 502))
