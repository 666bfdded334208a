"""Fictional people to try Saqbol with: numbers of the sample register and who they are."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.content.yaml_files import read_yaml
from bot.domain.iin import parse_iin
from bot.domain.locales import Locale

# A line of the list beside the chat.
MAX_WHO = 70


class Sample(BaseModel):
    """One person: the number to send and a line about the situation in every language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    iin: str
    who: Mapping[Locale, Annotated[str, Field(min_length=1, max_length=MAX_WHO)]]

    @field_validator("iin")
    @classmethod
    def _check_iin(cls, digits: str) -> str:
        return parse_iin(digits).digits

    @field_validator("who")
    @classmethod
    def _check_languages(cls, who: Mapping[Locale, str]) -> Mapping[Locale, str]:
        if missing := [locale.value for locale in Locale if locale not in who]:
            raise ValueError(f"missing in {', '.join(missing)}")
        return who


class Samples(BaseModel):
    """People of the sample register, the most typical first, as of one day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: date
    people: tuple[Sample, ...] = Field(min_length=1)

    @field_validator("people")
    @classmethod
    def _check_each_is_once(cls, people: tuple[Sample, ...]) -> tuple[Sample, ...]:
        numbers: set[str] = set()
        for place, sample in enumerate(people):
            if sample.iin in numbers:
                raise ValueError(f"entry {place}: the IIN …{sample.iin[-4:]} is there already")
            numbers.add(sample.iin)
        return people


def load_samples(folder: Path) -> Samples:
    """Read ``<folder>/people.yaml``.

    Raises:
        ContentError: the file is missing or not of its form, a language is missing, a number is
            wrong or there twice.
    """
    return read_yaml(folder / "people.yaml", Samples)
