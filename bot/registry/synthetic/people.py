"""Blocks of made-up people: each can be made by itself, in any process."""

from datetime import date
from random import Random
from typing import NamedTuple

from bot.registry.synthetic.defects import Defect, spoil_rows
from bot.registry.synthetic.draw import Draw
from bot.registry.synthetic.iins import Numbers
from bot.registry.synthetic.places import place_at
from bot.registry.synthetic.profiles import PROFILES

BLOCK_ROWS = 10_000
_WITH_PHONE = 0.85
# No operator has this range; from the 10,001st person on the numbers are also too long to dial.
_PHONE_PREFIX = "+7700000"


class Recipe(NamedTuple):
    """What decides every byte of a made-up register.

    Attributes:
        seed: chooses the population.
        as_of: the day of the extract.
        defects: the share (0-1) of rows that get a defect; the other rows stay as they are.
    """

    seed: int
    as_of: date
    defects: float = 0.0


class Block(NamedTuple):
    """Some rows one after the other; the header is line 1 of the file.

    Attributes:
        rows: how many.
        text: their lines, each with its line end.
        defects: what is wrong with which line, by line.
    """

    rows: int
    text: bytes
    defects: list[Defect]


def make_block(recipe: Recipe, number: int, iins: Numbers) -> Block:
    """Make the rows of the block *number*, counted from 0, one for each IIN."""
    lines = make_lines(recipe, number, iins)
    defects: list[Defect] = []
    if recipe.defects:
        random = Random(f"{recipe.seed} {number} defects")  # noqa: S311 - as below
        defects = spoil_rows(lines, number * BLOCK_ROWS + 2, recipe.defects, random)
    lines.append("")
    # What is no UTF-8 stands in a line as surrogates.
    return Block(len(iins), "\n".join(lines).encode("utf-8", "surrogateescape"), defects)


def make_lines(recipe: Recipe, number: int, iins: Numbers) -> list[str]:
    """Make rows of CSV v1 without a defect and without line ends."""
    source = Random(f"{recipe.seed} {number}")  # noqa: S311 - made-up people, not secrets
    draw = Draw(source, recipe.as_of)
    random = draw.random
    lines = []
    for index, iin in enumerate(iins.tolist(), number * BLOCK_ROWS):
        residence, paid, spells, level, pension, returned = PROFILES[int(random() * 1000)](draw)
        phone = _PHONE_PREFIX + str(index).zfill(4) if random() < _WITH_PHONE else ""
        lines.append(
            f"{iin},{residence},{place_at(random())},{phone},{paid},{spells},{level},{pension},"
            f"{returned}"
        )
    return lines
