"""Words that mislead are found, and twins that are swapped between languages."""

import re
from pathlib import Path

import pytest

from .conftest import Check
from .test_check import change

DISEASES = "foreigner-diseases"


@pytest.mark.parametrize(
    ("file", "addition", "named"),
    [
        pytest.param("locales/ky/guides/student.md", "ММК статусу бар.", "МСМК", id="ММК in ky"),
        pytest.param("locales/ky/guides/student.md", "Мына қызмет бар.", "Kazakh", id="kk letter"),
        pytest.param("locales/kk/guides/student.md", "ОСМС мәртебесі.", "МӘМС", id="ОСМС in kk"),
        pytest.param("locales/ru/guides/student.md", "Для инвалидов.", "инвалидностью", id="ru"),
        pytest.param("locales/ru/guides/student.md", "Звоните 1406.", "1414", id="old number"),
    ],
)
def test_misleading_word_is_named_with_what_to_say(
    share: Path, check: Check, file: str, addition: str, named: str
) -> None:
    path = share / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{addition}\n", encoding="utf-8")

    problems = check()

    assert any(file in problem and named in problem for problem in problems), problems


def test_swapped_measles_and_rubella_are_found(share: Path, check: Check) -> None:
    path = share / "locales" / "ky" / "guides" / f"{DISEASES}.md"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^2\. Кызамык", "2. ?", text, flags=re.MULTILINE)
    text = re.sub(r"^3\. Кызылча", "3. Кызамык", text, flags=re.MULTILINE)
    path.write_text(text.replace("2. ?", "2. Кызылча"), encoding="utf-8")

    problems = check()

    assert sum(DISEASES in problem and "different places" in problem for problem in problems) == 2


def test_pattern_that_is_none_is_named(share: Path, check: Check) -> None:
    change(share / "data" / "glossary.yaml", r"pattern: '\\b1406\\b'", "pattern: '('")

    (problem,) = check()

    assert "regular expression" in problem
