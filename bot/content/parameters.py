"""Reads data/parameters: one YAML file a figure of the law."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.content.errors import ContentError
from bot.content.yaml_files import read_yaml
from bot.domain.parameters import DatedValue, Parameter, Parameters


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: date
    # YAML reads 1.4 as a float; its text is the number the editor typed.
    value: Annotated[Decimal, BeforeValidator(str)]
    reference: str
    confidence: Literal["H", "M", "L", "C", "B"]
    verified_until: date | Literal["open"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    description: str
    values: list[_Value]


def load_parameters(folder: Path) -> Parameters:
    """Read every parameter that the law needs.

    Raises:
        ContentError: a file is missing, unknown or not of the form; it names file and field.
    """
    keys = [field.name for field in fields(Parameters)]
    unknown = sorted({path.stem for path in folder.glob("*.yaml")} - set(keys))
    if unknown:
        raise ContentError(f"{folder}: no rule uses {', '.join(unknown)}; remove or rename")
    return Parameters(**{key: _load(folder / f"{key}.yaml") for key in keys})


def _load(path: Path) -> Parameter:
    file = read_yaml(path, _File)
    days = [value.since for value in file.values]
    if not days or days != sorted(set(days)):
        raise ContentError(f"{path}: values must be ordered by `since`, each day once")
    for value in file.values:
        if value.verified_until != "open" and value.verified_until < value.since:
            raise ContentError(f"{path}: verified_until is before {value.since}, the first day")
    return Parameter(
        path.stem,
        tuple(
            DatedValue(
                v.since,
                v.value,
                v.reference,
                None if v.verified_until == "open" else v.verified_until,
            )
            for v in file.values
        ),
    )
