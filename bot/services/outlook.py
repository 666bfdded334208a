"""The next twelve months of an answer, as far as the asker may see them."""

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.assessment import PAID_BY_OTHERS, Assessment, Status
from bot.domain.assumptions import ASSUMED
from bot.domain.changes import Change, Supposition, numbers_of, possible_changes
from bot.domain.coverage import Coverage
from bot.domain.months import Month
from bot.domain.outlook import MonthAhead, look_ahead
from bot.domain.parameters import Parameters
from bot.domain.person import PAYER_RELATIONS, Contributions, Person, Residence, Spell, SpellCode


@dataclass(frozen=True, slots=True)
class LongGrace:
    """The longer right after payments stop: so many months, after so many paid in a row."""

    months: int
    paid_months: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A supposed change and what comes of it.

    Attributes:
        months: twelve, this month first.
        changes: what else makes sense for this answer, no change first.
        numbers: what may be chosen for this change: months, or counts of months.
        pay_by: the day by which the first month after the cover must be paid to lose nothing; None
            where the cover does not end in these months.
        long_grace: may apply, but the asker must not learn whether it does.
    """

    supposition: Supposition
    months: tuple[MonthAhead, ...]
    changes: tuple[Change, ...]
    numbers: tuple[int, ...]
    pay_by: date | None = None
    long_grace: LongGrace | None = None

    @property
    def lost(self) -> Month | None:
        """The first month in which a cover that was there is not full any more."""
        for before, after in zip(self.months, self.months[1:], strict=False):
            if before.status is Status.INSURED and after.status is not Status.INSURED:
                return after.month
        return None


def find_outlook(
    person: Person,
    today: Assessment,
    on: date,
    parameters: Parameters,
    wish: Supposition,
    *,
    is_owner: bool,
) -> Outlook | None:
    """Look twelve months ahead; None where the change makes no sense for the answer of today.

    Args:
        today: the answer as the asker sees it.
        wish: the change with its number, 0 for the usual one.
    """
    rules = parameters.assumed_unchanged()
    due_day, now = int(rules.due_day.at(on)), Month.of(on)
    shown = person if is_owner else as_shown(person, today, now, int(rules.run_months.at(on)))
    changes = possible_changes(today, Coverage(shown, on, due_day, ASSUMED))
    if today.basis in PAID_BY_OTHERS and not is_owner:
        # What a payment would bring depends on who paid before, and tells it.
        changes = (Change.AS_NOW,)
    numbers = numbers_of(wish.change, now)
    supposition = (
        wish if wish.number else replace(wish, number=_usual_number(wish.change, today, now))
    )
    if wish.change not in changes or supposition.number not in (numbers or (0,)):
        return None
    months = look_ahead(shown, on, parameters, supposition)
    outlook = Outlook(supposition, months, changes, numbers)
    is_grace_hidden = not is_owner and today.status is not Status.CONDITIONAL
    return replace(
        outlook,
        pay_by=_pay_by(outlook.lost, today, due_day),
        long_grace=_long_grace(rules, on) if is_grace_hidden and _has_grace(months) else None,
    )


def _pay_by(lost: Month | None, today: Assessment, due_day: int) -> date | None:
    """Give the day by which the first month after the cover must be paid.

    After payments a month may be paid by its due day; after a category nobody is awaited to pay,
    so cover is missing from the first day.
    """
    if lost is None:
        return None
    if today.basis in PAID_BY_OTHERS:
        return lost.first_day
    return lost.shift(1).first_day.replace(day=due_day)


def as_shown(person: Person, today: Assessment, now: Month, needed: int) -> Person:
    """Reduce a person to what the answer of today tells anybody with the number.

    Somebody insured without own payments keeps nothing but the end of that cover. Of others stay
    the payments that decide today's status, and that somebody pays, but not until when; categories,
    registrations and the level do not look into the future.

    Args:
        needed: the months in a row that the law asks for.
    """
    if today.basis in PAID_BY_OTHERS:
        # Any category paid by the state serves: which one it is stays untold.
        return Person(spells=(Spell(SpellCode.SOCIAL_ASSISTANCE, now, today.until),))
    # A worker from the EAEU is in the system by any payment, also by one that is left out here.
    return Person(
        residence=Residence.CITIZEN,
        contributions=_decisive(person.contributions, today, now, needed),
        spells=tuple(
            _without_future(spell, now)
            for spell in person.spells
            if spell.first <= now + (spell.code in PAYER_RELATIONS)
        ),
    )


def _decisive(
    contributions: Contributions, today: Assessment, now: Month, needed: int
) -> Contributions:
    """Leave out what is too old for a run or a short grace; the conditional see their own grace."""
    if today.status is Status.CONDITIONAL:
        return contributions
    return contributions.since(now.shift(-2 * needed + 1))


def _without_future(spell: Spell, now: Month) -> Spell:
    if spell.code in PAYER_RELATIONS:
        return replace(spell, last=None) if spell.is_active(now + 1) else spell
    return replace(spell, last=min(spell.last or now, now))


def _usual_number(change: Change, today: Assessment, now: Month) -> int:
    """Choose a year of payments, a stop after this month, a job as soon as it is needed."""
    numbers = numbers_of(change, now)
    match change:
        case Change.PAY:
            return numbers[-1]
        case Change.JOB if today.status is Status.INSURED and today.until is not None:
            return today.until + 1
        case _:
            return numbers[0] if numbers else 0


def _has_grace(months: tuple[MonthAhead, ...]) -> bool:
    return any(month.status is Status.CONDITIONAL for month in months)


def _long_grace(rules: Parameters, on: date) -> LongGrace | None:
    long, short = int(rules.long_grace_months.at(on)), int(rules.grace_months.at(on))
    return LongGrace(long, int(rules.long_grace_paid_months.at(on))) if long > short else None
