"""What may change for a person: payments stop, months are paid, a registration, a job."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from bot.domain.amounts import payer_of
from bot.domain.assessment import Assessment, Basis, Status, WayCode
from bot.domain.coverage import Cover, Coverage
from bot.domain.months import Month, months_between
from bot.domain.person import PAYER_RELATIONS, Payer, Person, Residence, Spell, SpellCode

# The strip of an outlook: this month and the eleven after it.
MONTHS_AHEAD = 12
_COUNTS = (1, 2, 3, 6, 12)
# Payments look for months that nobody pays no further than this.
_SEARCHED_MONTHS = 48


class Change(StrEnum):
    """A single change; the values go into buttons, where the empty one is no change."""

    AS_NOW = ""
    STOP = "stop"
    PAY = "pay"
    PAY_GAPS = "gaps"
    UNEMPLOYED = "unemployed"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Supposition:
    """A change that is supposed to happen.

    Attributes:
        number: the last month paid for a stop, the first month of a job, the number of months to
            pay; 0 for the other changes.
    """

    change: Change = Change.AS_NOW
    number: int = 0


def numbers_of(change: Change, now: Month) -> tuple[int, ...]:
    """List what may be chosen for a change; nothing where there is nothing to choose."""
    match change:
        case Change.STOP:
            # A stop after the last month of the strip would show nothing.
            return tuple(range(now, now + MONTHS_AHEAD - 1))
        case Change.JOB:
            return tuple(range(now, now + MONTHS_AHEAD))
        case Change.PAY:
            return _COUNTS
        case _:
            return ()


def possible_changes(today: Assessment, coverage: Coverage) -> tuple[Change, ...]:
    """List the changes that make sense for the answer of today, no change first.

    Nothing for those outside the system and for the unknown.
    """
    if today.status in (Status.OUTSIDE, Status.UNKNOWN):
        return ()
    if today.status is Status.INSURED:
        if today.basis is Basis.CONTRIBUTIONS and payments_go_on(coverage):
            return (Change.AS_NOW, Change.STOP)
        if today.until is not None and today.until < coverage.month + MONTHS_AHEAD - 1:
            return (Change.AS_NOW, *_next_payers(today, coverage))
        return (Change.AS_NOW,)
    if coverage.relation_goes_on():
        return (Change.AS_NOW, Change.PAY_GAPS)
    return (Change.AS_NOW, Change.PAY_GAPS, *_next_payers(today, coverage))


def _next_payers(today: Assessment, coverage: Coverage) -> tuple[Change, ...]:
    can_register = (
        coverage.person.residence is not Residence.EAEU_WORKER
        if today.status is Status.INSURED
        else WayCode.UNEMPLOYED in {way.code for way in today.ways.free}
    )
    if can_register:
        return (Change.PAY, Change.UNEMPLOYED, Change.JOB)
    return (Change.PAY, Change.JOB)


def payments_go_on(coverage: Coverage) -> bool:
    """Tell whether somebody pays month by month, this month and the next."""
    return coverage.relation_goes_on() or pays_monthly(coverage)


def pays_monthly(coverage: Coverage) -> bool:
    """Tell whether the person pays as an independent payer, a month at a time.

    Months paid ahead are no such habit: nobody can say whether more will follow.
    """
    person, now = coverage.person, coverage.month
    if person.has(PAYER_RELATIONS, now):
        return False
    if coverage.cover(now) is Cover.AWAITED:
        return True
    payer = person.contributions.payer
    return (
        payer(now - 1) is Payer.INDEPENDENT
        and payer(now) is Payer.INDEPENDENT
        and not coverage.is_covered(now + 1)
    )


def apply_change(
    supposition: Supposition, coverage: Coverage, today: Assessment, needed: int
) -> Person:
    """Give the person after the change: payments made now, relations ended or begun.

    Args:
        today: the answer without the change; payments and a registration follow its cover.
        needed: the months in a row that the law asks for.
    """
    person, now = coverage.person, coverage.month
    covered_until = today.until if today.status is Status.INSURED else None
    start = now if covered_until is None else covered_until.shift(1)
    match supposition.change:
        case Change.STOP:
            return replace(person, spells=_ended(person.spells, Month(supposition.number)))
        case Change.PAY:
            return _paying(person, islice(_unpaid(coverage, start), supposition.number))
        case Change.PAY_GAPS:
            return _paying(person, coverage.holes(now - needed + 1, now))
        case Change.UNEMPLOYED:
            return _with_spell(person, SpellCode.UNEMPLOYED, start)
        case Change.JOB:
            return _with_spell(person, SpellCode.JOB, Month(supposition.number))
        case _:
            return person


def _ended(spells: Iterable[Spell], last: Month) -> tuple[Spell, ...]:
    """End the payer relations with *last*."""
    return tuple(
        replace(spell, last=last)
        if spell.code in PAYER_RELATIONS and spell.is_active(last + 1)
        else spell
        for spell in spells
        if spell.code not in PAYER_RELATIONS or spell.first <= last
    )


def _unpaid(coverage: Coverage, start: Month) -> Iterable[Month]:
    """Find the months from *start* on that nobody pays and no employer is about to pay."""
    for month in months_between(start, start + _SEARCHED_MONTHS):
        cover = coverage.cover(month)
        is_own = cover is Cover.AWAITED and not coverage.person.has(PAYER_RELATIONS, month)
        if cover is None or is_own:
            yield month


def _paying(person: Person, months: Iterable[Month]) -> Person:
    payments = {month: payer_of(person, month) for month in months}
    return replace(person, contributions=person.contributions.with_payments(payments))


def _with_spell(person: Person, code: SpellCode, first: Month) -> Person:
    return replace(person, spells=(*person.spells, Spell(code, first)))
