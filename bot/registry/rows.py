"""One row of CSV v1 into a person, strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.domain.iin import Iin, IinError, parse_iin
from bot.domain.months import Month
from bot.domain.person import (
    Contributions,
    Level,
    Person,
    Residence,
    Returned,
    ReturnProblem,
    Spell,
    SpellCode,
)
from bot.registry.keys import is_e164
from bot.registry.row_problems import RowError, RowProblem

COLUMNS = (
    "iin",
    "residence",
    "region",
    "clinic",
    "phone",
    "contributions",
    "spells",
    "level",
    "pension_paid",
    "returned",
)
_COLUMN_SET = frozenset(COLUMNS)
# Employers' deductions began in July 2017; people prepay twelve months, with some reserve.
_FIRST_CONTRIBUTION = Month.parse("2017-07")
_MONTHS_AHEAD = 36
_FIRST_PENSION = Month.parse("1998-01")
_FIRST_SPELL = Month.parse("1900-01")
_SPELL_MONTHS_AHEAD = 100 * 12
# The form only: regions are divided and renamed, and nobody should be lost because of that.
_REGION = re.compile(r"[0-9]{2}")
# Shorter than a phone or an IIN, so that neither can slip into the snapshot by a wrong column.
_CLINIC = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,7}")
_CONTRIBUTIONS = re.compile(r"([0-9]{4}-[0-9]{2})=(\S+)")
_LETTERS = re.compile(r"[.EISGPF]+")
_SPELL = re.compile(r"([a-z0-9_]+):([0-9]{4}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2})?")
_RESIDENCES = {residence.value: residence for residence in Residence}
_CODES = {code.value: code for code in SpellCode}
_LEVELS: dict[str, Level | None] = {"": None} | {level.value: level for level in Level}
_RETURN_PROBLEMS = {problem.value: problem for problem in ReturnProblem}


@dataclass(frozen=True, slots=True, repr=False)
class ParsedRow:
    """What one row says; ``repr`` shows nothing of it."""

    iin: Iin
    person: Person
    phone: str | None


def parse_row(row: Mapping[str, str], *, as_of: date) -> ParsedRow:
    """Read one row; *as_of* is the day of the extract and bounds the months in it.

    Raises:
        RowError: with the first reason found.
    """
    if row.keys() != _COLUMN_SET:
        raise RowError(RowProblem.WRONG_COLUMN_COUNT)
    now = Month.of(as_of)
    iin = _parse_iin(row["iin"])
    residence = _parse_residence(row["residence"])
    level = _parse_level(row["level"])
    phone = row["phone"] or None
    if phone is not None and not is_e164(phone):
        raise RowError(RowProblem.BAD_PHONE)
    person = Person(
        residence=residence,
        region=_parse_region(row["region"]),
        clinic=_parse_clinic(row["clinic"]),
        contributions=_parse_contributions(row["contributions"], now),
        spells=_parse_spells(row["spells"], now),
        level=level,
        pension_paid=_parse_pension(row["pension_paid"], now),
        returned=_parse_returned(row["returned"], now),
    )
    return ParsedRow(iin, person, phone)


def check_column(name: str, text: str, *, as_of: date) -> None:
    """Check one column other than the IIN and the phone, as :func:`parse_row` does.

    A row whose IIN, phone and other columns are all valid is valid.

    Raises:
        RowError: with the reason.
    """
    now = Month.of(as_of)
    match name:
        case "residence":
            _parse_residence(text)
        case "region":
            _parse_region(text)
        case "clinic":
            _parse_clinic(text)
        case "contributions":
            _parse_contributions(text, now)
        case "spells":
            _parse_spells(text, now)
        case "level":
            _parse_level(text)
        case "pension_paid":
            _parse_pension(text, now)
        case "returned":
            _parse_returned(text, now)
        case _:
            raise RowError(RowProblem.WRONG_COLUMN_COUNT)


def _parse_residence(text: str) -> Residence:
    residence = _RESIDENCES.get(text)
    if residence is None:
        raise RowError(RowProblem.UNKNOWN_RESIDENCE)
    return residence


def _parse_level(text: str) -> Level | None:
    if text not in _LEVELS:
        raise RowError(RowProblem.BAD_LEVEL)
    return _LEVELS[text]


def _parse_region(text: str) -> str | None:
    return _match(text, _REGION, RowProblem.BAD_REGION)


def _parse_clinic(text: str) -> str | None:
    return _match(text, _CLINIC, RowProblem.BAD_CLINIC)


def _parse_iin(text: str) -> Iin:
    try:
        return parse_iin(text)
    except IinError as error:
        raise RowError(RowProblem(f"iin_{error.problem}")) from None


def _match(text: str, form: re.Pattern[str], problem: RowProblem) -> str | None:
    if not text:
        return None
    if not form.fullmatch(text):
        raise RowError(problem)
    return text


def _parse_contributions(text: str, now: Month) -> Contributions:
    if not text:
        return Contributions()
    match = _CONTRIBUTIONS.fullmatch(text)
    if match is None:
        raise RowError(RowProblem.BAD_CONTRIBUTIONS)
    first = _month(match[1], RowProblem.BAD_CONTRIBUTIONS)
    letters = match[2]
    if not _LETTERS.fullmatch(letters):
        raise RowError(RowProblem.UNKNOWN_PAYER)
    if first < _FIRST_CONTRIBUTION or first + len(letters) - 1 > now + _MONTHS_AHEAD:
        raise RowError(RowProblem.CONTRIBUTION_MONTH_OUT_OF_RANGE)
    return Contributions(first, letters)


def _parse_spells(text: str, now: Month) -> tuple[Spell, ...]:
    if not text:
        return ()
    spells = tuple(map(_parse_spell, text.split(" ")))
    for spell in spells:
        last = spell.first if spell.last is None else spell.last
        if not _FIRST_SPELL <= spell.first <= now + _MONTHS_AHEAD:
            raise RowError(RowProblem.SPELL_MONTH_OUT_OF_RANGE)
        if last > now + _SPELL_MONTHS_AHEAD:
            raise RowError(RowProblem.SPELL_MONTH_OUT_OF_RANGE)
    if len(spells) > 1:
        _refuse_overlaps(spells)
    return spells


@lru_cache(maxsize=16384)
def _parse_spell(text: str) -> Spell:
    match = _SPELL.fullmatch(text)
    if match is None:
        raise RowError(RowProblem.BAD_SPELL)
    code = _CODES.get(match[1])
    if code is None:
        raise RowError(RowProblem.UNKNOWN_SPELL_CODE)
    first = _month(match[2], RowProblem.BAD_SPELL)
    last = _month(match[3], RowProblem.BAD_SPELL) if match[3] else None
    if last is not None and last < first:
        raise RowError(RowProblem.SPELL_ENDS_BEFORE_START)
    return Spell(code, first, last)


def _refuse_overlaps(spells: tuple[Spell, ...]) -> None:
    free_from: dict[SpellCode, int | None] = {}
    for spell in sorted(spells, key=lambda each: each.first):
        free = free_from.get(spell.code, 0)
        if free is None or spell.first < free:
            raise RowError(RowProblem.SPELLS_OVERLAP)
        free_from[spell.code] = None if spell.last is None else spell.last + 1


def _parse_pension(text: str, now: Month) -> Month | None:
    if not text:
        return None
    month = _month(text, RowProblem.BAD_PENSION_MONTH)
    if not _FIRST_PENSION <= month <= now:
        raise RowError(RowProblem.BAD_PENSION_MONTH)
    return month


def _parse_returned(text: str, now: Month) -> tuple[Returned, ...]:
    if not text:
        return ()
    returned = []
    for item in text.split(" "):
        month_text, _, problem_text = item.partition(":")
        month = _month(month_text, RowProblem.BAD_RETURNED)
        problem = _RETURN_PROBLEMS.get(problem_text)
        if problem is None or not _FIRST_CONTRIBUTION <= month <= now + _MONTHS_AHEAD:
            raise RowError(RowProblem.BAD_RETURNED)
        returned.append(Returned(month, problem))
    return tuple(returned)


def _month(text: str, problem: RowProblem) -> Month:
    try:
        return _known_month(text)
    except ValueError:
        raise RowError(problem) from None


_known_month = lru_cache(maxsize=4096)(Month.parse)
