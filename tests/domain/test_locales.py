"""The three languages and the first guess of one."""

import pytest

from bot.domain.locales import Locale, guess_locale


@pytest.mark.parametrize(
    ("language_code", "locale"),
    [
        ("kk", Locale.KK),
        ("ru", Locale.RU),
        ("ky", Locale.KY),
        ("kk-KZ", Locale.KK),
        ("KY-kg", Locale.KY),
        ("kk-Cyrl-KZ", Locale.KK),
        ("en", Locale.RU),
        ("ka", Locale.RU),
        ("", Locale.RU),
        (None, Locale.RU),
    ],
)
def test_first_language_is_telegram_s_where_saqbol_speaks_it(
    language_code: str | None, locale: Locale
) -> None:
    assert guess_locale(language_code) is locale


def test_each_language_is_named_in_itself() -> None:
    assert [locale.own_name for locale in Locale] == ["Қазақша", "Русский", "Кыргызча"]
