"""Finds numbers that nobody may see in what the bot wrote, sent or kept."""

import csv
import re

from bot.domain.iin import control_digit
from tests.conftest import SAMPLE_REGISTER

with SAMPLE_REGISTER.open(encoding="utf-8") as _file:
    IINS = tuple(row["iin"] for row in csv.DictReader(_file))
SECRETS = (*IINS, "991231500719", "991231501233", "77000000001", "77000000002", "77000000003")
_TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")


def found(text: str) -> list[str]:
    """Find the secrets in a text, also with separators between the digits."""
    bare = re.sub(r"(?<=\d)[\s\u00a0-](?=\d)", "", text)
    return [secret for secret in SECRETS if secret in text or secret in bare]


def iins_in(text: str) -> list[str]:
    """Find whatever could be an IIN: twelve digits of which the last is the right control digit."""
    return [
        number for number in _TWELVE.findall(text) if control_digit(number[:-1]) == int(number[-1])
    ]
