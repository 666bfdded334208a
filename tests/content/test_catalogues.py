"""The catalogues have every string of the code, and count in three languages."""

from functools import cache

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from bot.config import SHARE
from bot.content.catalogues import read_catalogue
from bot.content.library import Content
from bot.domain.locales import Locale
from bot.telegram.i18n import Catalogues, ngettext

# As `make translations` extracts them.
_KEYWORDS = {**DEFAULT_KEYWORDS, "_": None, "ngettext": (1, 2)}
_MONTHS = (
    "The employer has not paid the contribution for {number} month: {months}.",
    "The employer has not paid the contributions for {number} months: {months}.",
)


@cache
def strings_of_the_code() -> frozenset[str | tuple[str, ...]]:
    """List what the code asks to be translated; a string with a plural is a pair."""
    found = extract_from_dir(SHARE / "bot" / "telegram", keywords=_KEYWORDS)
    return frozenset(message for _file, _line, message, _comments, _context in found)


def strings_of(locale: Locale) -> set[str | tuple[str, ...]]:
    catalogue = read_catalogue(SHARE / "locales", locale)
    ids = (message.id for message in catalogue if message.id)
    return {each if isinstance(each, str) else tuple(each) for each in ids}


def test_the_code_has_strings_at_all() -> None:
    assert len(strings_of_the_code()) > 100
    assert _MONTHS in strings_of_the_code()


@pytest.mark.parametrize("locale", Locale)
def test_catalogue_has_the_strings_of_the_code_and_no_others(locale: Locale) -> None:
    found = strings_of(locale)

    assert strings_of_the_code() - found == set(), "run `make translations` and translate"
    assert found - strings_of_the_code() == set(), "run `make translations`"


@pytest.mark.parametrize("locale", Locale)
def test_every_string_is_translated_into_every_form(locale: Locale) -> None:
    forms = {Locale.KK: 2, Locale.RU: 3, Locale.KY: 2}[locale]

    for message in read_catalogue(SHARE / "locales", locale):
        texts = [message.string] if isinstance(message.id, str) else list(message.string or ())
        assert len(texts) == (1 if isinstance(message.id, str) else forms), message.id
        assert all(texts) or not message.id, message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize(
    ("locale", "number", "form"),
    [
        pytest.param(Locale.RU, 1, "1 месяц:", id="ru 1"),
        pytest.param(Locale.RU, 2, "2 месяца:", id="ru 2"),
        pytest.param(Locale.RU, 5, "5 месяцев:", id="ru 5"),
        pytest.param(Locale.RU, 11, "11 месяцев:", id="ru 11"),
        pytest.param(Locale.RU, 21, "21 месяц:", id="ru 21"),
        pytest.param(Locale.KK, 1, "1 ай", id="kk 1"),
        pytest.param(Locale.KK, 2, "2 ай", id="kk 2"),
        pytest.param(Locale.KY, 1, "1 ай", id="ky 1"),
        pytest.param(Locale.KY, 2, "2 ай", id="ky 2"),
    ],
)
def test_months_are_counted_in_the_right_form(
    content: Content, locale: Locale, number: int, form: str
) -> None:
    with Catalogues(content.translations).using(locale):
        text = ngettext(*_MONTHS, number).format(number=number, months="…")

    assert form in text
    assert "month" not in text
