"""Why a person is not insured: only the conditions that failed, most useful first."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.domain.assessment import Reason, ReasonCode, Status
from bot.domain.coverage import STATE_PAID, Cover, Coverage
from bot.domain.crisis_level import possible_from
from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import (
    PAYER_RELATIONS,
    Payer,
    Residence,
    ReturnProblem,
    SpellCode,
)
from bot.domain.status import find_last_paid

_ENDINGS = {
    SpellCode.JOB: ReasonCode.JOB_LOST,
    SpellCode.PROPRIETOR: ReasonCode.IP_CLOSED_GAP,
    SpellCode.FARM: ReasonCode.IP_CLOSED_GAP,
    SpellCode.CHILD: ReasonCode.TURNED_18,
    SpellCode.STUDENT: ReasonCode.GRADUATED,
    SpellCode.PARENT_UNDER_3: ReasonCode.CHILD_3,
    SpellCode.MATERNITY_LEAVE: ReasonCode.LEAVE_ENDED,
    SpellCode.UNEMPLOYED: ReasonCode.UNEMPLOYED_REMOVED,
}
_UNPAID_RELATIONS = {
    SpellCode.JOB: ReasonCode.EMPLOYER_DEBT,
    SpellCode.PROPRIETOR: ReasonCode.IP_ACTIVE_DEBT,
    SpellCode.FARM: ReasonCode.IP_ACTIVE_DEBT,
    SpellCode.CONTRACT: ReasonCode.GPH_NOT_PAID,
    SpellCode.PLATFORM: ReasonCode.SELF_EMPLOYED_PLATFORM,
}
_RETURNS = {
    ReturnProblem.ONE_SUM: ReasonCode.ONE_SUM,
    ReturnProblem.WRONG_YEAR: ReasonCode.WRONG_YEAR,
    ReturnProblem.WRONG_DETAILS: ReasonCode.WRONG_DETAILS,
}
_ARRIVING = frozenset({Residence.PERMANENT_RESIDENT, Residence.KANDAS, Residence.REFUGEE})
_ORDER = {code: place for place, code in enumerate(ReasonCode)}
# An employer late by so few and so recent months may just be slow (domain rules §8).
_DELAY_MONTHS = 2
_RECENT_MONTHS = 3


def find_reasons(
    status: Status, coverage: Coverage, on: date, parameters: Parameters
) -> tuple[Reason, ...]:
    """List the reasons of the conditional and the uninsured, and of those outside the system."""
    if status is Status.OUTSIDE:
        return (Reason(ReasonCode.FOREIGN_TEMP),)
    if status not in (Status.CONDITIONAL, Status.UNINSURED):
        return ()
    needed = int(parameters.run_months.at(on))
    holes = coverage.holes(coverage.month - needed + 1, coverage.month)
    reasons = [
        *_payment_problems(coverage, needed),
        *_unpaid_relations(coverage, holes),
        *_endings(coverage, holes),
    ]
    if status is Status.UNINSURED:
        reasons += [
            *_arrival(coverage),
            *_grace_over(coverage, needed, holes),
            *_crisis_level(coverage, on, parameters),
        ]
    if len(holes) == needed:
        reasons.append(Reason(ReasonCode.NO_PAY_12M, holes))
    elif not any(set(holes) <= set(reason.months) for reason in reasons):
        reasons.append(Reason(ReasonCode.GAP, holes))
    return tuple(sorted(reasons, key=_by_use))


def find_claims(
    status: Status, coverage: Coverage, reasons: Sequence[Reason]
) -> tuple[ReasonCode, ...]:
    """List what the register cannot show and only the person knows, to be asked and not stated."""
    if status is not Status.UNINSURED:
        return ()
    if coverage.person.residence is Residence.EAEU_WORKER:
        return (ReasonCode.NAME_CHANGED,)
    claims = [ReasonCode.CATEGORY_DATA_MISSING, ReasonCode.NAME_CHANGED]
    if not coverage.relation_goes_on():
        claims = [ReasonCode.STUDENT_NOT_IN_DB, ReasonCode.PREGNANT_NOT_REGISTERED, *claims]
    if any(reason.code is ReasonCode.NO_PAY_12M for reason in reasons):
        claims.append(ReasonCode.ARRIVED)
    stated = {reason.code for reason in reasons}
    return tuple(claim for claim in claims if claim not in stated)


def _payment_problems(coverage: Coverage, needed: int) -> Iterator[Reason]:
    month = coverage.month
    if not coverage.is_covered(month) and coverage.cover(month + 1) is Cover.PAID:
        end = coverage.run_end(month + 1)
        if end is None or end - month >= needed:
            yield Reason(ReasonCode.PREPAID_NEXT_MONTH, since=month.shift(1))
    returned = _returned(coverage, needed)
    yield from returned
    rest = _only_rest_of_year(coverage, needed)
    if rest and rest.code not in {reason.code for reason in returned}:
        yield rest


def _returned(coverage: Coverage, needed: int) -> list[Reason]:
    """List payments that came back and were not repeated, one reason a problem."""
    months: dict[ReasonCode, list[Month]] = {}
    for returned in coverage.person.returned:
        # One sum for several months counts as one month, so its own month is covered.
        is_mended = (
            coverage.is_covered(returned.month) and returned.problem is not ReturnProblem.ONE_SUM
        )
        if returned.month > coverage.month - needed and not is_mended:
            months.setdefault(_RETURNS[returned.problem], []).append(returned.month)
    return [Reason(code, tuple(sorted(found)), min(found)) for code, found in months.items()]


def _only_rest_of_year(coverage: Coverage, needed: int) -> Reason | None:
    """Notice somebody who prepaid to December and not for twelve months."""
    run = coverage.run(coverage.month, look_back=needed)
    if run is None or run.last is None or run.last == coverage.month or run.last.number != 12:
        return None
    payers = {coverage.person.contributions.payer(k) for k in range(run.first, run.last + 1)}
    if run.last - run.first + 1 >= needed or payers != {Payer.INDEPENDENT}:
        return None
    return Reason(ReasonCode.WRONG_YEAR, since=run.last)


def _unpaid_relations(coverage: Coverage, holes: Sequence[Month]) -> Iterator[Reason]:
    month = coverage.month
    for spell in coverage.person.spells:
        if spell.code not in _UNPAID_RELATIONS:
            continue
        unpaid = tuple(hole for hole in holes if spell.is_active(hole))
        if unpaid:
            code = _UNPAID_RELATIONS[spell.code]
            is_recent = len(unpaid) <= _DELAY_MONTHS and unpaid[0] >= month - _RECENT_MONTHS
            if code is ReasonCode.EMPLOYER_DEBT and is_recent and spell.is_active(month):
                code = ReasonCode.EMPLOYER_DELAY
            yield Reason(code, unpaid, spell.first, spell.code)
            continue
        if spell.code is SpellCode.JOB and spell.is_active(month) and spell.is_active(month + 1):
            before = tuple(hole for hole in holes if hole < spell.first)
            if before:
                yield Reason(ReasonCode.JUST_HIRED_DEBT, before, spell.first, spell.code)


def _endings(coverage: Coverage, holes: Sequence[Month]) -> list[Reason]:
    """List spells whose end left a hole, the latest first."""
    reasons = []
    for spell in coverage.person.spells:
        if spell.last is None or spell.last + 1 not in holes:
            continue
        # Another job or business goes on: the end of this one explains nothing.
        if spell.code in PAYER_RELATIONS and coverage.relation_goes_on():
            continue
        code = _ENDINGS.get(spell.code)
        if code is None and spell.code in STATE_PAID:
            # Which one it was is for the owner; that it ended may be an error of the data.
            code = ReasonCode.CATEGORY_DATA_MISSING
        if code is not None:
            reasons.append(Reason(code, since=spell.last, spell=spell.code))
    return sorted(reasons, key=lambda reason: -(reason.since or 0))


def _arrival(coverage: Coverage) -> Iterator[Reason]:
    person = coverage.person
    if person.residence in _ARRIVING and person.contributions.is_empty and not person.spells:
        yield Reason(ReasonCode.ARRIVED)


def _grace_over(coverage: Coverage, needed: int, holes: Sequence[Month]) -> Iterator[Reason]:
    last_paid = find_last_paid(coverage, needed, look_back=needed)
    if last_paid is not None and not coverage.paid_months(
        last_paid + 1, coverage.month, or_by_the_state=False
    ):
        yield Reason(ReasonCode.GRACE_OVER, tuple(h for h in holes if h > last_paid), last_paid)


def _crisis_level(coverage: Coverage, on: date, parameters: Parameters) -> Iterator[Reason]:
    person, month = coverage.person, coverage.month
    if person.residence is Residence.EAEU_WORKER:
        return
    if person.level is None and possible_from(person, month, on, parameters) == month:
        yield Reason(ReasonCode.DE_NOT_CONFIRMED)


def _by_use(reason: Reason) -> tuple[int, int]:
    """Order by the table of codes; things that ended come before it by how lately they did."""
    return _ORDER[reason.code], -(reason.since or 0)
