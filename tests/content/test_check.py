"""``content check`` finds what is missing or wrong in data/ and names the file."""

import re
from pathlib import Path

import pytest

from bot.config import SHARE
from bot.content.check import find_problems

from .conftest import Check

PARAMETER = "data/parameters/mci.yaml"
ROUTES = "data/routes/guides.yaml"
REFERENCES = "data/references.yaml"
PEOPLE = "data/sample/people.yaml"


def change(path: Path, pattern: str, replacement: str) -> None:
    """Edit the first place, as a hasty editor does."""
    text, number = re.subn(
        pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE
    )
    assert number == 1, f"nothing in {path.name} looks like {pattern}"
    path.write_text(text, encoding="utf-8")


def test_what_is_published_has_no_problem() -> None:
    assert find_problems(SHARE) == []


@pytest.mark.parametrize(
    ("file", "named"),
    [
        pytest.param(PARAMETER, "mci.yaml is missing", id="parameter"),
        pytest.param("data/requisites.yaml", "requisites.yaml is missing", id="requisites"),
        pytest.param(REFERENCES, "references.yaml is missing", id="references"),
        pytest.param(ROUTES, "guides.yaml is missing", id="routes"),
        pytest.param(PEOPLE, "people.yaml is missing", id="sample people"),
        pytest.param("locales/ky/LC_MESSAGES/bot.po", "ky/LC_MESSAGES/bot.po", id="catalogue"),
        pytest.param("locales/kk/guides/foreigner.md", "foreigner is missing in kk", id="guide"),
    ],
)
def test_missing_file_is_named(share: Path, check: Check, file: str, named: str) -> None:
    (share / file).unlink()

    (problem,) = check()

    assert named in problem


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "named"),
    [
        pytest.param(PARAMETER, "since: 2025", "since: 2027", "ordered", id="out of order"),
        pytest.param(PARAMETER, "since: 2025-01-01", "since: 2026-01-01", "once", id="day twice"),
        pytest.param(PARAMETER, "value: .*", "value: many", "value", id="value is a word"),
        pytest.param(PARAMETER, "value: .*", "value: .nan", "value", id="value is no number"),
        pytest.param(PARAMETER, "confidence: .", "confidence: X", "confidence", id="confidence"),
        pytest.param(PARAMETER, "reference:", "refrence:", "refrence", id="misspelt field"),
        pytest.param(PARAMETER, "description: .*", "description: [", "YAML", id="not YAML"),
        pytest.param(
            PARAMETER,
            "verified_until: .*",
            "verified_until: 2020-01-01",
            "verified_until",
            id="verified until before it begins",
        ),
        pytest.param(ROUTES, r"\[level-d-e, ", "[no-such-guide, ", "no-such-guide", id="no guide"),
        pytest.param(ROUTES, "^  GAP: .*\n", "", "GAP", id="reason without a route"),
        pytest.param(ROUTES, "^  gaps: .*\n", "", "gaps", id="way without a route"),
        pytest.param(REFERENCES, "^run:\n(  .*\n)+", "", "run", id="provision without a text"),
        pytest.param(REFERENCES, "^  ky: .*\n", "", "in ky", id="provision in two languages"),
        pytest.param(PEOPLE, "950101500019", "950101500018", "iin", id="wrong sample number"),
    ],
)
def test_wrong_figure_route_or_reference_is_named(
    share: Path, check: Check, file: str, pattern: str, replacement: str, named: str
) -> None:
    change(share / file, pattern, replacement)

    problems = check()

    assert problems
    assert all(Path(file).name in problem for problem in problems)
    assert any(named in problem for problem in problems)


@pytest.mark.parametrize(
    ("file", "pattern", "replacement", "named"),
    [
        pytest.param(
            "canned.yaml", r"\{independent_monthly\}", "{sunshine}", "placeholder {sunshine}",
            id="unknown placeholder",
        ),
        pytest.param(
            "canned.yaml", r"Номер разговора: \{number\}", "Номер", "different placeholders",
            id="languages differ",
        ),
        pytest.param("canned.yaml", "key: away", "key: hello", "the same key", id="key twice"),
        pytest.param("canned.yaml", "key: away", "key: [away", "is not YAML", id="no YAML"),
        pytest.param("canned.yaml", r"проверить\. \{hours\}", "{", "lone braces", id="lone brace"),
        pytest.param("hours.yaml", "monday", "someday", "week", id="no such day"),
        pytest.param("hours.yaml", "09:00-18:00", "9-18", "week", id="no hours"),
    ],
)  # fmt: skip
def test_wrong_reply_or_hours_of_operators_are_named(
    share: Path, check: Check, file: str, pattern: str, replacement: str, named: str
) -> None:
    change(share / "data" / "inbox" / file, pattern, replacement)

    assert any(named in problem for problem in check())


def test_parameter_that_no_rule_uses_is_named(share: Path, check: Check) -> None:
    (share / "data" / "parameters" / "sunshine.yaml").write_text("description: none\n")

    (problem,) = check()

    assert "sunshine" in problem


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(PARAMETER, id="parameter"),
        pytest.param("locales/kk/guides/foreigner.md", id="guide"),
        pytest.param("locales/kk/LC_MESSAGES/bot.po", id="catalogue"),
    ],
)
def test_file_saved_in_the_old_windows_code_page_is_named(
    share: Path, check: Check, file: str
) -> None:
    path = share / file
    path.write_bytes(path.read_bytes() + "# қате".encode("utf-16"))

    (problem,) = check()

    assert path.name in problem
