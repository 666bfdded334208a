"""A text in every language, written beside the data it belongs to."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from bot.domain.locales import Locale


def _check_languages(texts: Mapping[Locale, str]) -> Mapping[Locale, str]:
    if missing := [locale.value for locale in Locale if not texts.get(locale, "").strip()]:
        raise ValueError(f"missing in {', '.join(missing)}")
    return texts


Translated = Annotated[Mapping[Locale, str], AfterValidator(_check_languages)]
