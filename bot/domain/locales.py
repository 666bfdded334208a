"""The three languages of Saqbol."""

from enum import StrEnum


class Locale(StrEnum):
    """BCP 47 tags, in the order of the language buttons."""

    KK = "kk"
    RU = "ru"
    KY = "ky"

    @property
    def own_name(self) -> str:
        return {"kk": "Қазақша", "ru": "Русский", "ky": "Кыргызча"}[self.value]


def guess_locale(language_code: str | None) -> Locale:
    """Choose the locale for a first contact; Russian where Telegram's language is another one."""
    code = (language_code or "").lower().partition("-")[0]
    return Locale(code) if code in set(Locale) else Locale.RU
