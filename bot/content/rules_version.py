"""Which rules and figures give the answers: changes with every change of either."""

import hashlib
from pathlib import Path

import bot.domain

_DIGITS = 12


def rules_version(parameters: Path) -> str:
    """Name the rules in bot/domain together with the figures in a folder, by their contents."""
    digest = hashlib.blake2b(digest_size=_DIGITS // 2)
    rules = Path(bot.domain.__file__).parent
    for file in (*sorted(rules.glob("*.py")), *sorted(parameters.glob("*.yaml"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
