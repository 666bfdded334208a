"""The people whom answers without an IIN may describe: the extremes of what stays open."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from bot.domain.months import Month
from bot.domain.parameters import Parameters
from bot.domain.person import Contributions, Level, Payer, Person, Residence, Spell, SpellCode
from bot.domain.screener import Answers, Choice, is_paid_by_state_without_work

_RESIDENCES = {
    Choice.CITIZEN: Residence.CITIZEN,
    Choice.PERMIT_OR_REFUGEE: Residence.PERMANENT_RESIDENT,
    Choice.KANDAS: Residence.KANDAS,
    Choice.EAEU_WORKER: Residence.EAEU_WORKER,
    Choice.FOREIGNER: Residence.TEMPORARY_FOREIGNER,
    Choice.ASYLUM_SEEKER: Residence.ASYLUM_SEEKER,
}
_CATEGORIES = {
    Choice.UNDER_18: SpellCode.CHILD,
    Choice.PENSION: SpellCode.PENSIONER,
    Choice.DISABILITY: SpellCode.DISABILITY,
    Choice.FULL_TIME_STUDENT: SpellCode.STUDENT,
    Choice.LEAVE: SpellCode.MATERNITY_LEAVE,
    Choice.AWARDED_MOTHER: SpellCode.MANY_CHILDREN_MOTHER,
    Choice.SERVICE: SpellCode.SERVICE,
    Choice.UNEMPLOYED: SpellCode.UNEMPLOYED,
}
_CATEGORIES_WITHOUT_WORK = {
    Choice.KANDAS: SpellCode.KANDAS,
    Choice.CHILD_UNDER_3: SpellCode.PARENT_UNDER_3,
    Choice.CARE: SpellCode.CARER_DISABLED_CHILD,
}
_RELATIONS = {
    Choice.EMPLOYEE: (Payer.EMPLOYER, SpellCode.JOB),
    Choice.CONTRACT: (Payer.CONTRACT, SpellCode.CONTRACT),
    Choice.PLATFORM: (Payer.PLATFORM, SpellCode.PLATFORM),
    Choice.BUSINESS_ACTIVE: (Payer.PROPRIETOR, SpellCode.PROPRIETOR),
    Choice.FARM_HEAD: (Payer.FARM, SpellCode.FARM),
}


@dataclass(frozen=True, slots=True)
class _Past:
    """Who was due to pay, what was paid, and the last month with pension money."""

    spells: tuple[Spell, ...] = ()
    contributions: Contributions = field(default_factory=Contributions)
    pension_paid: Month | None = None


def possible_people(answers: Answers, on: date, parameters: Parameters) -> list[Person]:
    """Build the people among whom are the best and the worst insured one these answers allow."""
    lives = _Lives(answers, on, parameters)
    return [
        replace(person, residence=_residence(answers), level=level)
        for has_business in lives.businesses()
        for person in lives.people(has_business=has_business)
        for level in _levels(answers)
    ]


class _Lives:
    def __init__(self, answers: Answers, on: date, parameters: Parameters) -> None:
        self._answers = answers
        self._month = Month.of(on)
        self._run = int(parameters.run_months.at(on))
        self._long_run = int(parameters.long_grace_paid_months.at(on))
        self._grace = int(parameters.grace_months.at(on))
        self._long_grace = int(parameters.long_grace_months.at(on))

    def businesses(self) -> tuple[bool, ...]:
        """Say whether a business nobody asked for may be active besides everything else."""
        return (False, True) if Choice.BUSINESS_UNKNOWN in self._answers else (False,)

    def people(self, *, has_business: bool) -> Iterator[Person]:
        long_ago = self._month.shift(-self._long_run)
        business = (Spell(SpellCode.PROPRIETOR, long_ago),) if has_business else ()
        named = self._categories(has_business=has_business)
        for categories, past in product(named, self._pasts()):
            yield Person(
                spells=(*categories, *past.spells, *business),
                contributions=past.contributions,
                pension_paid=past.pension_paid,
            )

    def _categories(self, *, has_business: bool) -> list[tuple[Spell, ...]]:
        """Give the categories that apply; a pregnancy may not be registered yet."""
        is_without_work = is_paid_by_state_without_work(self._answers) and not has_business
        codes = [code for choice, code in _CATEGORIES.items() if choice in self._answers]
        if is_without_work:
            for choice, code in _CATEGORIES_WITHOUT_WORK.items():
                if choice in self._answers:
                    codes.append(code)
        if Choice.SOCIAL_ASSISTANCE in self._answers and not has_business:
            codes.append(SpellCode.SOCIAL_ASSISTANCE)
        spells = tuple(Spell(code, self._month) for code in codes)
        if Choice.PREGNANT in self._answers and is_without_work:
            return [spells, (*spells, Spell(SpellCode.PREGNANT, self._month))]
        return [spells]

    def _pasts(self) -> list[_Past]:
        for choice, (payer, relation) in _RELATIONS.items():
            if choice in self._answers:
                return self._going_on(payer, relation)
        if Choice.SELF_PAYER in self._answers:
            return self._going_on(Payer.INDEPENDENT, None)
        return self._ended()

    def _going_on(self, payer: Payer, relation: SpellCode | None) -> list[_Past]:
        """Give the pasts of somebody for whom this payer is due to pay now."""
        month, first_of_run = self._month, self._month.shift(-self._run)
        always = (first_of_run, month.shift(-1))
        paid: list[tuple[Month, Month] | None] = [always, None]
        if Choice.PAID_ALL in self._answers:
            paid = [always]
        elif Choice.PAID_NONE in self._answers:
            paid = [None]
        elif Choice.PAID_SOME in self._answers:
            # At best only the oldest month is missing, at worst all but the oldest.
            paid = [(first_of_run.shift(1), month.shift(-1)), (first_of_run, first_of_run)]
        started = month if Choice.STARTED_LATELY in self._answers else month.shift(-self._long_run)
        spells = (Spell(relation, started),) if relation is not None else ()
        return [_Past(spells, _paid(payer, months)) for months in paid]

    def _ended(self) -> list[_Past]:
        """Give the pasts of somebody whose last job or business ended, if there was one."""
        is_business = Choice.BUSINESS_CLOSED in self._answers
        payer, relation = _RELATIONS[Choice.BUSINESS_ACTIVE if is_business else Choice.EMPLOYEE]
        pasts = []
        for last, length in product(self._ends(), self._lengths()):
            if last is None:
                pasts.append(_Past())
                continue
            spell = Spell(relation, last.shift(-self._long_run), last)
            months = (last.shift(1 - length), last) if length else None
            pasts.append(_Past((spell,), _paid(payer, months), pension_paid=last))
        return pasts

    def _ends(self) -> list[Month | None]:
        month, answers = self._month, self._answers
        if Choice.ENDED_THIS_MONTH in answers:
            return [month]
        if Choice.ENDED_IN_GRACE in answers:
            return [month.shift(-1), month.shift(-self._grace)]
        if Choice.ENDED_IN_LONG_GRACE in answers:
            return [month.shift(-self._grace - 1), month.shift(-self._long_grace)]
        if Choice.ENDED_UNKNOWN in answers:
            return [None, month.shift(-1), month]
        if Choice.BUSINESS_CLOSED in answers:
            return [None, month.shift(-self._long_grace - 1)]
        return [None]

    def _lengths(self) -> list[int]:
        """Give how many months in a row may have been paid before the end."""
        if Choice.RUN_OF_LONG_GRACE in self._answers:
            return [self._long_run]
        if Choice.RUN_OF_A_YEAR in self._answers:
            return [self._run]
        if self._answers & {Choice.RUN_UNKNOWN, Choice.ENDED_UNKNOWN}:
            return [0, self._long_run]
        return [0]


def _residence(answers: Answers) -> Residence:
    return next(residence for choice, residence in _RESIDENCES.items() if choice in answers)


def _levels(answers: Answers) -> tuple[Level | None, ...]:
    if Choice.CRISIS_LEVEL in answers:
        return (Level.D,)
    if Choice.LEVEL_UNKNOWN in answers:
        return (None, Level.D)
    return (Level.C,) if Choice.NO_LEVEL in answers else (None,)


def _paid(payer: Payer, months: tuple[Month, Month] | None) -> Contributions:
    if months is None:
        return Contributions()
    first, last = months
    return Contributions(first, payer.value * (last - first + 1))
