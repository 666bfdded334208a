"""Rows and files for the tests of the register; every number is of somebody born 2095-2099."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random

from bot.domain.iin import Iin
from bot.domain.person import Contributions, Person, Spell
from bot.registry.importing import import_csv
from bot.registry.keys import RegistryKey
from bot.registry.report import ImportReport
from bot.registry.rows import COLUMNS
from bot.registry.synthetic.iins import synthetic_iins

AS_OF = date(2026, 11, 21)
KEY = RegistryKey(b"a pepper for the tests, not for you")
IINS = [Iin(digits) for digits in islice(synthetic_iins(Random(7)), 400)]
PHONE = "+77000001234"
GOOD: Mapping[str, str] = {
    "iin": IINS[0].digits,
    "residence": "citizen",
    "region": "75",
    "clinic": "75-012",
    "phone": PHONE,
    "contributions": "2024-01=EEEEEEEEEEEE.EEEEEEEEEEEEEEEEEEEEE",
    "spells": "student:2020-09..2023-12 job:2024-01..",
    "level": "B",
    "pension_paid": "2026-10",
    "returned": "2025-01:wrong_details",
}


def row(iin: Iin = IINS[0], **columns: str) -> dict[str, str]:
    """Give a good row with some columns changed."""
    return {**GOOD, "iin": iin.digits, **columns}


def line(iin: Iin = IINS[0], **columns: str) -> str:
    """Give a good line of CSV with some columns changed."""
    return ",".join(row(iin, **columns).values())


def changed_line(columns: Mapping[str, str]) -> str:
    """Give a good line of CSV with some columns changed, perhaps the number."""
    cells = {**GOOD, **columns}.values()
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


def write_csv(path: Path, lines: Iterable[str]) -> Path:
    """Write a CSV of the register with these lines below its header."""
    path.write_text("\n".join([",".join(COLUMNS), *lines, ""]), encoding="utf-8")
    return path


def import_lines(
    home: Path, lines: Iterable[str], as_of: date = AS_OF, *, force: bool = False
) -> ImportReport:
    """Import these lines into the register of *home*."""
    path = write_csv(home / "register.csv", lines)
    return import_csv(path, as_of=as_of, home=home, key=KEY, force=force)


def import_people(home: Path, people: int = 100, as_of: date = AS_OF) -> ImportReport:
    """Import so many good rows into the register of *home*."""
    return import_lines(home, (line(iin) for iin in IINS[:people]), as_of)


def columns_of(person: Person) -> tuple[str, ...]:
    """Write the columns of a payload."""
    paid = person.contributions
    return (
        person.residence,
        person.region or "",
        person.clinic or "",
        "" if paid == Contributions() else f"{paid.first}={paid.letters}",
        " ".join(map(_spell_text, person.spells)),
        person.level or "",
        "" if person.pension_paid is None else str(person.pension_paid),
        " ".join(f"{item.month}:{item.problem}" for item in person.returned),
    )


def _spell_text(spell: Spell) -> str:
    last = "" if spell.last is None else spell.last
    return f"{spell.code}:{spell.first}..{last}"
