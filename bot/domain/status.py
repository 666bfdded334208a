"""The decision table: which status, on what basis, until when (domain rules §1.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.assessment import Basis, Operand, Status, StepCode, TraceStep
from bot.domain.coverage import UNEMPLOYED, Cover, Coverage, Run
from bot.domain.crisis_level import possible_from
from bot.domain.months import Month
from bot.domain.parameters import Parameter, Parameters
from bot.domain.person import (
    CATEGORIES,
    Person,
    Residence,
    Spell,
    SpellCode,
)

_OUTSIDE = frozenset({Residence.TEMPORARY_FOREIGNER, Residence.ASYLUM_SEEKER})
_SERVICE = frozenset({SpellCode.SERVICE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first row of the table that matched."""

    status: Status
    basis: Basis | None = None
    until: Month | None = None
    spell: SpellCode | None = None
    is_mixed: bool = False
    last_paid: Month | None = None
    grace_months: int | None = None


@dataclass(slots=True)
class Decision:
    """One pass through the table; every row looked at leaves a step in a trace, if there is one."""

    coverage: Coverage
    on: date
    parameters: Parameters
    trace: list[TraceStep] | None = None

    @property
    def person(self) -> Person:
        return self.coverage.person

    @property
    def month(self) -> Month:
        return self.coverage.month

    def decide(self) -> Verdict:
        return (
            self._outside()
            or self._state_paid()
            or self._unemployed()
            or self._run()
            or self._crisis_level()
            or self._grace()
            or Verdict(Status.UNINSURED)
        )

    def _outside(self) -> Verdict | None:
        residence = self.person.residence
        is_outside = residence in _OUTSIDE or (
            residence is Residence.EAEU_WORKER and self.person.contributions.is_empty
        )
        self._step(StepCode.RESIDENCE, not is_outside, "residents", {"residence": residence.value})
        return Verdict(Status.OUTSIDE) if is_outside else None

    def _state_paid(self) -> Verdict | None:
        if not self.coverage.is_state_paid(self.month):
            self._step(StepCode.CATEGORY, False, "categories")
            return None
        service = self.person.active(_SERVICE, self.month)
        spell = longest(service or self.person.active(CATEGORIES, self.month))
        reference = "exempt" if service else "categories"
        self._step(StepCode.CATEGORY, True, reference, {"spell": spell.code.value})
        basis = Basis.SERVICE if service else Basis.CATEGORY
        return Verdict(Status.INSURED, basis, spell.last, spell.code)

    def _unemployed(self) -> Verdict | None:
        holds = self.coverage.is_akimat_paid(self.month)
        self._step(StepCode.UNEMPLOYED, holds, "unemployed")
        if not holds:
            return None
        spell = longest(self.person.active(UNEMPLOYED, self.month))
        return Verdict(Status.INSURED, Basis.UNEMPLOYED, spell.last, spell.code)

    def _run(self) -> Verdict | None:
        needed = self._parameter(self.parameters.run_months)
        run = self.coverage.run(self.month, look_back=needed - 1)
        is_long_enough = run is not None and is_run_long_enough(run, needed)
        is_mixed = is_long_enough and is_mixed_run(self.coverage, needed)
        holds = is_long_enough and (not is_mixed or self.coverage.assumptions.mixed_run_counts)
        covered = needed - len(self.coverage.holes(self.month - needed + 1, self.month))
        self._step(
            StepCode.RUN,
            holds,
            "run",
            {"needed": needed, "covered": covered},
            self.parameters.run_months,
        )
        if not holds or run is None:
            return None
        until = run.last
        if until == self.month and self.coverage.relation_goes_on():
            until = None
        return Verdict(Status.INSURED, Basis.CONTRIBUTIONS, until, is_mixed=is_mixed)

    def _crisis_level(self) -> Verdict | None:
        level = self.person.level
        holds = (
            level is not None
            and level.is_crisis
            and possible_from(self.person, self.month, self.on, self.parameters) == self.month
        )
        self._step(
            StepCode.CRISIS_LEVEL,
            holds,
            "crisis_level",
            {"level": level.value if level else None},
            self.parameters.crisis_level_cover,
        )
        if not holds:
            return None
        return Verdict(Status.INSURED, Basis.CRISIS_LEVEL, Month.of(date(self.month.year, 12, 1)))

    def _grace(self) -> Verdict | None:
        longest_grace = max(
            self._parameter(self.parameters.grace_months),
            self._parameter(self.parameters.long_grace_months),
        )
        last_paid = find_last_paid(
            self.coverage, self._parameter(self.parameters.run_months), longest_grace
        )
        if last_paid is None:
            self._step(StepCode.GRACE, False, "grace")
            return None
        allowed, parameter = self._grace_after(last_paid)
        holds = self.month - last_paid <= allowed
        self._step(
            StepCode.GRACE,
            holds,
            "long_grace" if parameter is self.parameters.long_grace_months else "grace",
            {"last_paid": last_paid, "allowed": allowed, "until": last_paid.shift(allowed)},
            parameter,
        )
        if not holds:
            return None
        return Verdict(
            Status.CONDITIONAL,
            Basis.GRACE,
            last_paid.shift(allowed),
            last_paid=last_paid,
            grace_months=allowed,
        )

    def _grace_after(self, last_paid: Month) -> tuple[int, Parameter]:
        short, long = self.parameters.grace_months, self.parameters.long_grace_months
        needed = self._parameter(self.parameters.long_grace_paid_months)
        has_paid_long = self.coverage.are_paid(
            last_paid - needed + 1,
            last_paid,
            or_by_the_state=self.coverage.assumptions.state_months_count_towards_60,
        )
        parameter = (
            long if has_paid_long and self._parameter(long) > self._parameter(short) else short
        )
        return self._parameter(parameter), parameter

    def _parameter(self, parameter: Parameter) -> int:
        return int(parameter.at(self.on))

    def _step(
        self,
        code: StepCode,
        holds: bool,
        reference: str,
        operands: dict[str, Operand] | None = None,
        parameter: Parameter | None = None,
    ) -> None:
        if self.trace is None:
            return
        dated = (parameter.key, parameter.in_force(self.on).since) if parameter else None
        self.trace.append(TraceStep(code, holds, reference, operands or {}, dated))


def find_last_paid(coverage: Coverage, run_months: int, look_back: int) -> Month | None:
    """Find the nearest paid month that closed a long enough run within the last months.

    Months not due yet may follow it: they are no debt (A4), so they must not take the grace away
    from somebody whose last pay is still on its way. The grace counts from the month paid.
    """
    closing = coverage.paid_months(
        coverage.month - look_back,
        coverage.month - 1,
        or_by_the_state=coverage.assumptions.grace_after_category,
    )
    for month in reversed(closing):
        if not coverage.is_covered(_after_awaited(coverage, month)) and not coverage.holes(
            month - run_months + 1, month
        ):
            return month
    return None


def _after_awaited(coverage: Coverage, month: int) -> int:
    following = month + 1
    while coverage.cover(following) is Cover.AWAITED:
        following += 1
    return following


def is_run_long_enough(run: Run, needed: int) -> bool:
    return run.last is None or run.last - run.first + 1 >= needed


def is_mixed_run(coverage: Coverage, needed: int, paid: frozenset[int] = frozenset()) -> bool:
    """Tell whether neither the past months alone nor the future months alone are enough.

    Args:
        paid: months taken as paid besides the covered ones.
    """
    month = coverage.month
    past = (month - needed + 1, month)
    future = (month, month + needed - 1)
    return not any(paid.issuperset(coverage.holes(*ends)) for ends in (past, future))


def longest(spells: Iterable[Spell]) -> Spell:
    """Choose the spell that ends last; one that goes on beats all."""
    return max(spells, key=lambda spell: (spell.last is None, spell.last or 0))
