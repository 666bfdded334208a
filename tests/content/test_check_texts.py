"""``content check`` finds what is wrong in guides and catalogues before a reader does."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from bot.content.catalogues import read_catalogue
from bot.content.check import MAX_GUIDE_CHARACTERS
from bot.domain.locales import Locale

from .conftest import Check
from .test_check import change

GUIDE = "locales/kk/guides/foreigner.md"
CATALOGUE = "locales/kk/LC_MESSAGES/bot.po"


@pytest.mark.parametrize(
    ("addition", "named"),
    [
        pytest.param("{no_such_value}", "{no_such_value}", id="unknown placeholder"),
        pytest.param("{status_days}", "placeholders differ", id="placeholder in one language"),
        pytest.param("{}", "placeholder", id="placeholder without a name"),
        pytest.param("a lone } brace", "foreigner.md", id="closing brace"),
        pytest.param("a lone { brace", "foreigner.md", id="opening brace"),
        pytest.param("## One more heading", "headings differ", id="headings"),
        pytest.param("[link](https://example.kz)", "links differ", id="links"),
        pytest.param("x" * MAX_GUIDE_CHARACTERS, "characters", id="too long"),
        pytest.param("![picture](a.png)", "foreigner.md", id="picture"),
        pytest.param("```\ncode\n```", "foreigner.md", id="block of code"),
        pytest.param("text\n\n***\n\ntext", "foreigner.md", id="line across"),
        pytest.param("<b>bold</b>", "foreigner.md", id="HTML"),
    ],
)
def test_wrong_text_of_a_guide_is_named(
    share: Path, check: Check, addition: str, named: str
) -> None:
    path = share / GUIDE
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{addition}\n", encoding="utf-8")

    problems = check()

    assert any(named in problem and "foreigner.md" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("pattern", "replacement", "named"),
    [
        pytest.param("^slug: .*", "slug: foreign", "slug", id="slug"),
        pytest.param("^title: .*", "title: " + "x" * 33, "title", id="long title"),
        pytest.param("^title: .*\n", "", "title", id="no title"),
        pytest.param("^reviewed_on: .*", "reviewed_on: soon", "reviewed_on", id="no day"),
        pytest.param("^references:", "sources:", "references", id="no references"),
    ],
)
def test_wrong_head_of_a_guide_is_named(
    share: Path, check: Check, pattern: str, replacement: str, named: str
) -> None:
    change(share / GUIDE, pattern, replacement)

    (problem,) = check()

    assert "foreigner.md" in problem
    assert named in problem


def rewrite(share: Path, edit: Callable[[Catalog, Message], None]) -> None:
    """Change one string with a single placeholder, ``{day}``, in the Kazakh catalogue."""
    catalogue = read_catalogue(share / "locales", Locale.KK)
    message = next(m for m in catalogue if re.findall("{.*?}", str(m.id)) == ["{day}"])
    edit(catalogue, message)
    with (share / CATALOGUE).open("wb") as file:
        write_po(file, catalogue)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("{date}", "other placeholders", id="other placeholder"),
        pytest.param("x", "other placeholders", id="placeholder left out"),
        pytest.param("{day} {}", "placeholders", id="placeholder without a name"),
        pytest.param("{day:d}", "placeholders", id="placeholder of another kind"),
        pytest.param("{day} }", "{day} }", id="lone brace"),
    ],
)
def test_wrong_translation_is_named(share: Path, check: Check, text: str, named: str) -> None:
    rewrite(share, lambda _, message: setattr(message, "string", text))

    (problem,) = check()

    assert CATALOGUE in problem
    assert named in problem


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        pytest.param(lambda _, message: message.flags.add("fuzzy"), "fuzzy", id="fuzzy"),
        pytest.param(
            lambda catalogue, message: catalogue.delete(message.id),
            "not the same strings",
            id="missing",
        ),
        pytest.param(
            lambda catalogue, _: catalogue.add("One more", "Тағы бір"),
            "not the same strings",
            id="one more",
        ),
    ],
)
def test_wrong_catalogue_is_named(
    share: Path, check: Check, edit: Callable[[Catalog, Message], None], named: str
) -> None:
    rewrite(share, edit)

    problems = check()

    assert any(CATALOGUE in problem and named in problem for problem in problems)


def test_catalogue_that_cannot_be_read_is_named(share: Path, check: Check) -> None:
    with (share / CATALOGUE).open("a", encoding="utf-8") as file:
        file.write('\nmsgid "One more"\nmsgstr "quote left out\n')

    (problem,) = check()

    assert CATALOGUE in problem


def _empty_form(text: str) -> str:
    return re.sub(r'^msgstr\[2\] (".*"\n)+', 'msgstr[2] ""\n', text, count=1, flags=re.MULTILINE)


def _no_form(text: str) -> str:
    return re.sub(r'^msgstr\[2\] (".*"\n)+', "", text, count=1, flags=re.MULTILINE)


def _other_rule(text: str) -> str:
    return re.sub(
        r'"Plural-Forms:(.*"\n)".*"\n', '"Plural-Forms: nplurals=1; plural=0;\\\\n"\n', text
    )


@pytest.mark.parametrize("damage", [_empty_form, _no_form, _other_rule])
def test_wrong_plural_of_russian_is_named(
    share: Path, check: Check, damage: Callable[[str], str]
) -> None:
    path = share / "locales/ru/LC_MESSAGES/bot.po"
    before = path.read_text(encoding="utf-8")
    path.write_text(damage(before), encoding="utf-8")

    problems = check()

    assert path.read_text(encoding="utf-8") != before
    assert any("locales/ru/LC_MESSAGES/bot.po" in problem for problem in problems)
