"""Editors' commands: check, graph, words, posters."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.assessment import ReasonCode, WayCode
from bot.domain.locales import Locale

from .conftest import Saqbol


def test_graph_leads_from_every_reason_and_way_to_a_guide(saqbol: Saqbol) -> None:
    result = saqbol("content", "graph")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "flowchart LR"
    for code in ReasonCode:
        assert any(line.strip().startswith(f"{code}[{code}] -->") for line in lines), code
    for way in WayCode:
        assert any(line.strip().startswith(f"way_{way}(") for line in lines), way


def test_graph_names_only_guides_that_exist(saqbol: Saqbol) -> None:
    text = saqbol("content", "graph").stdout

    drawn = set(re.findall(r"^  (guide_\w+)\[", text, re.MULTILINE))
    assert set(re.findall(r"guide_\w+", text)) == drawn


def test_words_are_counted_by_language(saqbol: Saqbol) -> None:
    lines = saqbol("content", "words").stdout.splitlines()

    assert [line[:2] for line in lines] == [locale.value for locale in Locale]
    numbers = [[int(number) for number in re.findall(r"[0-9]+", line)] for line in lines]
    assert all(guides == numbers[0][0] and words > 5_000 for guides, words, _asks in numbers)


def test_poster_opens_the_guide(saqbol: Saqbol, tmp_path: Path) -> None:
    path = tmp_path / "poster.png"

    result = saqbol("content", "qr", "turned-18", "--bot", "@SaqbolBot", "-o", path)

    assert result.exit_code == 0
    assert "https://t.me/SaqbolBot?start=g_turned-18" in result.stdout
    with Image.open(BytesIO(path.read_bytes())) as picture:
        assert picture.width == picture.height >= 300


def test_poster_as_svg_by_default(saqbol: Saqbol, tmp_path: Path) -> None:
    assert saqbol("content", "qr", "student", "--bot", "SaqbolBot").exit_code == 0

    assert "<svg" in (tmp_path / "student.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        pytest.param(("no-such", "--bot", "B"), "no-such", id="guide"),
        pytest.param(("student", "--bot", "B", "-o", "poster.jpg"), ".svg or .png", id="form"),
    ],
)
def test_wrong_poster_is_refused_with_what_to_do(
    saqbol: Saqbol, arguments: tuple[str, ...], named: str
) -> None:
    result = saqbol("content", "qr", *arguments)

    assert result.exit_code == 1
    assert named in result.stderr


@pytest.mark.parametrize(("today", "code"), [("2026-12-01", 0), ("2028-01-01", 1)])
def test_guides_past_their_review_date_are_listed(saqbol: Saqbol, today: str, code: int) -> None:
    strict = saqbol("content", "check", "--reviews", TODAY=today)
    lenient = saqbol("content", "check", TODAY=today)

    assert (strict.exit_code, lenient.exit_code) == (code, 0)
    assert ("student.md: checked on 2026" in strict.stderr) is bool(code)
    assert ("student.md: checked on 2026" in lenient.stderr) is bool(code)
