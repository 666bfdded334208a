"""Made-up people who are in grace, uninsured or outside of the insurance."""

from bot.domain.months import Month
from bot.domain.person import (
    Contributions,
    Payer,
    Person,
    Residence,
    Returned,
    ReturnProblem,
    Spell,
    SpellCode,
)
from bot.registry.synthetic.draw import Draw, during, paid, since, without
from bot.registry.synthetic.insured import RELATIONS


def lost_job(draw: Draw) -> Person:
    """In grace: dismissed one to three months ago after more than a year."""
    return _stopped(draw, draw.back(20, 55), draw.now.shift(-draw.number(1, 3)))


def lost_job_after_60_months(draw: Draw) -> Person:
    """In the longer grace: dismissed four to six months ago after five years and more."""
    return _stopped(draw, draw.back(72, 112), draw.now.shift(-draw.number(4, 6)))


def never_paid(draw: Draw) -> Person:
    residence = Residence.PERMANENT_RESIDENT if draw.chance(0.04) else Residence.CITIZEN
    return Person(residence=residence, level=draw.calm_level())


def stopped_long_ago(draw: Draw) -> Person:
    return _stopped(draw, draw.back(30, 80), draw.now.shift(-draw.number(13, 28)))


def grew_out_of_category(draw: Draw) -> Person:
    """Came of age, finished a study, or left a leave, and nobody has paid since."""
    code = draw.one_of(_ENDING)
    ended = draw.now.shift(-draw.number(1, 30))
    months = 215 if code is SpellCode.CHILD else draw.number(6, 45)
    return Person(
        spells=(Spell(code, ended.shift(-months), ended),),
        level=draw.calm_level(),
    )


def employer_skipped_months(draw: Draw) -> Person:
    """Still employed; the employer left out some months that are past due."""
    hired = draw.back(13, 58)
    holes = _holes(draw, draw.number(1, 5))
    return _owed(draw, Payer.EMPLOYER, without(_paid_by(draw, Payer.EMPLOYER, hired), holes))


def employer_stopped(draw: Draw) -> Person:
    """Still employed; the employer has not paid for four months and more."""
    hired = draw.back(18, 58)
    return _owed(draw, Payer.EMPLOYER, paid(Payer.EMPLOYER, hired, draw.now - draw.number(4, 12)))


def just_hired(draw: Draw) -> Person:
    """Employed for less than a year, with nothing before."""
    hired = draw.now.shift(-draw.number(2, 10))
    return _owed(draw, Payer.EMPLOYER, paid(Payer.EMPLOYER, hired, draw.paid_through()))


def owing_on_their_own(draw: Draw) -> Person:
    """A sole proprietor, contractor, platform or farm with months unpaid."""
    payer = draw.one_of(_OWING)
    began = draw.back(13, 48)
    if payer is Payer.PLATFORM:
        began = max(began, Month.parse("2026-01"))
    through = draw.now - draw.number(4, 20)
    return _owed(draw, payer, paid(payer, began, through), began)


def independent_with_gaps(draw: Draw) -> Person:
    history = paid(Payer.INDEPENDENT, draw.back(10, 30), draw.due)
    return Person(
        contributions=without(history, _holes(draw, draw.number(1, 4))), level=draw.calm_level()
    )


def paid_wrongly(draw: Draw) -> Person:
    """A year paid as one sum, for another year, or with wrong details, and returned."""
    problem = draw.one_of(tuple(ReturnProblem))
    month = draw.back(0, 5)
    last = month + 2 if problem is ReturnProblem.WRONG_YEAR else month
    kept = problem is not ReturnProblem.WRONG_DETAILS
    return Person(
        contributions=paid(Payer.INDEPENDENT, month, last) if kept else Contributions(),
        level=draw.calm_level(),
        returned=(Returned(month, problem),),
    )


def foreigner_outside(draw: Draw) -> Person:
    return Person(residence=draw.one_of(_OUTSIDE))


def _stopped(draw: Draw, hired: Month, last: Month) -> Person:
    return Person(
        contributions=paid(Payer.EMPLOYER, hired, last),
        spells=during(SpellCode.JOB, hired, last),
        level=draw.calm_level(),
        pension_paid=last,
    )


def _paid_by(draw: Draw, payer: Payer, began: Month) -> Contributions:
    return paid(payer, began, draw.paid_through())


def _owed(
    draw: Draw, payer: Payer, contributions: Contributions, began: Month | None = None
) -> Person:
    first = contributions.first if began is None else began
    last_paid = contributions.first + len(contributions.letters.rstrip(".")) - 1
    return Person(
        contributions=contributions,
        spells=since(RELATIONS[payer], first),
        level=draw.level(),
        pension_paid=None if contributions.is_empty else Month(last_paid),
    )


def _holes(draw: Draw, count: int) -> list[int]:
    """Draw months of the last year, the latest of which is too early for any grace."""
    return [draw.now - draw.number(5, 11), *(draw.due - draw.number(1, 9) for _ in range(count))]


_ENDING = (
    SpellCode.CHILD,
    SpellCode.STUDENT,
    SpellCode.PARENT_UNDER_3,
    SpellCode.UNEMPLOYED,
    SpellCode.SOCIAL_ASSISTANCE,
)
_OWING = (
    *[Payer.PROPRIETOR] * 6,
    *[Payer.CONTRACT] * 2,
    Payer.PLATFORM,
    Payer.FARM,
)
_OUTSIDE = (
    *[Residence.TEMPORARY_FOREIGNER] * 6,
    *[Residence.EAEU_WORKER] * 3,
    Residence.ASYLUM_SEEKER,
)
